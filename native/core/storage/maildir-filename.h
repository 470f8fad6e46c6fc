/*
 * Names of files in a Maildir: `<base>[,S=<size>][,W=<size>][:2,<flags>]`. Private to
 * libvsmtp-storage.
 */
#ifndef VSMTP_STORAGE_MAILDIR_FILENAME_H
#define VSMTP_STORAGE_MAILDIR_FILENAME_H

#include "storage.h"

/** A base name: not empty, not hidden, none of `/`, `:` and `,`. */
bool maildir_base_valid(const char *base);

/** True when `name` belongs to the mail with this base name, whatever sizes and flags follow. */
bool maildir_name_matches(const char *name, const char *base);

/** The sizes of a mail. */
struct maildir_sizes {
    uint64_t physical;  /**< bytes as they are (S) */
    uint64_t with_crlf; /**< bytes with CRLF at every line's end (W) */
};

struct maildir_sizes maildir_sizes(vsmtp_storage_parts parts);

/** Writes `<base>,S=…,W=…`; false when that is too long for a file name. */
bool maildir_name_with_sizes(char name[NAME_MAX + 1], const char *base, struct maildir_sizes sizes);

#endif
