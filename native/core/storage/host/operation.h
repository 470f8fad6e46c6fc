/*
 * One operation under way: what it was asked with, and how it answers or fails. Private to host/.
 */
#ifndef STORAGE_HOST_OPERATION_H
#define STORAGE_HOST_OPERATION_H

#include "lib.h"

#include "mail-error.h"

#include <out.h>
#include <vsmtp/value.h>

#include "host/host.h"

struct mail_storage;
struct mailbox;
struct mailbox_list;

struct operation {
    vsmtp_value arguments;                /**< the whole request, a map */
    const vsmtp_storage_request *request; /**< for the mail that came with it */
    /** One value may be written here. */
    vsmtp_out *out;

    bool failed;
    enum mail_error error;
    char *text, *internal, *mailbox; /**< or NULL */
};

/* ---- What it was asked with ------------------------------------------------------------------ */

/** A text of a map; NULL, or `fallback`, when it is not there. Lives as long as the request. */
const char *value_text(const vsmtp_value *map, const char *key, const char *fallback);
/** Texts, ended by NULL; none when they are not there. On the data stack. */
const char *const *value_texts(const vsmtp_value *map, const char *key);
bool value_flag(const vsmtp_value *map, const char *key);
int64_t value_number(const vsmtp_value *map, const char *key, int64_t fallback);

/** The text of a key that must be there: 0, or -1 and the operation has failed. */
int operation_need(struct operation *operation, const char *key, const char **text_r);

/* ---- How it fails. Always -1, to be returned at once ----------------------------------------- */

/** The first failure counts. */
int operation_fail(struct operation *operation, enum mail_error error, const char *format, ...)
    ATTR_FORMAT(3, 4);
/** With the last error of a mailbox, a list, or a storage. */
int operation_fail_box(struct operation *operation, struct mailbox *box);
int operation_fail_list(struct operation *operation, struct mailbox_list *list);
int operation_fail_storage(struct operation *operation, struct mail_storage *storage);

/* ---- operations.c ---------------------------------------------------------------------------- */

/** Carries out a request and has it answered. */
void operation_run(vsmtp_storage_request *request);

#endif
