/*
 * Why an operation on mails failed, as a class that a client can be told, and the usual sentences.
 */
#ifndef MAIL_ERROR_H
#define MAIL_ERROR_H

/** Classes of errors. TEMP is also the class of everything that only the log explains. */
enum mail_error {
    MAIL_ERROR_NONE = 0,
    MAIL_ERROR_TEMP,
    MAIL_ERROR_UNAVAILABLE,
    MAIL_ERROR_NOTPOSSIBLE,
    MAIL_ERROR_PARAMS,
    MAIL_ERROR_PERM,
    MAIL_ERROR_NOQUOTA,
    MAIL_ERROR_NOTFOUND,
    MAIL_ERROR_EXISTS,
    MAIL_ERROR_EXPUNGED,
    MAIL_ERROR_INUSE,
    MAIL_ERROR_CONVERSION,
    MAIL_ERROR_INVALIDDATA,
    MAIL_ERROR_LIMIT,
    MAIL_ERROR_LOOKUP_ABORTED
};

/* Sentences that clients see. The `%s` is a mailbox as the user names it. */
#define MAIL_ERRSTR_MAILBOX_NOT_FOUND "Mailbox doesn't exist: %s"
#define MAIL_ERRSTR_MAILBOX_EXISTS "Mailbox already exists"
#define MAIL_ERRSTR_NO_PERMISSION "Permission denied"
#define MAIL_ERRSTR_NO_QUOTA "Not enough disk quota"
#define MAIL_ERRSTR_LOCK_TIMEOUT "Timeout while waiting for lock"
#define MAIL_ERRSTR_EXPUNGED "Message was expunged"
#define MAIL_ERRSTR_CRITICAL_MSG \
    "Internal error occurred. Refer to server log for more information."
/** strftime() format: the sentence above and when it happened, to be found in the log. */
#define MAIL_ERRSTR_CRITICAL_MSG_STAMP MAIL_ERRSTR_CRITICAL_MSG " [%Y-%m-%d %H:%M:%S]"

#define T_MAIL_ERR_MAILBOX_NOT_FOUND(name) t_strdup_printf(MAIL_ERRSTR_MAILBOX_NOT_FOUND, name)

DOVECOT_API_BEGIN

/**
 * What errno means to a client: its class and sentence. False when the class would be a guess; then
 * the error belongs in the log (mail_storage_set_critical()).
 */
bool mail_error_from_errno(enum mail_error *error_r, const char **error_string_r);

/**
 * For the log: what is in the way of a system call that failed with EACCES (with the second: that
 * was to create the path). On the data stack.
 */
const char *mail_error_eacces_msg(const char *func, const char *path);
const char *mail_error_create_eacces_msg(const char *func, const char *path);

DOVECOT_API_END

#endif
