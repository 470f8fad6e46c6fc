/*
 * A file of ours in the index directory of a mailbox: one block of bytes with a seal at its beginning,
 * replaced as a whole. It can be missing, old or damaged at any time: then there is none. What goes
 * wrong when it is written only costs the file.
 */
#ifndef STORAGE_CACHE_SEALED_FILE_H
#define STORAGE_CACHE_SEALED_FILE_H

#include "buffer.h"
#include "lib.h"

struct mailbox;

/** What such a block begins with. */
struct cache_seal {
    uint64_t
        format;    /**< which file, in which version; as it looks on machines of this byte order */
    uint64_t size; /**< of the whole file */
    uint64_t digest; /**< of all behind the seal */
};

/** The path of a file of the cache, on the data stack; NULL: this mailbox has no files for its index. */
const char *cache_path(struct mailbox *box, const char *name);

/** Opens a file for writing, made with the mailbox's permissions; -1: it cannot be had. Logs nothing. */
int cache_create(struct mailbox *box, const char *path);
/** Whether an open file is still the one of this name: another process may have replaced it. */
bool cache_has_name(int fd, const char *path);
/** Puts a new file in the place of another, as a whole. */
bool cache_replace(struct mailbox *box, const char *name, const buffer_t *content);

/** The block, to be given to free(); NULL: there is none that is whole. */
void *cache_sealed_read(struct mailbox *box, const char *name, uint64_t format, size_t *size_r);
/** Writes a block whose first bytes are room for the seal. */
void cache_sealed_write(struct mailbox *box, const char *name, uint64_t format, buffer_t *block);

#endif
