/*
 * Doing something with the file of a mail, whatever it is called at the moment.
 */
#include "maildir/mailbox.h"
#include "maildir/sync.h"
#include "maildir/uidlist.h"

enum { FILE_TRIES = 5 };

int maildir_file_do(struct maildir_mailbox *mbox, uint32_t uid, maildir_file_callback_t *callback,
                    void *context)
{
    for (unsigned int i = 0; i < FILE_TRIES; i++) {
        const struct maildir_rec *rec =
            mbox->uidlist == NULL ? NULL : maildir_uidlist_lookup(mbox->uidlist, uid);
        int result;

        if (rec == NULL || rec->dead)
            return 0;
        T_BEGIN
        {
            result = callback(mbox, maildir_rec_path(mbox->uidlist, rec), context);
        }
        T_END;
        if (result == 0)
            return 1;
        if (errno != ENOENT)
            return -1;
        if (maildir_sync(mbox, MAILDIR_SYNC_FORCE) < 0)
            return -2;
    }
    mailbox_set_critical(&mbox->base.box, "UID=%u: The file is renamed all the time", uid);
    return -2;
}
