/*
 * The lines of a uidlist, and bytes of its file.
 */
#ifndef MAILDIR_UIDLIST_FORMAT_H
#define MAILDIR_UIDLIST_FORMAT_H

#include "guid.h"
#include "lib.h"
#include "str.h"

struct maildir_uidlist;

struct maildir_uidlist_header {
    unsigned int version;
    uint32_t uid_validity, next_uid;
    guid_128_t guid;
    string_t *rest; /**< words that we do not know, each after a space; on the data stack */
};

bool maildir_uidlist_parse_header(const char *line, struct maildir_uidlist_header *header_r);
/** Takes a record's line apart, in place. */
bool maildir_uidlist_parse_record(unsigned int version, char *line, uint32_t *uid_r,
                                  const char **ext_r, const char **base_r);
/** A record's line. `ext` may be "". */
void maildir_uidlist_format(string_t *dest, uint32_t uid, const char *ext, const char *base);

/** Reads up to *size bytes, and says how many there were. 0, or -1 with the storage's error. */
int maildir_uidlist_read_range(struct maildir_uidlist *list, int fd, char *text, uoff_t offset,
                               size_t *size);

#endif
