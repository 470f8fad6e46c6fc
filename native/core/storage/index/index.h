/*
 * The driver's side of a mail_index: it makes one when it opens a mailbox, fills it from its files,
 * tells it what others have changed there, and makes true in the files what transactions ask for.
 */
#ifndef STORAGE_INDEX_H
#define STORAGE_INDEX_H

#include "lib.h"
#include "mail-index.h"

struct mail_index_update;

/** What a mailbox driver does for its index. */
struct mail_index_driver {
    /**
     * Somebody asks for messages and the driver has told none yet: fill the index. An error stays in the
     * storage, and the views stay empty. NULL: the index is filled before views are opened.
     */
    void (*load)(void *context);
    /**
     * A transaction is being committed. Changes the files as mail_index_transaction_next() tells, and
     * calls mail_index_change_failed() for what could not be done. -1: the commit fails, with the
     * error in the storage; the changes that were done stay done.
     */
    int (*commit)(struct mail_index_transaction *t, void *context);
};

/** An empty index. `driver` must outlive it. No view may be open when it is freed. */
struct mail_index *mail_index_alloc(const struct mail_index_driver *driver, void *context);
void mail_index_free(struct mail_index **index);

/** The state of now, without loading anything. */
const struct mail_index_header *mail_index_head(const struct mail_index *index);
/** Until the first update the index knows nothing: transactions that only save need not load it. */
bool mail_index_is_loaded(const struct mail_index *index);

/**
 * Changes that were found in the files, told in one go; views show them after their next sync.
 * Appended uids ascend and are above all others. Flags without MAIL_RECENT; keywords are bits by
 * index.
 */
struct mail_index_update *mail_index_update_begin(struct mail_index *index);
void mail_index_update_append(struct mail_index_update *u, uint32_t uid, enum mail_flags flags,
                              uint64_t keywords);
/** Sets exactly these; a message that has them already is left as it is. */
void mail_index_update_set(struct mail_index_update *u, uint32_t uid, enum mail_flags flags,
                           uint64_t keywords);
void mail_index_update_raise_modseq(struct mail_index_update *u, uint32_t uid, uint64_t min_modseq);
void mail_index_update_remove(struct mail_index_update *u, uint32_t uid);
/** Uids do not mean anymore what they meant: removes all messages; views become inconsistent. */
void mail_index_update_reset(struct mail_index_update *u, uint32_t uid_validity);
void mail_index_update_next_uid(struct mail_index_update *u, uint32_t next_uid);
void mail_index_update_first_recent_uid(struct mail_index_update *u, uint32_t first_recent_uid);
void mail_index_update_end(struct mail_index_update **u);

/** The state of a message of now; false when there is none. */
bool mail_index_head_lookup(const struct mail_index *index, uint32_t uid, uint8_t *flags_r,
                            uint64_t *keywords_r);

/** The view shows messages of another uidvalidity: it can only be closed. */
bool mail_index_view_is_inconsistent(struct mail_index_view *view);

#endif
