/*
 * Creating and changing mailboxes, and subscribing to them.
 */
#include "lib.h"

#include "mail-storage-private.h"
#include "model/lists.h"

int mailbox_create(struct mailbox *box, const struct mailbox_update *update, bool directory)
{
    int result;

    mail_storage_clear_error(box->storage);
    if (mailbox_verify_create_name(box) < 0)
        return -1;
    if (mailbox_list_lock(box->list) < 0) {
        mail_storage_copy_list_error(box->storage, box->list);
        return -1;
    }
    box->creating = TRUE;
    T_BEGIN
    {
        result = box->v.create_box(box, update, directory);
    }
    T_END;
    box->creating = FALSE;
    mailbox_list_unlock(box->list);

    if (result < 0 && box->opened) {
        /* What it opened was made only in part. */
        mail_storage_last_error_push(box->storage);
        mailbox_close(box);
        mail_storage_last_error_pop(box->storage);
    }
    return result;
}

int mailbox_update(struct mailbox *box, const struct mailbox_update *update)
{
    int result;

    mail_storage_clear_error(box->storage);
    if (mailbox_verify_name(box) < 0)
        return -1;
    T_BEGIN
    {
        result = box->v.update_box(box, update);
    }
    T_END;
    return result;
}

bool mailbox_is_subscribed(struct mailbox *box)
{
    return mailbox_list_is_subscribed(box->list, box->vname) > 0;
}

int mailbox_set_subscribed(struct mailbox *box, bool set)
{
    int subscribed, result;

    mail_storage_clear_error(box->storage);
    if (mailbox_verify_name(box) < 0)
        return -1;
    subscribed = mailbox_list_is_subscribed(box->list, box->vname);
    if (subscribed < 0) {
        mail_storage_copy_list_error(box->storage, box->list);
        return -1;
    }
    if ((subscribed > 0) == set)
        return 0;
    T_BEGIN
    {
        result = box->v.set_subscribed(box, set);
    }
    T_END;
    return result;
}

int mailbox_enable(struct mailbox *box, enum mailbox_feature features)
{
    if ((box->enabled_features & features) == features)
        return 0;
    return box->v.enable(box, features);
}

enum mailbox_feature mailbox_get_enabled_features(struct mailbox *box)
{
    return box->enabled_features;
}
