/*
 * The records of a mailbox at one moment: an immutable list that views share. Whoever changes a map
 * must own it alone; a copy costs little, because the records lie in chunks that copies share until
 * one of them writes.
 */
#ifndef INDEX_MAP_H
#define INDEX_MAP_H

#include "array.h"
#include "lib.h"
#include "mail-index.h"

enum { INDEX_CHUNK_RECORDS = 512 };

/** A message. Keywords are bits, by index: those from 64 on cannot be set. */
struct index_record {
    struct mail_index_record rec;
    uint64_t keywords;
    uint64_t modseq;
};

struct index_chunk {
    int refcount;
    struct index_record records[INDEX_CHUNK_RECORDS];
};

struct index_map {
    int refcount;
    struct mail_index_header hdr; /**< messages_count is the number of records */
    uint64_t highest_modseq;
    /** Uids of maps with different ones have nothing to do with each other. */
    unsigned int generation;
    unsigned int chunk_count, chunk_room;
    struct index_chunk **chunks; /**< all full but the last */
};

struct index_map *index_map_new(void);
struct index_map *index_map_copy(const struct index_map *map);
void index_map_ref(struct index_map *map);
void index_map_unref(struct index_map **map);

/** The record of a sequence number, which the map must have. */
static inline const struct index_record *index_map_at(const struct index_map *map, uint32_t seq)
{
    i_assert(seq > 0 && seq <= map->hdr.messages_count);
    return &map->chunks[(seq - 1) / INDEX_CHUNK_RECORDS]->records[(seq - 1) % INDEX_CHUNK_RECORDS];
}

/** The first sequence number whose uid is not lower; messages_count + 1: none. */
uint32_t index_map_lower_bound(const struct index_map *map, uint32_t uid);
bool index_map_find(const struct index_map *map, uint32_t uid, uint32_t *seq_r);

/** Adds a record at the end; its uid must be the highest. */
void index_map_append(struct index_map *map, const struct index_record *record);
/** Puts another state of the same message in its place. */
void index_map_replace(struct index_map *map, uint32_t seq, const struct index_record *record);
void index_map_remove(struct index_map *map, const ARRAY_TYPE(seq_range) * seqs);

#endif
