/*
 * A driver for tests of an index without files: it notes what it is asked for, and refuses what it is
 * told to.
 */
#ifndef TEST_INDEX_DRIVER_H
#define TEST_INDEX_DRIVER_H

#include "lib.h"

#include "array.h"
#include "index/index.h"
#include "index/transaction.h"
#include "index/view-sync.h"
#include "seq-range-array.h"
#include "tap.h"

struct test_driver {
    unsigned int commits, changes, loads;
    uint32_t refuse_uid; /* its change fails, the others are made */
    bool refuse_all;
    uint32_t load_count;
    struct mail_index *index;
};

static int test_driver_commit(struct mail_index_transaction *t, void *context)
{
    struct test_driver *driver = context;
    struct mail_index_change change;
    uint32_t seq = 0;

    driver->commits++;
    while (mail_index_transaction_next(t, &seq, &change)) {
        driver->changes++;
        if (driver->refuse_all || change.uid == driver->refuse_uid)
            mail_index_change_failed(t, seq);
    }
    return driver->refuse_all ? -1 : 0;
}

static void test_driver_load(void *context)
{
    struct test_driver *driver = context;
    struct mail_index_update *u = mail_index_update_begin(driver->index);

    driver->loads++;
    for (uint32_t uid = 1; uid <= driver->load_count; uid++)
        mail_index_update_append(u, uid, 0, 0);
    mail_index_update_end(&u);
}

static const struct mail_index_driver plain_driver = {.commit = test_driver_commit};
static const struct mail_index_driver lazy_driver = {.load = test_driver_load,
                                                     .commit = test_driver_commit};

/** Adds messages with these uids. */
static inline void test_add(struct mail_index *index, uint32_t first_uid, uint32_t last_uid)
{
    struct mail_index_update *u = mail_index_update_begin(index);

    for (uint32_t uid = first_uid; uid <= last_uid; uid++)
        mail_index_update_append(u, uid, 0, 0);
    mail_index_update_end(&u);
}

static inline void test_remove(struct mail_index *index, uint32_t first_uid, uint32_t last_uid)
{
    struct mail_index_update *u = mail_index_update_begin(index);

    for (uint32_t uid = first_uid; uid <= last_uid; uid++)
        mail_index_update_remove(u, uid);
    mail_index_update_end(&u);
}

static inline void test_flags(struct mail_index *index, uint32_t uid, enum mail_flags flags)
{
    struct mail_index_update *u = mail_index_update_begin(index);

    mail_index_update_set(u, uid, flags, 0);
    mail_index_update_end(&u);
}

/** Syncs a view and forgets what that tells. */
static inline bool test_sync(struct mail_index_view *view, enum mail_index_view_sync_flags flags)
{
    struct mail_index_view_sync_ctx *ctx = mail_index_view_sync_begin(view, flags);
    bool delayed;

    mail_index_view_sync_commit(&ctx, &delayed);
    return delayed;
}

static inline uint32_t uid_at(struct mail_index_view *view, uint32_t seq)
{
    uint32_t uid;

    mail_index_lookup_uid(view, seq, &uid);
    return uid;
}

#endif
