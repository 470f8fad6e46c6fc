/*
 * Opening and closing. A mailbox that the configuration wants to exist is created when it is missing,
 * and opened again.
 */
#include "lib.h"

#include "array.h"
#include "istream.h"
#include "lib-event.h"
#include "mail-storage-private.h"

/* What mailbox_alloc() or a plugin found wrong with it. */
static int delayed_error(struct mailbox *box)
{
    if (box->open_error == MAIL_ERROR_NONE)
        return 0;
    if (box->open_error == MAIL_ERROR_NOTFOUND) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTFOUND,
                               T_MAIL_ERR_MAILBOX_NOT_FOUND(box->vname));
        return -1;
    }
    mail_storage_set_internal_error(box->storage);
    box->storage->error = box->open_error;
    return -1;
}

static int autocreate(struct mailbox *box)
{
    enum mail_error error;
    const char *text;

    if (mailbox_create(box, NULL, FALSE) < 0) {
        text = mail_storage_get_last_internal_error(box->storage, &error);
        if (error != MAIL_ERROR_EXISTS) {
            if (error == MAIL_ERROR_TEMP)
                mailbox_set_critical(box, "Failed to autocreate mailbox: %s", t_strdup(text));
            return -1;
        }
    }
    if (mailbox_is_autosubscribed(box) && mailbox_set_subscribed(box, TRUE) < 0) {
        text = t_strdup(mail_storage_get_last_internal_error(box->storage, NULL));
        mailbox_set_critical(box, "Failed to autosubscribe mailbox: %s", text);
        return -1;
    }
    return 0;
}

static int autocreate_and_reopen(struct mailbox *box)
{
    if (autocreate(box) < 0)
        return -1;
    mailbox_close(box);
    return box->v.open(box);
}

static int open_box(struct mailbox *box)
{
    int result = box->v.open(box);

    if (result == 0 || box->storage->error != MAIL_ERROR_NOTFOUND)
        return result;
    if (box->deleting || box->creating || box->input != NULL || !mailbox_is_autocreated(box))
        return result;
    return autocreate_and_reopen(box);
}

static int open_full(struct mailbox *box, struct istream *input)
{
    int result;

    if (box->opened)
        return 0;
    mail_storage_clear_error(box->storage);
    if (delayed_error(box) < 0 || mailbox_verify_name(box) < 0)
        return -1;
    if (input != NULL) {
        if ((box->storage->class_flags & MAIL_STORAGE_CLASS_FLAG_OPEN_STREAMS) == 0) {
            mailbox_set_critical(box, "Storage doesn't support streamed mailboxes");
            return -1;
        }
        i_stream_ref(input);
        box->input = input;
        box->flags |= MAILBOX_FLAG_READONLY;
    }
    T_BEGIN
    {
        result = open_box(box);
    }
    T_END;
    if (result < 0) {
        i_stream_unref(&box->input);
        return -1;
    }
    box->list->ns->flags |= NAMESPACE_FLAG_USABLE;
    return 0;
}

int mailbox_open(struct mailbox *box)
{
    /* A streamed mailbox that was closed is opened with the same stream again. */
    struct istream *input = box->input;
    int result;

    if (input == NULL || box->opened)
        return open_full(box, NULL);
    box->input = NULL;
    result = open_full(box, input);
    i_stream_unref(&input);
    return result;
}

int mailbox_open_stream(struct mailbox *box, struct istream *input)
{
    return open_full(box, input);
}

void mailbox_close(struct mailbox *box)
{
    if (!box->opened)
        return;
    if (box->transaction_count != 0)
        i_panic("Trying to close mailbox %s with open transactions", box->name);
    i_assert(box->attribute_iter_count == 0);

    box->v.close(box);
    box->opened = FALSE;
    box->synced = FALSE;
    box->mailbox_deleted = FALSE;
    array_clear(&box->search_results);
    if (array_is_created(&box->recent_flags))
        array_free(&box->recent_flags);
    box->recent_flags_prev_uid = 0;
    box->recent_flags_count = 0;
}

int mailbox_exists(struct mailbox *box, bool auto_boxes, enum mailbox_existence *existence_r)
{
    *existence_r = MAILBOX_EXISTENCE_NONE;
    if (box->open_error == MAIL_ERROR_NOTFOUND)
        return 0;
    if (delayed_error(box) < 0)
        return -1;
    /* A name that cannot be is not there. */
    if (mailbox_verify_name(box) < 0)
        return 0;
    if (auto_boxes && mailbox_is_autocreated(box)) {
        *existence_r = MAILBOX_EXISTENCE_SELECT;
        return 0;
    }
    return box->v.exists(box, auto_boxes, existence_r);
}

void mailbox_set_deleted(struct mailbox *box)
{
    mail_storage_set_error(box->storage, MAIL_ERROR_NOTFOUND, "Mailbox was deleted under us");
    box->mailbox_deleted = TRUE;
}
