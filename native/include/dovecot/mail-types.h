/*
 * Flags of a mail, and how a change of flags or keywords is meant.
 */
#ifndef MAIL_TYPES_H
#define MAIL_TYPES_H

/** Bits of a mail's flags: the system flags of IMAP (RFC 9051 section 2.3.2), and \Recent. */
enum mail_flags {
    MAIL_ANSWERED = 0x01,
    MAIL_FLAGGED = 0x02,
    MAIL_DELETED = 0x04,
    MAIL_SEEN = 0x08,
    MAIL_DRAFT = 0x10,
    MAIL_RECENT = 0x20,

    MAIL_FLAGS_MASK = 0x3f,
    MAIL_FLAGS_NONRECENT = (MAIL_FLAGS_MASK ^ MAIL_RECENT)
};

/** Add to what is set, take away from it, or set exactly this. */
enum modify_type { MODIFY_ADD, MODIFY_REMOVE, MODIFY_REPLACE };

/** Places in the mailbox's list of keyword names. */
ARRAY_DEFINE_TYPE(keyword_indexes, unsigned int);

#endif
