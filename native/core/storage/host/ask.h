/*
 * Questions to the host that the storage thread waits for. Private to host/.
 */
#ifndef STORAGE_HOST_ASK_H
#define STORAGE_HOST_ASK_H

#include "lib.h"

#include "mail-error.h"
#include "mail-types.h"

struct mailbox;

/** What somebody is about to do. */
struct question {
    const char *operation; /**< "save", "copy", "flags", "expunge", "create", "delete", "rename" */
    struct mailbox *box;
    const char *source; /**< the mailbox or the name it comes from; NULL */
    uint32_t uid;       /**< 0: it has none yet */
    uoff_t size;        /**< UOFF_T_MAX: unknown */
    bool marked;        /**< flags and keywords are those that the mail will have */
    enum mail_flags flags;
    const char *const *keywords; /**< NULL: none */
};

/** From now on the host has this many milliseconds for an answer. */
void ask_within(unsigned int milliseconds);

/**
 * Asks and waits. 0: it may be done. -1: it may not, because of *error_r, and *text_r (on the data
 * stack) is the sentence for the user.
 */
int ask(const struct question *question, enum mail_error *error_r, const char **text_r);

#endif
