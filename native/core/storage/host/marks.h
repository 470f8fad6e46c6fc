/*
 * Flags and keywords of mails, as plain texts: "\\Seen" is a flag, what has no backslash a keyword.
 * Private to host/.
 */
#ifndef STORAGE_HOST_MARKS_H
#define STORAGE_HOST_MARKS_H

#include "host/operation.h"

#include "mail-types.h"

struct mail_keywords;
struct mailbox;

/**
 * The `flags` and `keywords` of the request; a keyword may stand among the flags too. 0, or -1: one
 * of them is neither.
 */
int marks_read(struct operation *operation, enum mail_flags *flags_r,
               const char *const **keywords_r);
/** Keywords of a mailbox, NULL for none. 0, or -1: the operation has failed. */
int marks_keywords(struct operation *operation, struct mailbox *box, const char *const *names,
                   struct mail_keywords **keywords_r);

/** Write an array of texts. \Recent is told too. */
void marks_write_flags(vsmtp_out *out, enum mail_flags flags);
void marks_write_keywords(vsmtp_out *out, const char *const *keywords);

#endif
