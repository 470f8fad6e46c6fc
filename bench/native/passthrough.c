/*
 * A plugin pays for every method that it overrides: these override all that a driver has, which is
 * all but two.
 */
#include "passthrough.h"

#include <stdio.h>

#include <lib.h>

#include <mail-storage-private.h>

#include "host.h"

/* Every method: its type, name, parameters, the mailbox it is about, and what it is called with. */
#define EACH_SLOT(X)                                                                               \
    X(bool, is_readonly, (struct mailbox * box), box, (box))                                       \
    X(int, enable, (struct mailbox * box, enum mailbox_feature f), box, (box, f))                  \
    X(int, exists, (struct mailbox * box, bool a, enum mailbox_existence *e), box, (box, a, e))    \
    X(int, open, (struct mailbox * box), box, (box))                                               \
    X(void, close, (struct mailbox * box), box, (box))                                             \
    X(void, free, (struct mailbox * box), box, (box))                                              \
    X(int, create_box, (struct mailbox * box, const struct mailbox_update *u, bool d), box,        \
      (box, u, d))                                                                                 \
    X(int, update_box, (struct mailbox * box, const struct mailbox_update *u), box, (box, u))      \
    X(int, delete_box, (struct mailbox * box), box, (box))                                         \
    X(int, rename_box, (struct mailbox * box, struct mailbox * dest), box, (box, dest))            \
    X(int, get_status,                                                                             \
      (struct mailbox * box, enum mailbox_status_items i, struct mailbox_status * s), box,         \
      (box, i, s))                                                                                 \
    X(int, get_metadata,                                                                           \
      (struct mailbox * box, enum mailbox_metadata_items i, struct mailbox_metadata * m), box,     \
      (box, i, m))                                                                                 \
    X(int, set_subscribed, (struct mailbox * box, bool set), box, (box, set))                      \
    X(int, attribute_set,                                                                          \
      (struct mailbox_transaction_context * t, enum mail_attribute_type a, const char *k,          \
       const struct mail_attribute_value *v),                                                      \
      t->box, (t, a, k, v))                                                                        \
    X(int, attribute_get,                                                                          \
      (struct mailbox * box, enum mail_attribute_type a, const char *k,                            \
       struct mail_attribute_value *v),                                                            \
      box, (box, a, k, v))                                                                         \
    X(struct mailbox_attribute_iter *, attribute_iter_init,                                        \
      (struct mailbox * box, enum mail_attribute_type a, const char *p), box, (box, a, p))         \
    X(const char *, attribute_iter_next, (struct mailbox_attribute_iter * i), i->box, (i))         \
    X(int, attribute_iter_deinit, (struct mailbox_attribute_iter * i), i->box, (i))                \
    X(int, list_index_has_changed,                                                                 \
      (struct mailbox * box, struct mail_index_view * v, uint32_t s, bool q, const char **r), box, \
      (box, v, s, q, r))                                                                           \
    X(void, list_index_update_sync,                                                                \
      (struct mailbox * box, struct mail_index_transaction * t, uint32_t s), box, (box, t, s))     \
    X(struct mailbox_sync_context *, sync_init, (struct mailbox * box, enum mailbox_sync_flags f), \
      box, (box, f))                                                                               \
    X(bool, sync_next, (struct mailbox_sync_context * c, struct mailbox_sync_rec * r), c->box,     \
      (c, r))                                                                                      \
    X(int, sync_deinit, (struct mailbox_sync_context * c, struct mailbox_sync_status * s), c->box, \
      (c, s))                                                                                      \
    X(void, notify_changes, (struct mailbox * box), box, (box))                                    \
    X(struct mailbox_transaction_context *, transaction_begin,                                     \
      (struct mailbox * box, enum mailbox_transaction_flags f, const char *r), box, (box, f, r))   \
    X(int, transaction_commit,                                                                     \
      (struct mailbox_transaction_context * t, struct mail_transaction_commit_changes * c),        \
      t->box, (t, c))                                                                              \
    X(void, transaction_rollback, (struct mailbox_transaction_context * t), t->box, (t))           \
    X(struct mail *, mail_alloc,                                                                   \
      (struct mailbox_transaction_context * t, enum mail_fetch_field w,                            \
       struct mailbox_header_lookup_ctx * h),                                                      \
      t->box, (t, w, h))                                                                           \
    X(struct mail_search_context *, search_init,                                                   \
      (struct mailbox_transaction_context * t, struct mail_search_args * a,                        \
       const enum mail_sort_type *s, enum mail_fetch_field w,                                      \
       struct mailbox_header_lookup_ctx *h),                                                       \
      t->box, (t, a, s, w, h))                                                                     \
    X(int, search_deinit, (struct mail_search_context * c), c->transaction->box, (c))              \
    X(bool, search_next_nonblock, (struct mail_search_context * c, struct mail * *m, bool *a),     \
      c->transaction->box, (c, m, a))                                                              \
    X(bool, search_next_update_seq, (struct mail_search_context * c), c->transaction->box, (c))    \
    X(int, search_next_match_mail, (struct mail_search_context * c, struct mail * m),              \
      c->transaction->box, (c, m))                                                                 \
    X(struct mail_save_context *, save_alloc, (struct mailbox_transaction_context * t), t->box,    \
      (t))                                                                                         \
    X(int, save_begin, (struct mail_save_context * c, struct istream * i), c->transaction->box,    \
      (c, i))                                                                                      \
    X(int, save_continue, (struct mail_save_context * c), c->transaction->box, (c))                \
    X(int, save_finish, (struct mail_save_context * c), c->transaction->box, (c))                  \
    X(void, save_cancel, (struct mail_save_context * c), c->transaction->box, (c))                 \
    X(int, copy, (struct mail_save_context * c, struct mail * m), c->transaction->box, (c, m))     \
    X(int, transaction_save_commit_pre, (struct mail_save_context * c), c->transaction->box, (c))  \
    X(void, transaction_save_commit_post,                                                          \
      (struct mail_save_context * c, struct mail_index_transaction_commit_result * r),             \
      c->transaction->box, (c, r))                                                                 \
    X(void, transaction_save_rollback, (struct mail_save_context * c), c->transaction->box, (c))   \
    X(bool, is_inconsistent, (struct mailbox * box), box, (box))

#define NUMBER 00
#include "passthrough-one.h"
#define NUMBER 01
#include "passthrough-one.h"
#define NUMBER 02
#include "passthrough-one.h"
#define NUMBER 03
#include "passthrough-one.h"
#define NUMBER 04
#include "passthrough-one.h"
#define NUMBER 05
#include "passthrough-one.h"
#define NUMBER 06
#include "passthrough-one.h"
#define NUMBER 07
#include "passthrough-one.h"
#define NUMBER 08
#include "passthrough-one.h"
#define NUMBER 09
#include "passthrough-one.h"
#define NUMBER 10
#include "passthrough-one.h"
#define NUMBER 11
#include "passthrough-one.h"
#define NUMBER 12
#include "passthrough-one.h"
#define NUMBER 13
#include "passthrough-one.h"
#define NUMBER 14
#include "passthrough-one.h"
#define NUMBER 15
#include "passthrough-one.h"
#define NUMBER 16
#include "passthrough-one.h"
#define NUMBER 17
#include "passthrough-one.h"
#define NUMBER 18
#include "passthrough-one.h"
#define NUMBER 19
#include "passthrough-one.h"

#define PLUGIN(number)                                        \
    {                                                         \
        "passthrough" #number, init_##number, deinit_##number \
    }

static const struct {
    const char *name;
    void (*init)(struct module *module);
    void (*deinit)(void);
} plugins[PLUGINS] = {
    PLUGIN(00), PLUGIN(01), PLUGIN(02), PLUGIN(03), PLUGIN(04), PLUGIN(05), PLUGIN(06),
    PLUGIN(07), PLUGIN(08), PLUGIN(09), PLUGIN(10), PLUGIN(11), PLUGIN(12), PLUGIN(13),
    PLUGIN(14), PLUGIN(15), PLUGIN(16), PLUGIN(17), PLUGIN(18), PLUGIN(19),
};

void passthrough_plugins(struct vsmtp_out *request)
{
    char path[64], base[64];

    for (size_t i = 0; i < PLUGINS; i++) {
        (void)snprintf(path, sizeof path, "20_%s_plugin.so", plugins[i].name);
        (void)snprintf(base, sizeof base, "%s_plugin", plugins[i].name);
        request_plugin(request, path, base, plugins[i].init, plugins[i].deinit);
    }
}

const char *passthrough_names(void)
{
    static char names[PLUGINS * 16];

    names[0] = '\0';
    for (size_t i = 0; i < PLUGINS; i++)
        (void)snprintf(names + strlen(names), sizeof names - strlen(names), " %s", plugins[i].name);
    return names;
}
