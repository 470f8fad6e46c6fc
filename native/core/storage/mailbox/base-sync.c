/*
 * Bringing a mailbox's view up to its index, and telling what that changes: first flags, then expunges
 * from the last one down, so that each sequence number is right when it is told.
 */
#include "lib.h"

#include "array.h"
#include "base.h"
#include "index/view-sync.h"
#include "search/search-results.h"

struct base_sync {
    struct mailbox_sync_context ctx;
    struct mail_index_view_sync_ctx *view_sync; /**< NULL: the driver could not look */
    uint32_t old_count;
    ARRAY_TYPE(seq_range) changed_uids;
    const ARRAY_TYPE(seq_range) * expunges;
    unsigned int expunges_left;
    bool failed;
};

static enum mail_index_view_sync_flags view_sync_flags(enum mailbox_sync_flags flags)
{
    return (flags & MAILBOX_SYNC_FLAG_NO_EXPUNGES) != 0 ? MAIL_INDEX_VIEW_SYNC_FLAG_NOEXPUNGES : 0;
}

/* Uids are asked for only when someone follows: that would load a mailbox that is only saved to. */
static void follow_expunges(struct base_sync *sync)
{
    struct mailbox *box = sync->ctx.box;
    ARRAY_TYPE(seq_range) uids;

    if (array_is_empty(sync->expunges) || array_count(&box->search_results) == 0)
        return;
    i_array_init(&uids, 8);
    mailbox_get_uid_range(box, sync->expunges, &uids);
    mailbox_search_results_sync_expunges(box, &uids);
    array_free(&uids);
}

struct mailbox_sync_context *mailbox_base_sync_init(struct mailbox *box,
                                                    enum mailbox_sync_flags flags, bool failed)
{
    struct base_sync *sync = i_new(struct base_sync, 1);

    sync->ctx.box = box;
    sync->ctx.flags = flags;
    sync->failed = failed;
    if (failed)
        return &sync->ctx;
    sync->view_sync = mail_index_view_sync_begin(box->view, view_sync_flags(flags));
    sync->old_count = mail_index_view_sync_old_count(sync->view_sync);
    sync->expunges = mail_index_view_sync_expunges(sync->view_sync);
    sync->expunges_left = array_count(sync->expunges);
    i_array_init(&sync->changed_uids, 8);
    follow_expunges(sync);
    return &sync->ctx;
}

static bool next_change(struct base_sync *sync, struct mailbox_sync_rec *sync_rec_r)
{
    struct mail_index_view_sync_rec rec;

    if (!mail_index_view_sync_next(sync->view_sync, &rec))
        return false;
    seq_range_array_add_range(&sync->changed_uids, rec.uid1, rec.uid2);
    sync_rec_r->seq1 = rec.seq1;
    sync_rec_r->seq2 = rec.seq2;
    /* Who made a hidden change knows of it, but not of the modseq it got. */
    sync_rec_r->type = rec.hidden || rec.type == MAIL_INDEX_VIEW_SYNC_TYPE_MODSEQ
                           ? MAILBOX_SYNC_TYPE_MODSEQ
                           : MAILBOX_SYNC_TYPE_FLAGS;
    return true;
}

static bool next_expunge(struct base_sync *sync, struct mailbox_sync_rec *sync_rec_r)
{
    const struct seq_range *range;

    if (sync->expunges_left == 0)
        return false;
    range = array_idx(sync->expunges, --sync->expunges_left);
    sync_rec_r->seq1 = range->seq1;
    sync_rec_r->seq2 = range->seq2;
    sync_rec_r->type = MAILBOX_SYNC_TYPE_EXPUNGE;
    return true;
}

bool mailbox_base_sync_next(struct mailbox_sync_context *ctx, struct mailbox_sync_rec *sync_rec_r)
{
    struct base_sync *sync = container_of(ctx, struct base_sync, ctx);

    if (sync->view_sync == NULL)
        return false;
    return next_change(sync, sync_rec_r) || next_expunge(sync, sync_rec_r);
}

/* Who stops early has not been told all; what depends on the changes must know them all the same. */
static void drain(struct base_sync *sync)
{
    struct mailbox_sync_rec rec;

    while (next_change(sync, &rec))
        ;
}

static void commit_view(struct base_sync *sync, struct mailbox_sync_status *status_r)
{
    struct mailbox *box = sync->ctx.box;
    uint32_t count, expunged = seq_range_count(sync->expunges);
    bool delayed;

    drain(sync);
    mail_index_view_sync_commit(&sync->view_sync, &delayed);
    status_r->sync_delayed_expunges = delayed;
    if (array_count(&box->search_results) > 0) {
        count = mail_index_view_get_messages_count(box->view);
        mailbox_search_results_sync_changes(
            box, &sync->changed_uids,
            count > sync->old_count - expunged ? sync->old_count - expunged + 1 : 0);
    }
    array_free(&sync->changed_uids);
}

int mailbox_base_sync_deinit(struct mailbox_sync_context *ctx, struct mailbox_sync_status *status_r)
{
    struct base_sync *sync = container_of(ctx, struct base_sync, ctx);
    int result = sync->failed ? -1 : 0;

    if (sync->view_sync != NULL)
        commit_view(sync, status_r);
    i_free(sync);
    return result;
}
