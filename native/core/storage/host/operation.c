/*
 * Reading the maps that operations are asked with, and remembering the first thing that went wrong.
 */
#include "host/operation.h"

#include "array.h"
#include "mail-storage.h"
#include "mailbox-list.h"

const char *value_text(const vsmtp_value *map, const char *key, const char *fallback)
{
    vsmtp_value value;
    const char *text = vsmtp_map_get(map, key, &value) ? vsmtp_as_string(&value, NULL) : NULL;

    return text != NULL ? text : fallback;
}

const char *const *value_texts(const vsmtp_value *map, const char *key)
{
    ARRAY(const char *) texts;
    vsmtp_value list;
    vsmtp_cursor cursor;

    t_array_init(&texts, 8);
    if (vsmtp_map_get(map, key, &list)) {
        for (vsmtp_iterate(&list, &cursor); vsmtp_next(&cursor);) {
            const char *text = vsmtp_as_string(&cursor.value, NULL);

            if (text != NULL)
                array_push_back(&texts, &text);
        }
    }
    array_append_zero(&texts);
    return array_front(&texts);
}

bool value_flag(const vsmtp_value *map, const char *key)
{
    vsmtp_value value;
    bool flag = false;

    return vsmtp_map_get(map, key, &value) && vsmtp_as_bool(&value, &flag) && flag;
}

int64_t value_number(const vsmtp_value *map, const char *key, int64_t fallback)
{
    vsmtp_value value;
    int64_t number;

    return vsmtp_map_get(map, key, &value) && vsmtp_as_int(&value, &number) ? number : fallback;
}

int operation_need(struct operation *operation, const char *key, const char **text_r)
{
    *text_r = value_text(&operation->arguments, key, NULL);
    return *text_r != NULL ? 0
                           : operation_fail(operation, MAIL_ERROR_PARAMS, "No %s was given", key);
}

static int remember(struct operation *operation, enum mail_error error, const char *text,
                    const char *internal, const char *mailbox)
{
    if (operation->failed)
        return -1;
    operation->failed = true;
    operation->error = error;
    operation->text = i_strdup(text);
    operation->internal = i_strdup(internal);
    operation->mailbox = i_strdup(mailbox);
    return -1;
}

int operation_fail(struct operation *operation, enum mail_error error, const char *format, ...)
{
    const char *text;
    va_list arguments;

    va_start(arguments, format);
    text = t_strdup_vprintf(format, arguments);
    va_end(arguments);
    return remember(operation, error, text, text, NULL);
}

int operation_fail_box(struct operation *operation, struct mailbox *box)
{
    enum mail_error error;
    const char *internal = t_strdup(mailbox_get_last_internal_error(box, &error));

    return remember(operation, error, mailbox_get_last_error(box, &error), internal,
                    mailbox_get_vname(box));
}

int operation_fail_list(struct operation *operation, struct mailbox_list *list)
{
    enum mail_error error;
    const char *internal = t_strdup(mailbox_list_get_last_internal_error(list, &error));

    return remember(operation, error, mailbox_list_get_last_error(list, &error), internal, NULL);
}

int operation_fail_storage(struct operation *operation, struct mail_storage *storage)
{
    enum mail_error error;
    const char *internal = t_strdup(mail_storage_get_last_internal_error(storage, &error));

    return remember(operation, error, mail_storage_get_last_error(storage, &error), internal, NULL);
}
