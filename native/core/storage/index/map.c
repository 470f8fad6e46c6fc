/*
 * Chunked, counted lists of records. Searching is by uid, which ascends with the sequence numbers.
 */
#include "index/map.h"

#include "seq-range-array.h"

struct index_map *index_map_new(void)
{
    struct index_map *map = i_new(struct index_map, 1);

    map->refcount = 1;
    map->hdr.next_uid = 1;
    map->hdr.first_recent_uid = 1;
    map->highest_modseq = 1;
    return map;
}

static void chunk_unref(struct index_chunk *chunk)
{
    if (--chunk->refcount == 0)
        i_free(chunk);
}

static struct index_chunk *chunk_copy(const struct index_chunk *from)
{
    struct index_chunk *chunk = i_new(struct index_chunk, 1);

    memcpy(chunk->records, from->records, sizeof chunk->records);
    chunk->refcount = 1;
    return chunk;
}

struct index_map *index_map_copy(const struct index_map *map)
{
    struct index_map *copy = i_new(struct index_map, 1);

    copy->refcount = 1;
    copy->hdr = map->hdr;
    copy->highest_modseq = map->highest_modseq;
    copy->generation = map->generation;
    copy->chunk_count = copy->chunk_room = map->chunk_count;
    if (map->chunk_count == 0)
        return copy;
    copy->chunks = i_new(struct index_chunk *, map->chunk_count);
    for (unsigned int i = 0; i < map->chunk_count; i++) {
        copy->chunks[i] = map->chunks[i];
        copy->chunks[i]->refcount++;
    }
    return copy;
}

void index_map_ref(struct index_map *map)
{
    map->refcount++;
}

void index_map_unref(struct index_map **_map)
{
    struct index_map *map = *_map;

    *_map = NULL;
    if (map == NULL || --map->refcount > 0)
        return;
    for (unsigned int i = 0; i < map->chunk_count; i++)
        chunk_unref(map->chunks[i]);
    i_free(map->chunks);
    i_free(map);
}

uint32_t index_map_lower_bound(const struct index_map *map, uint32_t uid)
{
    uint32_t low = 1, high = map->hdr.messages_count + 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (index_map_at(map, middle)->rec.uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool index_map_find(const struct index_map *map, uint32_t uid, uint32_t *seq_r)
{
    uint32_t seq = index_map_lower_bound(map, uid);

    if (seq > map->hdr.messages_count || index_map_at(map, seq)->rec.uid != uid)
        return FALSE;
    *seq_r = seq;
    return TRUE;
}

/* The record, in a chunk that no other map shares. */
static struct index_record *writable(struct index_map *map, uint32_t seq)
{
    struct index_chunk **chunk = &map->chunks[(seq - 1) / INDEX_CHUNK_RECORDS];

    i_assert(map->refcount == 1);
    if ((*chunk)->refcount > 1) {
        struct index_chunk *copy = chunk_copy(*chunk);

        chunk_unref(*chunk);
        *chunk = copy;
    }
    return &(*chunk)->records[(seq - 1) % INDEX_CHUNK_RECORDS];
}

static void count_flags(struct mail_index_header *hdr, uint8_t flags, bool added)
{
    uint32_t step = added ? 1 : UINT32_MAX;

    if ((flags & MAIL_SEEN) != 0)
        hdr->seen_messages_count += step;
    if ((flags & MAIL_DELETED) != 0)
        hdr->deleted_messages_count += step;
}

static void add_chunk(struct index_map *map)
{
    if (map->chunk_count == map->chunk_room) {
        unsigned int room = I_MAX(4, map->chunk_room * 2);

        map->chunks = i_realloc_type(map->chunks, struct index_chunk *, map->chunk_room, room);
        map->chunk_room = room;
    }
    map->chunks[map->chunk_count] = i_new(struct index_chunk, 1);
    map->chunks[map->chunk_count++]->refcount = 1;
}

void index_map_append(struct index_map *map, const struct index_record *record)
{
    i_assert(map->refcount == 1);
    i_assert(map->hdr.messages_count == 0 ||
             index_map_at(map, map->hdr.messages_count)->rec.uid < record->rec.uid);
    if (map->hdr.messages_count % INDEX_CHUNK_RECORDS == 0)
        add_chunk(map);
    map->hdr.messages_count++;
    *writable(map, map->hdr.messages_count) = *record;
    count_flags(&map->hdr, record->rec.flags, TRUE);
    if (map->hdr.next_uid <= record->rec.uid)
        map->hdr.next_uid = record->rec.uid + 1;
}

void index_map_replace(struct index_map *map, uint32_t seq, const struct index_record *record)
{
    struct index_record *old = writable(map, seq);

    i_assert(old->rec.uid == record->rec.uid);
    count_flags(&map->hdr, old->rec.flags, FALSE);
    count_flags(&map->hdr, record->rec.flags, TRUE);
    *old = *record;
}

void index_map_remove(struct index_map *map, const ARRAY_TYPE(seq_range) * seqs)
{
    struct index_chunk **old_chunks = map->chunks;
    struct mail_index_header hdr = map->hdr;
    unsigned int old_count = map->chunk_count, kept;
    uint32_t first;

    i_assert(map->refcount == 1);
    if (array_is_empty(seqs))
        return;
    first = array_front(seqs)->seq1;
    kept = (first - 1) / INDEX_CHUNK_RECORDS;

    map->chunks = i_new(struct index_chunk *, map->chunk_room);
    memcpy(map->chunks, old_chunks, kept * sizeof *old_chunks);
    map->chunk_count = kept;
    map->hdr.messages_count = kept * INDEX_CHUNK_RECORDS;
    for (uint32_t seq = map->hdr.messages_count + 1; seq <= hdr.messages_count; seq++) {
        const struct index_record *record =
            &old_chunks[(seq - 1) / INDEX_CHUNK_RECORDS]->records[(seq - 1) % INDEX_CHUNK_RECORDS];

        /* what stays is counted by appending it again */
        count_flags(&map->hdr, record->rec.flags, FALSE);
        if (!seq_range_exists(seqs, seq))
            index_map_append(map, record);
    }
    for (unsigned int i = kept; i < old_count; i++)
        chunk_unref(old_chunks[i]);
    i_free(old_chunks);
}
