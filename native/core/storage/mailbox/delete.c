/*
 * Deleting a mailbox: first its mails, as anyone else would expunge them, so that plugins see each one
 * go; then the mailbox.
 */
#include "lib.h"

#include "attributes.h"
#include "base.h"
#include "mail-search-build.h"

int mailbox_delete(struct mailbox *box)
{
    int result;

    mail_storage_clear_error(box->storage);
    if (*box->name == '\0') {
        mail_storage_set_error(box->storage, MAIL_ERROR_PARAMS, "Storage root can't be deleted");
        return -1;
    }
    box->deleting = TRUE;
    /* What cannot be opened because it only has children can still be deleted. */
    if (mailbox_open(box) < 0 && mailbox_get_last_mail_error(box) != MAIL_ERROR_NOTFOUND &&
        !box->mailbox_deleted) {
        box->deleting = FALSE;
        return -1;
    }
    if (mailbox_list_lock(box->list) < 0) {
        mail_storage_copy_list_error(box->storage, box->list);
        result = -1;
    } else {
        T_BEGIN
        {
            result = box->v.delete_box(box);
        }
        T_END;
        mailbox_list_unlock(box->list);
    }
    if (result < 0 && box->marked_deleted)
        (void)mailbox_mark_index_deleted(box, FALSE);
    box->deleting = FALSE;
    mail_storage_last_error_push(box->storage);
    mailbox_close(box);
    mail_storage_last_error_pop(box->storage);
    return result;
}

int mailbox_delete_empty(struct mailbox *box)
{
    int result;

    box->deleting_must_be_empty = TRUE;
    result = mailbox_delete(box);
    box->deleting_must_be_empty = FALSE;
    return result;
}

/* Nothing can be saved into a mailbox that is marked. Other processes learn of it when it is gone. */
int mailbox_mark_index_deleted(struct mailbox *box, bool del)
{
    if (!del) {
        box->marked_deleted = FALSE;
        return 0;
    }
    if (mailbox_sync(box, MAILBOX_SYNC_FLAG_FULL_READ) < 0)
        return -1;
    box->marked_deleted = TRUE;
    return 0;
}

static int expunge_all(struct mailbox *box)
{
    struct mailbox_transaction_context *t;
    struct mail_search_args *args;
    struct mail_search_context *search;
    struct mail *mail;

    t = mailbox_transaction_begin(box, 0, "mailbox delete");
    args = mail_search_build_init();
    mail_search_build_add_all(args);
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    while (mailbox_search_next(search, &mail))
        mail_expunge(mail);
    if (mailbox_search_deinit(&search) < 0) {
        mailbox_transaction_rollback(&t);
        return -1;
    }
    return mailbox_transaction_commit(&t);
}

/* After the mark: mails that are there now came while the others were expunged. */
static int verify_empty(struct mailbox *box)
{
    struct mailbox_status status;

    if (mailbox_sync(box, MAILBOX_SYNC_FLAG_FULL_READ) < 0)
        return -1;
    mailbox_get_open_status(box, STATUS_MESSAGES, &status);
    if (status.messages == 0)
        return 0;
    mail_storage_set_error(box->storage, MAIL_ERROR_EXISTS,
                           box->deleting_must_be_empty
                               ? "Mailbox isn't empty, can't delete it"
                               : "New mails were added to the mailbox during its deletion");
    return -1;
}

static int empty_box(struct mailbox *box)
{
    if (!box->deleting_must_be_empty &&
        (mailbox_sync(box, MAILBOX_SYNC_FLAG_FULL_READ) < 0 || expunge_all(box) < 0))
        return -1;
    if (mailbox_mark_index_deleted(box, TRUE) < 0)
        return -1;
    return verify_empty(box);
}

static int list_result(struct mailbox *box, int result)
{
    if (result < 0)
        mail_storage_copy_list_error(box->storage, box->list);
    return result;
}

int mailbox_base_delete_box(struct mailbox *box)
{
    struct mailbox_metadata metadata;

    if (box->inbox_user) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE, "INBOX can't be deleted.");
        return -1;
    }
    if (!box->opened)
        return list_result(box, box->list->v.delete_dir(box->list, box->name));
    if ((box->flags & MAILBOX_FLAG_DELETE_UNSAFE) == 0) {
        /* A link to someone else's mailbox goes, their mails stay. */
        if (mailbox_list_delete_symlink(box->list, box->name) == 0)
            return 0;
        if (empty_box(box) < 0)
            return -1;
    }
    if (mailbox_get_metadata(box, MAILBOX_METADATA_GUID, &metadata) < 0)
        return -1;
    mailbox_close(box);
    if (list_result(box, box->list->v.delete_mailbox(box->list, box->name)) < 0)
        return -1;
    attributes_forget(box, metadata.guid);
    /* It may have left an empty parent directory; with children that stays. */
    (void)box->list->v.delete_dir(box->list, box->name);
    return 0;
}
