/*
 * Numbers and properties of a mailbox.
 */
#include "lib.h"

#include "guid.h"
#include "mail-storage-private.h"

static void set_defaults(const struct mailbox *box, struct mailbox_status *status_r)
{
    enum mail_storage_class_flags flags = box->storage->class_flags;

    i_zero(status_r);
    status_r->have_guids = (flags & MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_GUIDS) != 0;
    status_r->have_save_guids = (flags & MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_SAVE_GUIDS) != 0;
    status_r->have_only_guid128 = (flags & MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_GUID128) != 0;
}

int mailbox_get_status(struct mailbox *box, enum mailbox_status_items items,
                       struct mailbox_status *status_r)
{
    int result;

    set_defaults(box, status_r);
    if (mailbox_verify_name(box) < 0)
        return -1;
    /* A mailbox that was opened only tells what it knew. */
    if (box->opened && !box->synced && box->transaction_count == 0 &&
        (items & ENUM_NEGATE(STATUS_CHECK_OVER_QUOTA)) != 0 && mailbox_sync(box, 0) < 0)
        return -1;
    T_BEGIN
    {
        result = box->v.get_status(box, items, status_r);
    }
    T_END;
    return result;
}

void mailbox_get_open_status(struct mailbox *box, enum mailbox_status_items items,
                             struct mailbox_status *status_r)
{
    i_assert(box->opened);

    set_defaults(box, status_r);
    T_BEGIN
    {
        (void)box->v.get_status(box, items, status_r);
    }
    T_END;
}

int mailbox_get_metadata(struct mailbox *box, enum mailbox_metadata_items items,
                         struct mailbox_metadata *metadata_r)
{
    int result;

    i_zero(metadata_r);
    if (mailbox_verify_name(box) < 0)
        return -1;
    T_BEGIN
    {
        result = box->v.get_metadata(box, items, metadata_r);
    }
    T_END;
    i_assert(result < 0 || (items & MAILBOX_METADATA_GUID) == 0 ||
             !guid_128_is_empty(metadata_r->guid));
    return result;
}

enum mail_flags mailbox_get_private_flags_mask(struct mailbox *box)
{
    return box->v.get_private_flags_mask == NULL ? 0 : box->v.get_private_flags_mask(box);
}
