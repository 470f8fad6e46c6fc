/*
 * A mailbox that is one stream with one mail in it, which nothing can change.
 */
#include "raw-mailbox.h"

#include "index/index.h"
#include "index/transaction.h"
#include "search/search-slots.h"

static const struct mailbox_vfuncs raw_mailbox_vfuncs;
static const struct mail_vfuncs raw_mail_vfuncs;

static struct raw_mailbox *raw_of(struct mailbox *box)
{
    return container_of(box, struct raw_mailbox, base.box);
}

/* ---- The mail -------------------------------------------------------------------------------- */

static int raw_open_stream(struct mail *mail, struct istream **input_r)
{
    *input_r = mail->box->input;
    i_stream_ref(*input_r);
    i_stream_seek(*input_r, 0);
    return 0;
}

static const struct mail_base_ops raw_mail_ops = {.open_stream = raw_open_stream};

static struct mail *raw_mail_alloc(struct mailbox_transaction_context *t,
                                   enum mail_fetch_field wanted_fields,
                                   struct mailbox_header_lookup_ctx *wanted_headers)
{
    struct mail_base *base =
        mail_base_alloc(t, sizeof(struct mail_base), &raw_mail_ops, wanted_fields, wanted_headers);

    return &base->mail.mail;
}

static int raw_get_received_date(struct mail *mail, time_t *date_r)
{
    *date_r = raw_of(mail->box)->received_date;
    return 0;
}

/* It was never saved. */
static int raw_get_save_date(struct mail *mail, time_t *date_r)
{
    *date_r = raw_of(mail->box)->received_date;
    return 0;
}

static int raw_get_special(struct mail *mail, enum mail_fetch_field field, const char **value_r)
{
    if (field == MAIL_FETCH_FROM_ENVELOPE) {
        *value_r = raw_of(mail->box)->envelope_sender;
        return 0;
    }
    return mail_base_get_special(mail, field, value_r);
}

/* ---- The mailbox ----------------------------------------------------------------------------- */

struct mailbox *raw_mailbox_alloc(struct mail_storage *storage, struct mailbox_list *list,
                                  const char *vname, enum mailbox_flags flags)
{
    pool_t pool = pool_alloconly_create("raw mailbox", 2048);
    struct raw_mailbox *raw = p_new(pool, struct raw_mailbox, 1);
    struct mailbox *box = &raw->base.box;

    box->pool = pool;
    box->v = raw_mailbox_vfuncs;
    box->mail_vfuncs = &raw_mail_vfuncs;
    box->storage = storage;
    box->list = list;
    raw->envelope_sender = "";
    mailbox_base_init(box, vname, flags);
    return box;
}

static int refuse(struct mailbox *box)
{
    mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                           "A mailbox that is a stream can't be changed");
    return -1;
}

static int raw_index_commit(struct mail_index_transaction *t, void *context)
{
    struct mail_index_change change;
    uint32_t seq = 0;

    return mail_index_transaction_next(t, &seq, &change) ? refuse(context) : 0;
}

static const struct mail_index_driver raw_index_driver = {.commit = raw_index_commit};

static int raw_open(struct mailbox *box)
{
    struct mail_index_update *update;

    if (box->input == NULL) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTFOUND,
                               T_MAIL_ERR_MAILBOX_NOT_FOUND(box->vname));
        return -1;
    }
    box->index = mail_index_alloc(&raw_index_driver, box);
    update = mail_index_update_begin(box->index);
    mail_index_update_reset(update, 1);
    mail_index_update_append(update, 1, 0, 0);
    mail_index_update_next_uid(update, 2);
    mail_index_update_end(&update);
    box->view = mail_index_view_open(box->index);
    mailbox_base_opened(box);
    return 0;
}

static int raw_create_box(struct mailbox *box, const struct mailbox_update *update ATTR_UNUSED,
                          bool directory ATTR_UNUSED)
{
    return refuse(box);
}

static int raw_update_box(struct mailbox *box, const struct mailbox_update *update ATTR_UNUSED)
{
    return refuse(box);
}

static int raw_rename_box(struct mailbox *src, struct mailbox *dest ATTR_UNUSED)
{
    return refuse(src);
}

static struct mailbox_sync_context *raw_sync_init(struct mailbox *box,
                                                  enum mailbox_sync_flags flags)
{
    return mailbox_base_sync_init(box, flags, FALSE);
}

static void raw_notify_changes(struct mailbox *box ATTR_UNUSED) {}

static const struct mailbox_vfuncs raw_mailbox_vfuncs = {
    .is_readonly = mailbox_base_is_readonly,
    .enable = mailbox_base_enable,
    .exists = mailbox_base_exists,
    .open = raw_open,
    .close = mailbox_base_close,
    .free = mailbox_base_free,
    .create_box = raw_create_box,
    .update_box = raw_update_box,
    .delete_box = refuse,
    .rename_box = raw_rename_box,
    .get_status = mailbox_base_get_status,
    .get_metadata = mailbox_base_get_metadata,
    .set_subscribed = mailbox_base_set_subscribed,
    .attribute_set = mailbox_base_attribute_set,
    .attribute_get = mailbox_base_attribute_get,
    .attribute_iter_init = mailbox_base_attribute_iter_init,
    .attribute_iter_next = mailbox_base_attribute_iter_next,
    .attribute_iter_deinit = mailbox_base_attribute_iter_deinit,
    .list_index_has_changed = mailbox_base_list_index_has_changed,
    .list_index_update_sync = mailbox_base_list_index_update_sync,
    .sync_init = raw_sync_init,
    .sync_next = mailbox_base_sync_next,
    .sync_deinit = mailbox_base_sync_deinit,
    .notify_changes = raw_notify_changes,
    .transaction_begin = mailbox_base_transaction_begin,
    .transaction_commit = mailbox_base_transaction_commit,
    .transaction_rollback = mailbox_base_transaction_rollback,
    .mail_alloc = raw_mail_alloc,
    .search_init = index_search_init,
    .search_deinit = index_search_deinit,
    .search_next_nonblock = index_search_next_nonblock,
    .search_next_update_seq = index_search_next_update_seq,
    .search_next_match_mail = index_search_next_match_mail,
    .is_inconsistent = mailbox_base_is_inconsistent,
};

static const struct mail_vfuncs raw_mail_vfuncs = {
    .close = mail_base_close,
    .free = mail_base_free,
    .set_seq = mail_base_set_seq,
    .set_uid = mail_base_set_uid,
    .set_uid_cache_updates = mail_base_set_uid_cache_updates,
    .prefetch = mail_base_prefetch,
    .precache = mail_base_precache,
    .add_temp_wanted_fields = mail_base_add_temp_wanted_fields,
    .get_flags = mail_base_get_flags,
    .get_keywords = mail_base_get_keywords,
    .get_keyword_indexes = mail_base_get_keyword_indexes,
    .get_modseq = mail_base_get_modseq,
    .get_pvt_modseq = mail_base_get_pvt_modseq,
    .get_parts = mail_base_get_parts,
    .get_date = mail_base_get_date,
    .get_received_date = raw_get_received_date,
    .get_save_date = raw_get_save_date,
    .get_virtual_size = mail_base_get_virtual_size,
    .get_physical_size = mail_base_get_physical_size,
    .get_first_header = mail_base_get_first_header,
    .get_headers = mail_base_get_headers,
    .get_header_stream = mail_base_get_header_stream,
    .get_stream = mail_base_get_stream,
    .get_binary_stream = mail_base_get_binary_stream,
    .get_special = raw_get_special,
    .get_backend_mail = mail_base_get_backend_mail,
    .update_flags = mail_base_update_flags,
    .update_keywords = mail_base_update_keywords,
    .update_modseq = mail_base_update_modseq,
    .update_pvt_modseq = mail_base_update_pvt_modseq,
    .update_pop3_uidl = mail_base_update_pop3_uidl,
    .expunge = mail_base_expunge,
    .set_cache_corrupted = mail_base_set_cache_corrupted,
    .istream_opened = mail_base_istream_opened,
};
