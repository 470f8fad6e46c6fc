/*
 * The file of the facts: a header, then entries, each some facts of one mail. It is only appended to, or
 * replaced. An entry without facts says that all before it of that mail are void.
 */
#ifndef STORAGE_CACHE_FACTS_FILE_H
#define STORAGE_CACHE_FACTS_FILE_H

#include "array.h"
#include "buffer.h"
#include "cache/facts.h"

#include <sys/types.h>

/* "vsmtpfa" and the version, which changes with the structs below. */
#define FACTS_FORMAT UINT64_C(0x76736d7470666101)

enum { FACTS_ENTRY_MAX = 128 * 1024 };

struct facts_header {
    uint64_t format;
    uint32_t uid_validity, unused;
};

struct facts_entry {
    uint64_t digest; /**< of all behind it */
    uint64_t identity;
    uint32_t uid;
    uint32_t size; /**< with this head; a multiple of 8 */
    /* then facts, each: uint32_t size of the value, the key with its NUL, the value */
};

/** Where an entry lies. */
struct facts_place {
    uint32_t uid, size;
    uoff_t offset;
};

struct facts_places {
    ARRAY(struct facts_place) all; /**< by uid, then offset, unless: */
    bool unsorted;
};

struct cache_facts {
    struct mailbox *box;
    uint32_t uid_validity; /**< that all here belongs to; 0: nothing was asked yet */

    int fd; /**< -1: none */
    ino_t inode;
    uoff_t end; /**< of the last entry that was seen */
    struct facts_places places;

    unsigned char *window; /**< a piece of the file */
    uoff_t window_start;
    size_t window_size;

    buffer_t *pending; /**< entries that are not in the file yet and have no digests */
    struct facts_places pending_places;
};

void facts_places_add(struct facts_places *places, uint32_t uid, uint32_t size, uoff_t offset);
/** The place of the latest entry of a mail, plus one: earlier ones stand before it. */
unsigned int facts_places_end(struct facts_places *places, uint32_t uid);

/** Opens the file if there is one, and takes note of its entries. */
void facts_file_open(struct cache_facts *facts);
void facts_file_close(struct cache_facts *facts);
/** An entry, valid until the next call. NULL: damaged, or gone. */
const struct facts_entry *facts_file_entry(struct cache_facts *facts,
                                           const struct facts_place *place);

/** Finds entries behind `end`. False: the file is not of this mailbox, or not ours. */
bool facts_file_walk(struct cache_facts *facts);

/** Appends what is pending, and leaves out what is of mails that are gone once that is half of it. */
void facts_file_flush(struct cache_facts *facts);

uint64_t facts_entry_digest(const struct facts_entry *entry);

#endif
