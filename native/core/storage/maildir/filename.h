/*
 * Names of files in cur/ and new/: `<base>[:2,<flags and keyword letters>[,<more>]]`, where base is
 * `<seconds>.M<usecs>P<pid>.<host>[,S=<bytes>][,W=<bytes with CRLF>]`.
 */
#ifndef MAILDIR_FILENAME_H
#define MAILDIR_FILENAME_H

#include "lib.h"
#include "mail-types.h"
#include "str.h"

#define MAILDIR_INFO_SEP ':'
#define MAILDIR_KEYWORDS_MAX 26

/** What stands behind the base. */
struct maildir_info {
    /** The text itself, from the colon on, when flags and letters would not give it back. */
    const char *verbatim;
    uint32_t letters; /**< bits: keyword letters a to z */
    uint8_t flags;    /**< enum mail_flags */
    bool present;     /**< there is a `:2,` */
};

/** The length of the base: all up to the colon. */
size_t maildir_base_length(const char *name);

/** Reads the part behind the base; verbatim points into `name`. */
void maildir_info_parse(const char *name, struct maildir_info *info_r);
/** Writes it as it was read. */
void maildir_info_append(string_t *name, const struct maildir_info *info);
/** Writes it with other flags and letters; unknown letters, and what follows a comma, are kept. */
void maildir_info_append_changed(string_t *name, const struct maildir_info *info, uint8_t flags,
                                 uint32_t letters);

/** A size that the base tells: key 'S' or 'W'. */
bool maildir_base_size(const char *base, char key, uoff_t *size_r);

/** A base that no other mail has, without sizes. On the data stack. */
const char *maildir_base_generate(void);
bool maildir_base_is_valid(const char *base);

/** The order in which mails without uids get theirs: by time, then by name. */
int maildir_base_compare(const char *base1, const char *base2);

#endif
