/*
 * A mailbox of the Maildir driver: its table, opening, closing, syncing.
 */
#include "maildir/mailbox.h"

#include "index/index.h"
#include "maildir/failure.h"
#include "maildir/keywords.h"
#include "maildir/snapshot.h"
#include "maildir/sync.h"
#include "maildir/tmp-clean.h"
#include "maildir/uidlist.h"
#include "search/search-slots.h"

#include <sys/stat.h>

struct mailbox *maildir_mailbox_alloc(struct mail_storage *storage, struct mailbox_list *list,
                                      const char *vname, enum mailbox_flags flags)
{
    pool_t pool = pool_alloconly_create("maildir mailbox", 3072);
    struct maildir_mailbox *mbox = p_new(pool, struct maildir_mailbox, 1);
    struct mailbox *box = &mbox->base.box;

    box->storage = storage;
    box->list = list;
    box->pool = pool;
    box->v = maildir_mailbox_vfuncs;
    box->mail_vfuncs = &maildir_mail_vfuncs;
    mailbox_base_init(box, vname, flags);
    return box;
}

/* Whether what is left of its directories makes a mailbox: 1, 0, -1. */
static int is_damaged_mailbox(struct mailbox *box, const char *root)
{
    bool folder = strcmp(box->list->name, MAILBOX_LIST_NAME_MAILDIRPLUSPLUS) == 0 &&
                  !box->inbox_any && *box->name != '\0';
    /* every folder of Maildir++ is a mailbox; other directories may have only names below them */
    const char *path = folder ? root : t_strconcat(root, "/cur", NULL);
    struct stat st;

    if (stat(path, &st) == 0)
        return 1;
    return errno == ENOENT || errno == ENOTDIR ? 0 : maildir_failed(box, "stat", path);
}

/* 1; 0: there is no such mailbox; -1. */
static int look(struct mailbox *box, struct stat *tmp_st_r)
{
    const char *root = mailbox_get_path(box), *path = t_strconcat(root, "/tmp", NULL);
    int damaged;

    if (stat(path, tmp_st_r) == 0)
        return 1;
    if (errno != ENOENT && errno != ENOTDIR)
        return maildir_failed(box, "stat", path);
    damaged = is_damaged_mailbox(box, root);
    if (damaged <= 0)
        return damaged;
    if (maildir_make_directories(box) < 0)
        return -1;
    return stat(path, tmp_st_r) == 0 ? 1 : maildir_failed(box, "stat", path);
}

static int open_box(struct mailbox *box)
{
    struct stat tmp_st;
    int found = look(box, &tmp_st);

    /* a user always has an INBOX */
    if (found == 0 && box->inbox_user && !box->deleting) {
        if (maildir_make_directories(box) < 0)
            return -1;
        found = look(box, &tmp_st);
    }
    if (found < 0)
        return -1;
    if (found == 0) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTFOUND,
                               T_MAIL_ERR_MAILBOX_NOT_FOUND(box->vname));
        return -1;
    }
    if (!mailbox_is_readonly(box))
        maildir_clean_tmp(box, &tmp_st);
    box->index = mail_index_alloc(&maildir_index_driver, box);
    box->view = mail_index_view_open(box->index);
    mailbox_base_opened(box);
    return 0;
}

static void close_box(struct mailbox *box)
{
    struct maildir_mailbox *mbox = maildir_mailbox(box);

    if (!box->deleting && !box->mailbox_deleted)
        maildir_snapshot_save(mbox);
    maildir_uidlist_free(&mbox->uidlist);
    maildir_keywords_free(&mbox->keywords);
    i_zero(&mbox->snapshot);
    i_zero(&mbox->new_state);
    i_zero(&mbox->cur_state);
    mbox->scan = 0;
    mailbox_base_close(box);
}

static void free_box(struct mailbox *box)
{
    struct maildir_mailbox *mbox = maildir_mailbox(box);

    /* without being opened it may have been asked for its guid */
    maildir_uidlist_free(&mbox->uidlist);
    i_free(mbox->saved_path);
    mailbox_base_free(box);
}

static struct mailbox_sync_context *sync_init(struct mailbox *box, enum mailbox_sync_flags flags)
{
    enum maildir_sync_flags sync_flags = 0;
    bool failed;

    /* who only saves does not want to know what is there */
    if ((box->flags & MAILBOX_FLAG_SAVEONLY) != 0)
        return mailbox_base_sync_init(box, flags, FALSE);
    if ((flags & MAILBOX_SYNC_FLAG_FORCE_RESYNC) != 0)
        sync_flags |= MAILDIR_SYNC_FORCE;
    if ((box->flags & MAILBOX_FLAG_DROP_RECENT) != 0)
        sync_flags |= MAILDIR_SYNC_MOVE_NEW;
    failed = maildir_sync(maildir_mailbox(box), sync_flags) < 0;
    return mailbox_base_sync_init(box, flags, failed);
}

static int get_status(struct mailbox *box, enum mailbox_status_items items,
                      struct mailbox_status *status_r)
{
    struct maildir_mailbox *mbox = maildir_mailbox(box);

    if (mailbox_base_get_status(box, items, status_r) < 0)
        return -1;
    status_r->have_guids = TRUE;
    status_r->have_save_guids = TRUE;
    status_r->nonpermanent_modseqs = TRUE;
    if (status_r->allow_new_keywords && mbox->keywords != NULL)
        status_r->allow_new_keywords = maildir_keywords_have_room(mbox->keywords);
    return 0;
}

static int get_metadata(struct mailbox *box, enum mailbox_metadata_items items,
                        struct mailbox_metadata *metadata_r)
{
    if (mailbox_base_get_metadata(box, items, metadata_r) < 0)
        return -1;
    return (items & MAILBOX_METADATA_GUID) == 0 ? 0 : maildir_get_guid(box, metadata_r->guid);
}

static void notify_changes(struct mailbox *box)
{
    const char *root = mailbox_get_path(box);
    const char *paths[] = {t_strconcat(root, "/new", NULL), t_strconcat(root, "/cur", NULL), NULL};

    mailbox_base_watch(box, box->notify_callback == NULL ? NULL : paths);
}

const struct mailbox_vfuncs maildir_mailbox_vfuncs = {
    .is_readonly = mailbox_base_is_readonly,
    .enable = mailbox_base_enable,
    .exists = mailbox_base_exists,
    .open = open_box,
    .close = close_box,
    .free = free_box,
    .create_box = maildir_create_box,
    .update_box = maildir_update_box,
    .delete_box = mailbox_base_delete_box,
    .rename_box = mailbox_base_rename_box,
    .get_status = get_status,
    .get_metadata = get_metadata,
    .set_subscribed = mailbox_base_set_subscribed,
    .attribute_set = mailbox_base_attribute_set,
    .attribute_get = mailbox_base_attribute_get,
    .attribute_iter_init = mailbox_base_attribute_iter_init,
    .attribute_iter_next = mailbox_base_attribute_iter_next,
    .attribute_iter_deinit = mailbox_base_attribute_iter_deinit,
    .list_index_has_changed = mailbox_base_list_index_has_changed,
    .list_index_update_sync = mailbox_base_list_index_update_sync,
    .sync_init = sync_init,
    .sync_next = mailbox_base_sync_next,
    .sync_deinit = mailbox_base_sync_deinit,
    .notify_changes = notify_changes,
    .transaction_begin = mailbox_base_transaction_begin,
    .transaction_commit = mailbox_base_transaction_commit,
    .transaction_rollback = mailbox_base_transaction_rollback,
    .mail_alloc = maildir_mail_alloc,
    .search_init = index_search_init,
    .search_deinit = index_search_deinit,
    .search_next_nonblock = index_search_next_nonblock,
    .search_next_update_seq = index_search_next_update_seq,
    .search_next_match_mail = index_search_next_match_mail,
    .save_alloc = maildir_save_alloc,
    .save_begin = maildir_save_begin,
    .save_continue = maildir_save_continue,
    .save_finish = maildir_save_finish,
    .save_cancel = maildir_save_cancel,
    .copy = maildir_copy,
    .transaction_save_commit_pre = maildir_save_commit_pre,
    .transaction_save_commit_post = maildir_save_commit_post,
    .transaction_save_rollback = maildir_save_rollback,
    .is_inconsistent = mailbox_base_is_inconsistent,
};
