/*
 * Views: a map that is held until the next sync; and the same with the changes of a transaction.
 */
#include "index/index-private.h"

#include "seq-range-array.h"

struct index_map *view_map(struct mail_index_view *view)
{
    struct index_map *head;

    if (view->updated_by != NULL)
        return transaction_map(view->updated_by);
    if (view->map != NULL)
        return view->map;
    head = index_head(view->index);
    if (view->index->loaded) {
        view->map = head;
        index_map_ref(head);
    }
    return head;
}

/* The record as the view shows it. */
static const struct index_record *view_record(struct mail_index_view *view, uint32_t seq)
{
    const struct index_record *record;

    if (view->updated_by == NULL)
        return index_map_at(view_map(view), seq);
    record = transaction_record(view->updated_by, seq);
    i_assert(record != NULL);
    return record;
}

struct mail_index_view *mail_index_view_open(struct mail_index *index)
{
    struct mail_index_view *view = i_new(struct mail_index_view, 1);

    view->index = index;
    view->refcount = 1;
    i_array_init(&view->hidden, 4);
    index->view_count++;
    if (index->loaded)
        (void)view_map(view);
    return view;
}

void mail_index_view_close(struct mail_index_view **_view)
{
    struct mail_index_view *view = *_view;

    *_view = NULL;
    if (view == NULL || --view->refcount > 0)
        return;
    view->index->view_count--;
    view_forget_hidden(view);
    array_free(&view->hidden);
    index_map_unref(&view->map);
    i_free(view);
}

struct mail_index_view *mail_index_transaction_open_updated_view(struct mail_index_transaction *t)
{
    struct mail_index_view *view = i_new(struct mail_index_view, 1);

    view->index = mail_index_transaction_get_index(t);
    view->refcount = 1;
    view->updated_by = t;
    i_array_init(&view->hidden, 1);
    view->index->view_count++;
    return view;
}

struct mail_index *mail_index_view_get_index(struct mail_index_view *view)
{
    return view->index;
}

uint32_t mail_index_view_get_messages_count(struct mail_index_view *view)
{
    return view->updated_by != NULL ? transaction_messages_count(view->updated_by)
                                    : view_map(view)->hdr.messages_count;
}

const struct mail_index_header *mail_index_get_header(struct mail_index_view *view)
{
    return &view_map(view)->hdr;
}

bool mail_index_view_is_inconsistent(struct mail_index_view *view)
{
    return view->map != NULL && view->map->generation != view->index->head->generation;
}

bool mail_index_is_expunged(struct mail_index_view *view, uint32_t seq)
{
    struct index_map *map = view_map(view);
    uint32_t head_seq;

    if (view->updated_by != NULL && transaction_has_expunged(view->updated_by, seq))
        return TRUE;
    if (map == view->index->head || seq > map->hdr.messages_count)
        return FALSE;
    return !index_map_find(view->index->head, index_map_at(map, seq)->rec.uid, &head_seq);
}

const struct mail_index_record *mail_index_lookup(struct mail_index_view *view, uint32_t seq)
{
    return &view_record(view, seq)->rec;
}

void mail_index_lookup_uid(struct mail_index_view *view, uint32_t seq, uint32_t *uid_r)
{
    *uid_r = view_record(view, seq)->rec.uid;
}

bool mail_index_lookup_seq(struct mail_index_view *view, uint32_t uid, uint32_t *seq_r)
{
    return mail_index_lookup_seq_range(view, uid, uid, seq_r, seq_r);
}

bool mail_index_lookup_seq_range(struct mail_index_view *view, uint32_t first_uid,
                                 uint32_t last_uid, uint32_t *first_seq_r, uint32_t *last_seq_r)
{
    const struct index_map *map = view_map(view);
    uint32_t count = mail_index_view_get_messages_count(view);
    uint32_t first = index_map_lower_bound(map, first_uid);
    uint32_t last = last_uid == UINT32_MAX ? map->hdr.messages_count
                                           : index_map_lower_bound(map, last_uid + 1) - 1;

    /* messages that the transaction has appended have uids only while it is being committed */
    while (first > map->hdr.messages_count && first <= count &&
           view_record(view, first)->rec.uid < first_uid)
        first++;
    last = I_MAX(last, first - 1);
    while (last >= map->hdr.messages_count && last < count &&
           view_record(view, last + 1)->rec.uid <= last_uid &&
           view_record(view, last + 1)->rec.uid >= first_uid)
        last++;
    *first_seq_r = *last_seq_r = 0;
    if (first > last || first > count)
        return FALSE;
    *first_seq_r = first;
    *last_seq_r = last;
    return TRUE;
}

void mail_index_lookup_keywords(struct mail_index_view *view, uint32_t seq,
                                ARRAY_TYPE(keyword_indexes) * keyword_idx)
{
    array_clear(keyword_idx);
    for (uint64_t left = view_record(view, seq)->keywords; left != 0; left &= left - 1) {
        unsigned int idx = (unsigned int)__builtin_ctzll(left);

        array_push_back(keyword_idx, &idx);
    }
}

uint64_t mail_index_modseq_lookup(struct mail_index_view *view, uint32_t seq)
{
    return view_record(view, seq)->modseq;
}

uint64_t mail_index_modseq_get_highest(struct mail_index_view *view)
{
    return view_map(view)->highest_modseq;
}

void view_hide(struct mail_index_view *view, uint64_t modseq, const ARRAY_TYPE(seq_range) * uids)
{
    struct index_hidden *hidden = array_append_space(&view->hidden);

    hidden->modseq = modseq;
    i_array_init(&hidden->uids, array_count(uids) + 1);
    seq_range_array_merge(&hidden->uids, uids);
}

bool view_is_hidden(const struct mail_index_view *view, uint32_t uid, uint64_t modseq)
{
    const struct index_hidden *hidden;

    array_foreach(&view->hidden, hidden)
    {
        if (hidden->modseq == modseq && seq_range_exists(&hidden->uids, uid))
            return TRUE;
    }
    return FALSE;
}

void view_forget_hidden(struct mail_index_view *view)
{
    struct index_hidden *hidden;

    array_foreach_modifiable(&view->hidden, hidden) array_free(&hidden->uids);
    array_clear(&view->hidden);
}
