/*
 * Errors of a storage, which mailboxes and mails report into as well.
 *
 * Two kinds. set_error: what the client did is the reason, the client is told, nothing is logged.
 * set_critical: something is wrong here; the log is told with mailbox and mail, the client only
 * when it happened.
 */
#include "model/errors.h"

#include "mail-storage-private.h"

static struct mail_storage_error load(const struct mail_storage *storage)
{
    struct mail_storage_error last = {.error_string = storage->error_string,
                                      .error = storage->error,
                                      .last_internal_error = storage->last_internal_error,
                                      .last_error_is_internal = storage->last_error_is_internal};
    return last;
}

static void store(struct mail_storage *storage, const struct mail_storage_error *last)
{
    storage->error_string = last->error_string;
    storage->error = last->error;
    storage->last_internal_error = last->last_internal_error;
    storage->last_error_is_internal = last->last_error_is_internal;
}

/* ---- Setting ------------------------------------------------------------------------------- */

void mail_storage_clear_error(struct mail_storage *storage)
{
    struct mail_storage_error last = load(storage);

    last_error_clear(&last);
    store(storage, &last);
}

void mail_storage_set_error(struct mail_storage *storage, enum mail_error error, const char *string)
{
    struct mail_storage_error last = load(storage);

    last_error_set(&last, error, string);
    store(storage, &last);
}

static void set_logged(struct mail_storage *storage, struct event *event, const char *text)
{
    struct mail_storage_error last = load(storage);

    last_error_set_internal(&last, text);
    store(storage, &last);
    if (text != NULL)
        e_error(event != NULL ? event : storage->event, "%s", text);
}

void mail_storage_set_internal_error(struct mail_storage *storage)
{
    set_logged(storage, NULL, NULL);
}

void mail_storage_set_critical(struct mail_storage *storage, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    T_BEGIN
    {
        set_logged(storage, NULL, t_strdup_vprintf(fmt, args));
    }
    T_END;
    va_end(args);
}

void mailbox_set_critical(struct mailbox *box, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    T_BEGIN
    {
        set_logged(box->storage, box->event, t_strdup_vprintf(fmt, args));
    }
    T_END;
    va_end(args);
}

void mail_set_critical(struct mail *mail, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    T_BEGIN
    {
        const char *text = t_strdup_vprintf(fmt, args);

        if (mail->saving)
            mailbox_set_critical(mail->box, "Saving mail: %s", text);
        else
            mailbox_set_critical(mail->box, "UID=%u: %s", mail->uid, text);
    }
    T_END;
    va_end(args);
}

bool mail_storage_set_error_from_errno(struct mail_storage *storage)
{
    enum mail_error error;
    const char *text;

    if (!mail_error_from_errno(&error, &text))
        return FALSE;
    if (error == MAIL_ERROR_PERM)
        e_debug(storage->event, "Permission denied: %s", strerror(errno));
    mail_storage_set_error(storage, error, text);
    return TRUE;
}

void mailbox_set_index_error(struct mailbox *box)
{
    mail_storage_set_index_error(box->storage, box->index);
}

/* The index is in memory: what failed was the driver, which has said why. */
void mail_storage_set_index_error(struct mail_storage *storage,
                                  struct mail_index *index ATTR_UNUSED)
{
    if (storage->error == MAIL_ERROR_NONE)
        mail_storage_set_internal_error(storage);
}

/* ---- Passing on ---------------------------------------------------------------------------- */

void mail_storage_copy_list_error(struct mail_storage *storage, struct mailbox_list *list)
{
    const struct mail_storage_error source = {.error_string = list->error_string,
                                              .error = list->error,
                                              .last_internal_error = list->last_internal_error,
                                              .last_error_is_internal =
                                                  list->last_error_is_internal};
    struct mail_storage_error copy = last_error_dup(&source);

    mail_storage_clear_error(storage);
    store(storage, &copy);
}

void mail_storage_copy_error(struct mail_storage *dest, struct mail_storage *src)
{
    struct mail_storage_error source = load(src), copy;

    if (src == dest)
        return;
    copy = last_error_dup(&source);
    mail_storage_clear_error(dest);
    store(dest, &copy);
}

void mail_storage_last_error_push(struct mail_storage *storage)
{
    struct mail_storage_error last = load(storage), copy = last_error_dup(&last);

    if (!array_is_created(&storage->error_stack))
        i_array_init(&storage->error_stack, 2);
    array_push_back(&storage->error_stack, &copy);
}

void mail_storage_last_error_pop(struct mail_storage *storage)
{
    struct mail_storage_error kept = *array_back(&storage->error_stack);

    array_pop_back(&storage->error_stack);
    mail_storage_clear_error(storage);
    store(storage, &kept);
}

/* ---- Asking -------------------------------------------------------------------------------- */

const char *mail_storage_get_last_error(struct mail_storage *storage, enum mail_error *error_r)
{
    struct mail_storage_error last = load(storage);

    return last_error_text(&last, error_r);
}

const char *mail_storage_get_last_internal_error(struct mail_storage *storage,
                                                 enum mail_error *error_r)
{
    struct mail_storage_error last = load(storage);

    return last_error_internal_text(&last, error_r);
}

const char *mailbox_get_last_error(struct mailbox *box, enum mail_error *error_r)
{
    return mail_storage_get_last_error(box->storage, error_r);
}

const char *mailbox_get_last_internal_error(struct mailbox *box, enum mail_error *error_r)
{
    return mail_storage_get_last_internal_error(box->storage, error_r);
}

enum mail_error mailbox_get_last_mail_error(struct mailbox *box)
{
    enum mail_error error;

    (void)mail_storage_get_last_error(box->storage, &error);
    return error;
}
