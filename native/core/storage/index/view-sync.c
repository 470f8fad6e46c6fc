/*
 * The difference between what a view shows and the head. Chunks that both maps share need no look.
 */
#include "index/view-sync.h"

#include "index/index-private.h"

struct mail_index_view_sync_ctx {
    struct mail_index_view *view;
    enum mail_index_view_sync_flags flags;
    struct index_map *head; /* what the view gets in the end */
    uint32_t old_count;

    ARRAY(struct mail_index_view_sync_rec) recs;
    unsigned int next_rec;
    ARRAY_TYPE(seq_range) expunges, expunges_told;
};

static void add_change(struct mail_index_view_sync_ctx *ctx, uint32_t seq,
                       const struct index_record *old, const struct index_record *now)
{
    struct mail_index_view_sync_rec rec, *last = NULL;
    bool same = old->rec.flags == now->rec.flags && old->keywords == now->keywords;

    i_zero(&rec);
    rec.seq1 = rec.seq2 = seq;
    rec.uid1 = rec.uid2 = now->rec.uid;
    rec.type = same ? MAIL_INDEX_VIEW_SYNC_TYPE_MODSEQ : MAIL_INDEX_VIEW_SYNC_TYPE_FLAGS;
    rec.hidden = view_is_hidden(ctx->view, now->rec.uid, now->modseq);
    if (array_not_empty(&ctx->recs))
        last = array_back_modifiable(&ctx->recs);
    if (last != NULL && last->seq2 + 1 == seq && last->type == rec.type &&
        last->hidden == rec.hidden) {
        last->seq2 = seq;
        last->uid2 = rec.uid2;
    } else {
        array_push_back(&ctx->recs, &rec);
    }
}

/* How many messages from both sequence numbers on are the same ones in the same memory. */
static uint32_t shared_from(const struct index_map *old, uint32_t old_seq,
                            const struct index_map *now, uint32_t now_seq)
{
    unsigned int chunk = (old_seq - 1) / INDEX_CHUNK_RECORDS;

    if (old_seq != now_seq || (old_seq - 1) % INDEX_CHUNK_RECORDS != 0 ||
        chunk >= now->chunk_count || old->chunks[chunk] != now->chunks[chunk])
        return 0;
    return I_MIN(INDEX_CHUNK_RECORDS, old->hdr.messages_count - (old_seq - 1));
}

static void find_changes(struct mail_index_view_sync_ctx *ctx, const struct index_map *old)
{
    const struct index_map *now = ctx->head;
    uint32_t now_seq = 1;

    for (uint32_t seq = 1; seq <= old->hdr.messages_count;) {
        uint32_t shared = shared_from(old, seq, now, now_seq);
        const struct index_record *was = index_map_at(old, seq), *is;

        if (shared > 0) {
            seq += shared;
            now_seq += shared;
            continue;
        }
        is = now_seq > now->hdr.messages_count ? NULL : index_map_at(now, now_seq);
        if (is == NULL || is->rec.uid != was->rec.uid) {
            seq_range_array_add(&ctx->expunges, seq++);
            continue;
        }
        if (is->modseq != was->modseq)
            add_change(ctx, seq, was, is);
        seq++;
        now_seq++;
    }
}

/* The head with the messages that are gone. */
static struct index_map *merge(const struct mail_index_view_sync_ctx *ctx, struct index_map *old)
{
    const struct mail_index_view_sync_rec *rec;
    struct index_map *map = index_map_copy(old);
    uint32_t count = old->hdr.messages_count, seq = 0;

    array_foreach(&ctx->recs, rec)
    {
        for (uint32_t changed = rec->seq1; changed <= rec->seq2; changed++) {
            if (index_map_find(ctx->head, index_map_at(old, changed)->rec.uid, &seq))
                index_map_replace(map, changed, index_map_at(ctx->head, seq));
        }
    }
    seq = count == 0 ? 1 : index_map_lower_bound(ctx->head, index_map_at(old, count)->rec.uid + 1);
    for (; seq <= ctx->head->hdr.messages_count; seq++)
        index_map_append(map, index_map_at(ctx->head, seq));
    map->hdr.next_uid = ctx->head->hdr.next_uid;
    map->hdr.first_recent_uid = ctx->head->hdr.first_recent_uid;
    map->highest_modseq = ctx->head->highest_modseq;
    return map;
}

static void set_map(struct mail_index_view *view, struct index_map *map)
{
    index_map_ref(map);
    index_map_unref(&view->map);
    view->map = map;
}

static void begin(struct mail_index_view_sync_ctx *ctx, struct index_map *old)
{
    struct index_map *merged;

    find_changes(ctx, old);
    if (array_is_empty(&ctx->expunges)) {
        set_map(ctx->view, ctx->head);
        return;
    }
    merged = merge(ctx, old);
    set_map(ctx->view, merged);
    index_map_unref(&merged);
}

struct mail_index_view_sync_ctx *mail_index_view_sync_begin(struct mail_index_view *view,
                                                            enum mail_index_view_sync_flags flags)
{
    struct mail_index_view_sync_ctx *ctx = i_new(struct mail_index_view_sync_ctx, 1);
    struct index_map *old;

    i_assert(view->updated_by == NULL);
    ctx->view = view;
    view->refcount++;
    ctx->flags = flags;
    i_array_init(&ctx->recs, 16);
    i_array_init(&ctx->expunges, 16);
    i_array_init(&ctx->expunges_told, 16);

    /* a driver that has not loaded the index at its own sync does not want it to be */
    old = view->index->loaded ? view_map(view) : view->index->head;
    ctx->old_count = old->hdr.messages_count;
    ctx->head = view->index->head;
    index_map_ref(ctx->head);
    if (view->map != NULL && view->map != ctx->head && !mail_index_view_is_inconsistent(view))
        begin(ctx, old);
    if ((flags & MAIL_INDEX_VIEW_SYNC_FLAG_NOEXPUNGES) == 0)
        seq_range_array_merge(&ctx->expunges_told, &ctx->expunges);
    return ctx;
}

bool mail_index_view_sync_next(struct mail_index_view_sync_ctx *ctx,
                               struct mail_index_view_sync_rec *rec_r)
{
    if (ctx->next_rec == array_count(&ctx->recs))
        return FALSE;
    *rec_r = *array_idx(&ctx->recs, ctx->next_rec++);
    return TRUE;
}

const ARRAY_TYPE(seq_range) *
    mail_index_view_sync_expunges(const struct mail_index_view_sync_ctx *ctx)
{
    return &ctx->expunges_told;
}

uint32_t mail_index_view_sync_old_count(const struct mail_index_view_sync_ctx *ctx)
{
    return ctx->old_count;
}

void mail_index_view_sync_commit(struct mail_index_view_sync_ctx **_ctx, bool *delayed_expunges_r)
{
    struct mail_index_view_sync_ctx *ctx = *_ctx;

    *_ctx = NULL;
    *delayed_expunges_r = array_not_empty(&ctx->expunges) && array_is_empty(&ctx->expunges_told);
    if (array_not_empty(&ctx->expunges_told))
        set_map(ctx->view, ctx->head);
    view_forget_hidden(ctx->view);
    index_map_unref(&ctx->head);
    array_free(&ctx->recs);
    array_free(&ctx->expunges);
    array_free(&ctx->expunges_told);
    mail_index_view_close(&ctx->view);
    i_free(ctx);
}
