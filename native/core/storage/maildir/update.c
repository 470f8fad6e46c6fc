/*
 * What the uidlist's header says of a mailbox: its guid, uidvalidity and next uid.
 */
#include "maildir/failure.h"
#include "maildir/mailbox.h"
#include "maildir/uidlist.h"

static void apply(struct maildir_uidlist *list, const struct mailbox_update *update)
{
    if (!guid_128_is_empty(update->mailbox_guid))
        guid_128_copy(list->guid, update->mailbox_guid);
    if (update->uid_validity != 0)
        list->uid_validity = update->uid_validity;
    list->next_uid = I_MAX(list->next_uid, update->min_next_uid);
}

/* Changes the header of the file; `update` NULL: only makes sure that there is a good one. */
static int rewrite(struct maildir_uidlist *list, const struct mailbox_update *update)
{
    int result;

    if (maildir_uidlist_lock(list) < 0)
        return -1;
    result = maildir_uidlist_refresh(list);
    if (result >= 0) {
        if (update != NULL)
            apply(list, update);
        result = maildir_uidlist_rewrite(list);
    }
    maildir_uidlist_unlock(list);
    return result;
}

static struct maildir_uidlist *uidlist_of(struct mailbox *box)
{
    struct maildir_mailbox *mbox = maildir_mailbox(box);

    if (mbox->uidlist == NULL)
        mbox->uidlist = maildir_uidlist_alloc(box);
    return mbox->uidlist;
}

int maildir_update_box(struct mailbox *box, const struct mailbox_update *update)
{
    if (guid_128_is_empty(update->mailbox_guid) && update->uid_validity == 0 &&
        update->min_next_uid == 0)
        return 0;
    return rewrite(uidlist_of(box), update);
}

int maildir_get_guid(struct mailbox *box, guid_128_t guid_r)
{
    struct maildir_uidlist *list = uidlist_of(box);

    if (maildir_uidlist_refresh(list) < 0)
        return -1;
    if ((guid_128_is_empty(list->guid) || list->uid_validity == 0) && rewrite(list, NULL) < 0)
        return -1;
    guid_128_copy(guid_r, list->guid);
    return 0;
}
