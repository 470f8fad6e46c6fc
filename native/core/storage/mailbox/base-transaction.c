/*
 * A mailbox's transaction as a transaction of its index. Flags and expunges are collected there; saved
 * mails are the driver's until its transaction_save_commit_pre has put them in place.
 */
#include "lib.h"

#include "array.h"
#include "attributes.h"
#include "base-transaction.h"
#include "seq-range-array.h"

static enum mail_index_transaction_flags index_flags(enum mailbox_transaction_flags flags)
{
    enum mail_index_transaction_flags result = 0;

    if ((flags & MAILBOX_TRANSACTION_FLAG_HIDE) != 0)
        result |= MAIL_INDEX_TRANSACTION_FLAG_HIDE;
    if ((flags & MAILBOX_TRANSACTION_FLAG_EXTERNAL) != 0)
        result |= MAIL_INDEX_TRANSACTION_FLAG_EXTERNAL;
    return result;
}

struct mailbox_transaction_context *
mailbox_base_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                               const char *reason)
{
    struct base_transaction *bt = i_new(struct base_transaction, 1);
    struct mailbox_transaction_context *t = &bt->t;

    t->box = box;
    t->flags = flags;
    t->reason = i_strdup(reason == NULL ? "" : reason);
    t->itrans = mail_index_transaction_begin(box->view, index_flags(flags));
    t->view = mail_index_transaction_open_updated_view(t->itrans);
    i_array_init(&t->module_contexts, 5);
    return t;
}

static void free_transaction(struct mailbox_transaction_context *t)
{
    struct base_transaction *bt = container_of(t, struct base_transaction, t);

    i_assert(t->mail_ref_count == 0);

    attribute_changes_free(&bt->attributes);
    array_free(&t->module_contexts);
    i_free(t->reason);
    i_free(bt);
}

static void begin_changes(struct mailbox_transaction_context *t,
                          struct mail_transaction_commit_changes *changes_r)
{
    changes_r->pool = pool_alloconly_create(MEMPOOL_GROWING "transaction changes", 512);
    p_array_init(&changes_r->saved_uids, changes_r->pool, I_MAX(t->save_count, 4));
    t->changes = changes_r;
}

/* -1: the driver has undone its saves, save_ctx is gone. */
static int commit_saves(struct mailbox_transaction_context *t)
{
    if (t->save_ctx == NULL)
        return 0;
    i_assert(!t->save_ctx->unfinished);
    mailbox_save_context_deinit(t->save_ctx);
    if (t->box->v.transaction_save_commit_pre(t->save_ctx) == 0)
        return 0;
    t->save_ctx = NULL;
    return -1;
}

static void end_saves(struct mailbox_transaction_context *t, int result,
                      struct mail_index_transaction_commit_result *index_result)
{
    if (t->save_ctx == NULL)
        return;
    if (result == 0)
        t->box->v.transaction_save_commit_post(t->save_ctx, index_result);
    else
        t->box->v.transaction_save_rollback(t->save_ctx);
    t->save_ctx = NULL;
}

static void rollback_index(struct mailbox_transaction_context *t)
{
    mail_index_view_close(&t->view);
    mail_index_transaction_rollback(&t->itrans);
}

static void rollback_saves(struct mailbox_transaction_context *t)
{
    if (t->save_ctx == NULL)
        return;
    mailbox_save_context_deinit(t->save_ctx);
    t->box->v.transaction_save_rollback(t->save_ctx);
    t->save_ctx = NULL;
}

static int commit_attributes(struct mailbox_transaction_context *t)
{
    struct base_transaction *bt = container_of(t, struct base_transaction, t);

    return bt->attributes == NULL ? 0 : attribute_changes_commit(t->box, bt->attributes);
}

static int commit(struct mailbox_transaction_context *t,
                  struct mail_index_transaction_commit_result *index_result)
{
    int result;

    if (commit_attributes(t) < 0) {
        rollback_saves(t);
        rollback_index(t);
        return -1;
    }
    if (commit_saves(t) < 0) {
        rollback_index(t);
        return -1;
    }
    mail_index_view_close(&t->view);
    result = mail_index_transaction_commit_full(&t->itrans, index_result);
    end_saves(t, result, index_result);
    return result;
}

int mailbox_base_transaction_commit(struct mailbox_transaction_context *t,
                                    struct mail_transaction_commit_changes *changes_r)
{
    struct base_transaction *bt = container_of(t, struct base_transaction, t);
    struct mail_index_transaction_commit_result index_result;
    int result;

    i_zero(&index_result);
    begin_changes(t, changes_r);
    result = commit(t, &index_result);
    if (result == 0) {
        changes_r->changes_mask = index_result.changes_mask;
        changes_r->ignored_modseq_changes += index_result.ignored_modseq_changes;
        if (bt->attributes != NULL)
            changes_r->changes_mask |= MAIL_INDEX_TRANSACTION_CHANGE_ATTRIBUTE;
    }
    free_transaction(t);
    return result;
}

void mailbox_base_transaction_rollback(struct mailbox_transaction_context *t)
{
    rollback_saves(t);
    rollback_index(t);
    free_transaction(t);
}
