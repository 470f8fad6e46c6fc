/*
 * Attributes that code answers (internal ones), and those that lie in a file.
 */
#ifndef STORAGE_MAILBOX_ATTRIBUTES_H
#define STORAGE_MAILBOX_ATTRIBUTES_H

#include "lib.h"

#include "array.h"
#include "guid.h"
#include "mail-storage-private.h"

/** Registers what the core answers itself: special uses and comments from the configuration. */
void mailbox_attributes_init(void);
void mailbox_attributes_deinit(void);

/** The internal attribute that a key belongs to; NULL. */
const struct mailbox_attribute_internal *
mailbox_attribute_find_internal(enum mail_attribute_type type_flags, const char *key);
/** Adds the keys of internal attributes that the mailbox has. 0 or -1. */
int mailbox_attribute_list_internals(struct mailbox *box, enum mail_attribute_type type_flags,
                                     const char *prefix, pool_t pool,
                                     ARRAY_TYPE(const_string) * keys);

/* ---- The file: lines of a key and its value, one file for all mailboxes of a user ------------- */

/** Keys begin with "priv/" or "shared/" and the mailbox's GUID. A NULL value removes the key. */
struct attribute_pair {
    const char *key, *value;
};
ARRAY_DEFINE_TYPE(attribute_pairs, struct attribute_pair);

/** All pairs, sorted by key; none when there is no file. 0, or -1 and error_r. */
int attribute_file_read(pool_t pool, const char *path, ARRAY_TYPE(attribute_pairs) * pairs,
                        const char **error_r);
/** Changes the file, atomically. 0, or -1 and error_r. */
int attribute_file_change(const char *path, const ARRAY_TYPE(attribute_pairs) * changes,
                          const char **error_r);

/** The key in the file. NULL, and the storage's error, when the mailbox cannot tell its GUID. */
const char *attribute_stored_key(struct mailbox *box, enum mail_attribute_type type_flags,
                                 const char *key);
/** attribute_file_read() of the user's file, with the error in the storage. */
int attribute_read_all(struct mailbox *box, pool_t pool, ARRAY_TYPE(attribute_pairs) * pairs);

/* ---- Of a transaction ------------------------------------------------------------------------- */

/** What attribute_set has collected; NULL: nothing. */
struct attribute_changes;

/** Writes the collected changes to the file. 0, or -1 and the storage's error. */
int attribute_changes_commit(struct mailbox *box, const struct attribute_changes *changes);
void attribute_changes_free(struct attribute_changes **changes);

/** Takes all attributes of a mailbox that is gone out of the file; a failure is only logged. */
void attributes_forget(struct mailbox *box, const guid_128_t guid);

#endif
