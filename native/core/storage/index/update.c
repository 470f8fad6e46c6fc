/*
 * Changes of the head: what a driver has found in its files, or has made true there. All changes of
 * one update get the same modseq; the first update of an index is its content, which has modseq 1.
 */
#include "index/index-private.h"

#include "seq-range-array.h"

struct mail_index_update {
    struct mail_index *index;
    struct index_map *map;
    uint64_t modseq;
    bool changed;
    ARRAY_TYPE(seq_range) removed; /* sequence numbers, which stay as they are until the end */
};

struct mail_index_update *mail_index_update_begin(struct mail_index *index)
{
    struct mail_index_update *u = i_new(struct mail_index_update, 1);

    u->index = index;
    u->map = index_writable_head(index);
    u->modseq = u->map->highest_modseq + (index->loaded ? 1 : 0);
    i_array_init(&u->removed, 8);
    return u;
}

void mail_index_update_append(struct mail_index_update *u, uint32_t uid, enum mail_flags flags,
                              uint64_t keywords)
{
    struct index_record record;

    i_zero(&record);
    record.rec.uid = uid;
    record.rec.flags = flags & MAIL_FLAGS_NONRECENT;
    record.keywords = keywords;
    record.modseq = u->modseq;
    index_map_append(u->map, &record);
    u->changed = TRUE;
}

static void replace(struct mail_index_update *u, uint32_t seq, struct index_record record)
{
    record.modseq = I_MAX(record.modseq, u->modseq);
    u->map->highest_modseq = I_MAX(u->map->highest_modseq, record.modseq);
    index_map_replace(u->map, seq, &record);
    u->changed = TRUE;
}

void mail_index_update_set(struct mail_index_update *u, uint32_t uid, enum mail_flags flags,
                           uint64_t keywords)
{
    struct index_record record;
    uint32_t seq;

    if (!index_map_find(u->map, uid, &seq))
        return;
    record = *index_map_at(u->map, seq);
    flags &= MAIL_FLAGS_NONRECENT;
    if (record.rec.flags == flags && record.keywords == keywords)
        return;
    record.rec.flags = flags;
    record.keywords = keywords;
    replace(u, seq, record);
}

void mail_index_update_raise_modseq(struct mail_index_update *u, uint32_t uid, uint64_t min_modseq)
{
    struct index_record record;
    uint32_t seq;

    if (!index_map_find(u->map, uid, &seq))
        return;
    record = *index_map_at(u->map, seq);
    if (record.modseq >= min_modseq)
        return;
    record.modseq = min_modseq;
    replace(u, seq, record);
}

void mail_index_update_remove(struct mail_index_update *u, uint32_t uid)
{
    uint32_t seq;

    if (!index_map_find(u->map, uid, &seq))
        return;
    seq_range_array_add(&u->removed, seq);
    u->changed = TRUE;
}

void mail_index_update_reset(struct mail_index_update *u, uint32_t uid_validity)
{
    struct index_map *map = index_map_new();

    i_assert(array_is_empty(&u->removed));
    map->hdr.uid_validity = uid_validity;
    map->highest_modseq = u->map->highest_modseq;
    map->generation = u->map->generation + (u->index->loaded ? 1 : 0);
    index_map_unref(&u->index->head);
    u->index->head = u->map = map;
    u->changed = TRUE;
}

void mail_index_update_next_uid(struct mail_index_update *u, uint32_t next_uid)
{
    if (u->map->hdr.next_uid < next_uid)
        u->map->hdr.next_uid = next_uid;
}

void mail_index_update_first_recent_uid(struct mail_index_update *u, uint32_t first_recent_uid)
{
    u->map->hdr.first_recent_uid = first_recent_uid;
}

void mail_index_update_end(struct mail_index_update **_u)
{
    struct mail_index_update *u = *_u;

    *_u = NULL;
    index_map_remove(u->map, &u->removed);
    if (u->changed)
        u->map->highest_modseq = I_MAX(u->map->highest_modseq, u->modseq);
    u->index->loaded = TRUE;
    array_free(&u->removed);
    i_free(u);
}
