/*
 * Errors: what clients are told, what the log is told, and how an error is kept over others.
 */
#include "lib.h"

#include "mailbox-list-private.h"
#include "mailbox/session.h"
#include "model/lists.h"

static char logged[1024];
static unsigned int logged_count;

static void remember(const struct failure_context *ctx ATTR_UNUSED, const char *format,
                     va_list args)
{
    logged_count++;
    (void)vsnprintf(logged, sizeof(logged), format, args);
}

/* Whether `text` is "Internal error occurred. … [2026-01-31 23:59:59]". */
static bool is_internal_text(const char *text)
{
    size_t length = strlen(MAIL_ERRSTR_CRITICAL_MSG);

    return strncmp(text, MAIL_ERRSTR_CRITICAL_MSG " [", length + 2) == 0 &&
           strlen(text) == length + strlen(" [2026-01-31 23:59:59]");
}

static void client_errors(struct mail_storage *storage)
{
    enum mail_error error;

    mail_storage_set_error(storage, MAIL_ERROR_NOQUOTA, "Too much");
    is_str(mail_storage_get_last_error(storage, &error), "Too much", "a client's error is told");
    is_int(error, MAIL_ERROR_NOQUOTA, "with its class");
    is_str(mail_storage_get_last_internal_error(storage, &error), "Too much", "to the log too");
    is_int(logged_count, 0, "and nothing is logged");
    mail_storage_set_error(storage, MAIL_ERROR_PERM, mail_storage_get_last_error(storage, NULL));
    is_str(mail_storage_get_last_error(storage, &error), "Too much",
           "its own text can be set again");
    is_int(error, MAIL_ERROR_PERM, "with another class");
    mail_storage_clear_error(storage);
    is_str(mail_storage_get_last_error(storage, &error),
           "Internal error occurred, and nothing says why: an operation failed without an error",
           "without an error there is still a text");
    is_int(error, MAIL_ERROR_TEMP, "and a class");
}

static void critical_errors(struct mail_storage *storage, struct mailbox *box)
{
    enum mail_error error;

    mail_storage_set_critical(storage, "write(%s) failed: %s", "/x", "Input/output error");
    ok(is_internal_text(mail_storage_get_last_error(storage, &error)),
       "what is wrong here is not the client's business: %s",
       mail_storage_get_last_error(storage, NULL));
    is_int(error, MAIL_ERROR_TEMP, "it may try again");
    is_str(mail_storage_get_last_internal_error(storage, NULL),
           "write(/x) failed: Input/output error", "the log's text is kept");
    ok(logged_count == 1 && strstr(logged, "kim@example.org") != NULL &&
           strstr(logged, "write(/x) failed: Input/output error") != NULL,
       "and logged, with the user: %s", logged);
    mailbox_set_critical(box, "stat(%s) failed", "/y");
    ok(strstr(logged, "INBOX") != NULL && strstr(logged, "stat(/y) failed") != NULL,
       "a mailbox is named: %s", logged);
    mail_storage_set_critical(storage, "again: %s",
                              mail_storage_get_last_internal_error(storage, NULL));
    is_str(mail_storage_get_last_internal_error(storage, NULL), "again: stat(/y) failed",
           "a text can hold the one before");
    logged_count = 0;
    mail_storage_set_internal_error(storage);
    ok(is_internal_text(mail_storage_get_last_error(storage, NULL)) &&
           is_internal_text(mail_storage_get_last_internal_error(storage, NULL)) &&
           logged_count == 0,
       "an internal error without more is not logged");
}

static void mail_errors(struct mailbox *box)
{
    struct mailbox_transaction_context *t;
    struct mail *mail;

    if (mailbox_open(box) < 0)
        i_fatal("%s", mailbox_get_last_internal_error(box, NULL));
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail->uid = 17;
    mail_set_critical(mail, "is broken");
    ok(strstr(logged, "INBOX") != NULL && strstr(logged, "UID=17: is broken") != NULL,
       "a mail is named: %s", logged);
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
}

static const struct {
    int error_number;
    bool mapped;
    enum mail_error error;
    const char *text;
} errnos[] = {
    {EACCES, TRUE, MAIL_ERROR_PERM, "Permission denied"},
    {EPERM, TRUE, MAIL_ERROR_PERM, "Permission denied"},
    {EROFS, TRUE, MAIL_ERROR_PERM, "Permission denied"},
    {EDQUOT, TRUE, MAIL_ERROR_NOQUOTA, "Not enough disk quota"},
    {ENOENT, TRUE, MAIL_ERROR_NOTFOUND, "Not found"},
    {ENOTDIR, TRUE, MAIL_ERROR_NOTFOUND, "Not found"},
    {ENAMETOOLONG, TRUE, MAIL_ERROR_NOTFOUND, "Not found"},
    {ELOOP, TRUE, MAIL_ERROR_NOTFOUND, "Directory structure is broken"},
    {ENOSPC, FALSE, MAIL_ERROR_NONE, NULL},
    {EIO, FALSE, MAIL_ERROR_NONE, NULL},
};

static void errors_from_errno(struct mail_storage *storage, struct mailbox_list *list)
{
    enum mail_error error;

    for (unsigned int i = 0; i < N_ELEMENTS(errnos); i++) {
        const char *name = strerror(errnos[i].error_number);

        mail_storage_clear_error(storage);
        errno = errnos[i].error_number;
        ok(mail_storage_set_error_from_errno(storage) == errnos[i].mapped, "%s %s", name,
           errnos[i].mapped ? "says something to a client" : "belongs in the log");
        errno = errnos[i].error_number;
        ok(mailbox_list_set_error_from_errno(list) == errnos[i].mapped, "the same for a list");
        if (!errnos[i].mapped)
            continue;
        is_str(mail_storage_get_last_error(storage, &error), errnos[i].text, "namely this");
        is_int(error, errnos[i].error, "of this class");
    }
}

static void kept_errors(struct mail_storage *storage, struct mailbox_list *list)
{
    enum mail_error error;

    mail_storage_set_critical(storage, "the first");
    mail_storage_last_error_push(storage);
    mail_storage_set_error(storage, MAIL_ERROR_EXISTS, "the second");
    mail_storage_last_error_push(storage);
    mail_storage_set_error(storage, MAIL_ERROR_EXISTS, "the third");
    mail_storage_last_error_pop(storage);
    is_str(mail_storage_get_last_error(storage, &error), "the second",
           "errors are kept in a stack");
    mail_storage_last_error_pop(storage);
    is_str(mail_storage_get_last_internal_error(storage, &error), "the first",
           "with what the log was told");
    is_int(error, MAIL_ERROR_TEMP, "and their class");

    mailbox_list_set_error(list, MAIL_ERROR_PARAMS, "a list's");
    mailbox_list_last_error_push(list);
    mailbox_list_set_critical(list, "another");
    ok(strstr(logged, "Mailbox list of namespace ''") != NULL && strstr(logged, "another") != NULL,
       "a list's error names it: %s", logged);
    mailbox_list_last_error_pop(list);
    is_str(mailbox_list_get_last_error(list, NULL), "a list's", "a list keeps its errors too");
    mail_storage_copy_list_error(storage, list);
    is_str(mail_storage_get_last_error(storage, &error), "a list's",
           "a list's error can be a storage's");
    is_int(error, MAIL_ERROR_PARAMS, "with its class");
    mailbox_list_set_critical(list, "details");
    mail_storage_copy_list_error(storage, list);
    is_str(mail_storage_get_last_internal_error(storage, NULL), "details", "and its details");
    is_int(mailbox_list_get_last_mail_error(list), MAIL_ERROR_TEMP, "the class alone can be asked");
}

int main(void)
{
    struct mail_storage *storage;
    struct mail_user *user;
    struct mailbox *box;

    session_begin();
    i_set_error_handler(remember);
    user = session_user();
    storage = user->namespaces->storage;
    box = mailbox_alloc(user->namespaces->list, "INBOX", 0);
    client_errors(storage);
    critical_errors(storage, box);
    mail_errors(box);
    errors_from_errno(storage, user->namespaces->list);
    kept_errors(storage, user->namespaces->list);
    mailbox_free(&box);
    session_end(&user);
    return done();
}
