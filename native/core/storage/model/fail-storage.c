/*
 * The storage of a namespace that holds nothing: every mailbox can be asked about and none exists.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "mailbox/base.h"
#include "model/storages.h"

static struct mail_storage fail_storage;
static const struct mailbox_vfuncs fail_mailbox_vfuncs;

static struct mail_storage *fail_alloc(void)
{
    pool_t pool = pool_alloconly_create("fail storage", 1024);
    struct mail_storage *storage = p_new(pool, struct mail_storage, 1);

    *storage = fail_storage;
    storage->pool = pool;
    return storage;
}

static void fail_destroy(struct mail_storage *storage ATTR_UNUSED) {}

struct mailbox *fail_mailbox_alloc(struct mail_storage *storage, struct mailbox_list *list,
                                   const char *vname, enum mailbox_flags flags)
{
    pool_t pool = pool_alloconly_create("fail mailbox", 1024 + 512);
    struct mailbox_base *base = p_new(pool, struct mailbox_base, 1);
    struct mailbox *box = &base->box;

    box->pool = pool;
    box->v = fail_mailbox_vfuncs;
    box->storage = storage;
    box->list = list;
    mailbox_base_init(box, vname, flags);
    return box;
}

/* ---- Mailboxes ----------------------------------------------------------------------------- */

static int not_there(struct mailbox *box)
{
    mail_storage_set_error(box->storage, MAIL_ERROR_NOTFOUND,
                           T_MAIL_ERR_MAILBOX_NOT_FOUND(box->vname));
    return -1;
}

static int not_possible(struct mailbox *box)
{
    mail_storage_set_error(
        box->storage, MAIL_ERROR_NOTPOSSIBLE,
        t_strdup_printf("Unknown namespace: mailbox %s cannot be created", box->vname));
    return -1;
}

static int fail_exists(struct mailbox *box ATTR_UNUSED, bool auto_boxes ATTR_UNUSED,
                       enum mailbox_existence *existence_r)
{
    *existence_r = MAILBOX_EXISTENCE_NONE;
    return 0;
}

static int fail_create_box(struct mailbox *box, const struct mailbox_update *update ATTR_UNUSED,
                           bool directory ATTR_UNUSED)
{
    return not_possible(box);
}

static int fail_update_box(struct mailbox *box, const struct mailbox_update *update ATTR_UNUSED)
{
    return not_there(box);
}

static int fail_rename_box(struct mailbox *src, struct mailbox *dest ATTR_UNUSED)
{
    return not_there(src);
}

static int fail_get_status(struct mailbox *box, enum mailbox_status_items items ATTR_UNUSED,
                           struct mailbox_status *status_r ATTR_UNUSED)
{
    return not_there(box);
}

static int fail_get_metadata(struct mailbox *box, enum mailbox_metadata_items items ATTR_UNUSED,
                             struct mailbox_metadata *metadata_r ATTR_UNUSED)
{
    return not_there(box);
}

static int fail_set_subscribed(struct mailbox *box, bool set ATTR_UNUSED)
{
    return not_there(box);
}

static const struct mailbox_vfuncs fail_mailbox_vfuncs = {
    /* None of them can be opened, so what needs an open mailbox is never called. */
    .is_readonly = mailbox_base_is_readonly,
    .enable = mailbox_base_enable,
    .exists = fail_exists,
    .open = not_there,
    .close = mailbox_base_close,
    .free = mailbox_base_free,
    .create_box = fail_create_box,
    .update_box = fail_update_box,
    .delete_box = not_there,
    .rename_box = fail_rename_box,
    .get_status = fail_get_status,
    .get_metadata = fail_get_metadata,
    .set_subscribed = fail_set_subscribed,
    .attribute_set = mailbox_base_attribute_set,
    .attribute_get = mailbox_base_attribute_get,
    .attribute_iter_init = mailbox_base_attribute_iter_init,
    .attribute_iter_next = mailbox_base_attribute_iter_next,
    .attribute_iter_deinit = mailbox_base_attribute_iter_deinit,
    .list_index_has_changed = mailbox_base_list_index_has_changed,
    .list_index_update_sync = mailbox_base_list_index_update_sync,
    .sync_next = mailbox_base_sync_next,
    .sync_deinit = mailbox_base_sync_deinit,
    .transaction_begin = mailbox_base_transaction_begin,
    .transaction_commit = mailbox_base_transaction_commit,
    .transaction_rollback = mailbox_base_transaction_rollback,
    .is_inconsistent = mailbox_base_is_inconsistent,
};

static struct mail_storage fail_storage = {
    .name = "fail",
    .class_flags = MAIL_STORAGE_CLASS_FLAG_NO_ROOT,
    .v = {.alloc = fail_alloc, .destroy = fail_destroy, .mailbox_alloc = fail_mailbox_alloc},
};

void fail_storage_register(void)
{
    mail_storage_class_register(&fail_storage);
}
