/*
 * The dotlock of the uidlist, which Dovecot honours too. A holder that works for long renews it.
 */
#include "maildir/uidlist.h"

#include "maildir/failure.h"
#include "maildir/mailbox.h"

#include "file-dotlock.h"

enum { LOCK_SECONDS = 120 };

static int create(struct maildir_uidlist *list)
{
    const struct mail_storage_settings *set = list->box->storage->set;
    struct dotlock_settings lock;

    i_zero(&lock);
    lock.timeout = mail_storage_get_lock_timeout(list->box->storage, LOCK_SECONDS);
    lock.stale_timeout = LOCK_SECONDS;
    lock.use_excl_lock = set->dotlock_use_excl;
    lock.nfs_flush = set->mail_nfs_storage;
    return file_dotlock_create(&lock, list->path, 0, &list->lock);
}

int maildir_uidlist_lock(struct maildir_uidlist *list)
{
    int result;

    if (list->lock_count > 0) {
        (void)file_dotlock_touch(list->lock);
        list->lock_count++;
        return 0;
    }
    result = create(list);
    if (result < 0 && errno == ENOENT &&
        mailbox_create_missing_dir(list->box, MAILBOX_LIST_PATH_TYPE_CONTROL) >= 0) {
        errno = ENOENT;
        result = create(list);
    }
    if (result < 0)
        return maildir_failed(list->box, "file_dotlock_create", list->path);
    if (result == 0) {
        mail_storage_set_error(list->box->storage, MAIL_ERROR_TEMP, MAIL_ERRSTR_LOCK_TIMEOUT);
        return -1;
    }
    list->lock_count = 1;
    return 0;
}

void maildir_uidlist_unlock(struct maildir_uidlist *list)
{
    i_assert(list->lock_count > 0);
    if (--list->lock_count == 0)
        file_dotlock_delete(&list->lock);
}
