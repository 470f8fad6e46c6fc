/*
 * Errors of a mailbox list; as those of a storage.
 */
#include "model/errors.h"

#include "mailbox-list-private.h"

static struct mail_storage_error load(const struct mailbox_list *list)
{
    struct mail_storage_error last = {.error_string = list->error_string,
                                      .error = list->error,
                                      .last_internal_error = list->last_internal_error,
                                      .last_error_is_internal = list->last_error_is_internal};
    return last;
}

static void store(struct mailbox_list *list, const struct mail_storage_error *last)
{
    list->error_string = last->error_string;
    list->error = last->error;
    list->last_internal_error = last->last_internal_error;
    list->last_error_is_internal = last->last_error_is_internal;
    list->temporary_error = last->error == MAIL_ERROR_TEMP;
}

void mailbox_list_clear_error(struct mailbox_list *list)
{
    struct mail_storage_error last = load(list);

    last_error_clear(&last);
    store(list, &last);
}

void mailbox_list_set_error(struct mailbox_list *list, enum mail_error error, const char *string)
{
    struct mail_storage_error last = load(list);

    last_error_set(&last, error, string);
    store(list, &last);
}

void mailbox_list_set_internal_error(struct mailbox_list *list)
{
    struct mail_storage_error last = load(list);

    last_error_set_internal(&last, NULL);
    store(list, &last);
}

void mailbox_list_set_critical(struct mailbox_list *list, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    T_BEGIN
    {
        const char *text = t_strdup_vprintf(fmt, args);
        struct mail_storage_error last = load(list);

        last_error_set_internal(&last, text);
        store(list, &last);
        e_error(list->ns->user->event, "Mailbox list of namespace '%s' (%s): %s", list->ns->prefix,
                list->name, text);
    }
    T_END;
    va_end(args);
}

bool mailbox_list_set_error_from_errno(struct mailbox_list *list)
{
    enum mail_error error;
    const char *text;

    if (!mail_error_from_errno(&error, &text))
        return FALSE;
    mailbox_list_set_error(list, error, text);
    return TRUE;
}

const char *mailbox_list_get_last_error(struct mailbox_list *list, enum mail_error *error_r)
{
    struct mail_storage_error last = load(list);

    return last_error_text(&last, error_r);
}

enum mail_error mailbox_list_get_last_mail_error(struct mailbox_list *list)
{
    enum mail_error error;

    (void)mailbox_list_get_last_error(list, &error);
    return error;
}

const char *mailbox_list_get_last_internal_error(struct mailbox_list *list,
                                                 enum mail_error *error_r)
{
    struct mail_storage_error last = load(list);

    return last_error_internal_text(&last, error_r);
}

void mailbox_list_last_error_push(struct mailbox_list *list)
{
    struct mail_storage_error last = load(list), copy = last_error_dup(&last);

    if (!array_is_created(&list->error_stack))
        i_array_init(&list->error_stack, 2);
    array_push_back(&list->error_stack, &copy);
}

void mailbox_list_last_error_pop(struct mailbox_list *list)
{
    struct mail_storage_error kept = *array_back(&list->error_stack);

    array_pop_back(&list->error_stack);
    mailbox_list_clear_error(list);
    store(list, &kept);
}
