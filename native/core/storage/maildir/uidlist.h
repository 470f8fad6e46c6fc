/*
 * `dovecot-uidlist`: which uid each file has. Others append to it and rewrite it at any time; whoever
 * gives uids holds its dotlock.
 *
 * In memory it also keeps what is known of each file, for as long as the mailbox is open.
 */
#ifndef MAILDIR_UIDLIST_H
#define MAILDIR_UIDLIST_H

#include "array.h"
#include "guid.h"
#include "lib.h"
#include "maildir/filename.h"

struct dotlock;
struct mailbox;

#define MAILDIR_UIDLIST_NAME "dovecot-uidlist"

/** A mail. Pointers to recs are valid until the next one is added. */
struct maildir_rec {
    uint32_t uid;
    uint32_t scan : 30; /**< the last scan that found its file; 0: none */
    bool in_new : 1;
    bool dead : 1; /**< the file is gone: the uid never comes back */
    const char *base;
    /** `S12 W13 Gfoo`: what else the uidlist says of it; "": nothing. */
    const char *ext;
    struct maildir_info info; /**< of the file's name as it was found */
};

ARRAY_DEFINE_TYPE(maildir_rec, struct maildir_rec);

/** A place of the hash table. The hash stands here too, so that a search seldom looks at other recs. */
struct maildir_slot {
    uint32_t hash;
    uint32_t place; /**< index + 1; 0: free */
};

struct maildir_uidlist {
    struct mailbox *box;
    const char *directory, *path;

    uint32_t uid_validity; /**< 0: there is no usable file */
    uint32_t next_uid;     /**< above all uids */
    guid_128_t guid;
    const char *header_rest; /**< words of the header that we do not know, each after a space */

    ARRAY_TYPE(maildir_rec) recs; /**< uids ascend */
    pool_t pool;                  /**< of the strings of recs */
    void *block;                  /**< where those of the snapshot lie; to be given to free() */
    struct maildir_slot *slots;   /**< hash table by base; NULL until it is needed */
    unsigned int slot_count;
    unsigned int dead_count; /**< in the file */
    bool renumbered; /**< a uid belongs to another mail than it did: nothing known is true */

    /* What was read of the file. */
    dev_t device;
    ino_t inode;
    uoff_t read_size; /**< up to the end of the last whole line; 0: nothing */
    bool unseen;      /**< there are records whose files were not looked for yet */
    bool rewrite;     /**< the next write must be a full one */

    struct dotlock *lock;
    unsigned int lock_count;
};

/** Reads nothing yet. Lives in memory of its own. */
struct maildir_uidlist *maildir_uidlist_alloc(struct mailbox *box);
void maildir_uidlist_free(struct maildir_uidlist **list);

/* ---- uidlist.c: records ----------------------------------------------------------------------- */

/** NULL: none. */
struct maildir_rec *maildir_uidlist_lookup(struct maildir_uidlist *list, uint32_t uid);
struct maildir_rec *maildir_uidlist_find(struct maildir_uidlist *list, const char *name);
/** Adds one, whose uid must be above all others; strings are copied. An older one of that base dies. */
struct maildir_rec *maildir_uidlist_add(struct maildir_uidlist *list, uint32_t uid,
                                        const char *base, size_t base_length, const char *ext);
void maildir_uidlist_kill(struct maildir_uidlist *list, struct maildir_rec *rec);
/** Takes over what a file name says behind its base. */
void maildir_rec_set_info(struct maildir_uidlist *list, struct maildir_rec *rec,
                          const struct maildir_info *info);
/** The value of a key of ext, on the data stack; NULL. */
const char *maildir_rec_ext(const struct maildir_rec *rec, char key);
/** The file's path. On the data stack. */
const char *maildir_rec_path(struct maildir_uidlist *list, const struct maildir_rec *rec);

/* ---- uidlist-read.c --------------------------------------------------------------------------- */

/** Reads what is new in the file. 1: something was; 0; -1 with the storage's error. */
int maildir_uidlist_refresh(struct maildir_uidlist *list);

/* ---- uidlist-tail.c --------------------------------------------------------------------------- */

/** What giving uids needs to know of a file that was not read. */
struct maildir_uidlist_tail {
    uint32_t uid_validity, next_uid;
    uoff_t size; /**< up to the end of the last whole line */
};
/** 1, 0: the file must be read and perhaps rewritten as a whole, -1. Costs the same for any size. */
int maildir_uidlist_read_tail(struct maildir_uidlist *list, struct maildir_uidlist_tail *tail_r);

/* ---- uidlist-lock.c --------------------------------------------------------------------------- */

/** Counted. 0, or -1 with the storage's error. */
int maildir_uidlist_lock(struct maildir_uidlist *list);
void maildir_uidlist_unlock(struct maildir_uidlist *list);

/* ---- uidlist-write.c: with the lock held ------------------------------------------------------- */

/** Writes lines at `size`, where the last whole line ends, synced. What fails is taken back. 0 or -1. */
int maildir_uidlist_append(struct maildir_uidlist *list, uoff_t size, const string_t *lines);
/** Writes the whole list anew, without the dead. 0 or -1. */
int maildir_uidlist_rewrite(struct maildir_uidlist *list);

#endif
