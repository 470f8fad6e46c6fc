/*
 * Committing saves: under the lock of the uidlist the mails are renamed into their places, the directories
 * synced, the uids written. All mails are there then, or none.
 */
#include "maildir/save.h"

#include "index/index.h"
#include "index/transaction.h"
#include "maildir/failure.h"
#include "maildir/sync.h"
#include "maildir/uidlist-format.h"
#include "maildir/uidlist.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void free_save(struct maildir_save_context *save)
{
    pool_t pool = save->pool;

    i_assert(save->file == NULL && save->fd < 0);
    pool_unref(&pool);
}

static void remove_files(struct maildir_save_context *save)
{
    for (struct maildir_save_file *file = save->files; file != NULL; file = file->next) {
        const char *path = file->path != NULL ? file->path : file->tmp;

        if (unlink(path) < 0 && errno != ENOENT)
            e_error(save->mbox->base.box.event, "unlink(%s) failed: %s", path, strerror(errno));
    }
    save->files = NULL;
}

static int rename_without_replacing(const char *from, const char *to)
{
    int result = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

    /* file systems that cannot do it: names in a Maildir are unique anyway */
    if (result < 0 && (errno == EINVAL || errno == ENOSYS))
        result = rename(from, to);
    return result;
}

static int move_to(struct maildir_save_context *save, const char *from, const char *to)
{
    int result = rename_without_replacing(from, to);

    /* somebody has removed new/ or cur/, but not the mailbox */
    if (result < 0 && errno == ENOENT && maildir_repair_directories(&save->mbox->base.box) == 0)
        result = rename_without_replacing(from, to);
    return result;
}

static int place(struct maildir_save_context *save, struct maildir_save_file *file)
{
    struct mailbox *box = &save->mbox->base.box;
    struct maildir_info info;
    string_t *path = t_str_new(256);

    str_printfa(path, "%s/%s/%s", mailbox_get_path(box), file->flagged ? "cur" : "new", file->name);
    i_zero(&info);
    if (file->flagged)
        maildir_info_append_changed(path, &info, file->flags, file->letters);
    if (move_to(save, file->tmp, str_c(path)) < 0) {
        if (errno == EEXIST) {
            mail_storage_set_error(box->storage, MAIL_ERROR_EXISTS,
                                   "Another mail has the file name already");
            return -1;
        }
        return maildir_failed(box, "rename", str_c(path));
    }
    file->path = p_strdup(save->pool, str_c(path));
    return 0;
}

static int place_all(struct maildir_save_context *save)
{
    struct mailbox *box = &save->mbox->base.box;
    bool used[2] = {FALSE, FALSE};

    for (struct maildir_save_file *file = save->files; file != NULL; file = file->next) {
        if (place(save, file) < 0)
            return -1;
        used[file->flagged] = TRUE;
    }
    for (unsigned int i = 0; i < N_ELEMENTS(used); i++) {
        const char *path = t_strconcat(mailbox_get_path(box), i == 0 ? "/new" : "/cur", NULL);

        if (used[i] && maildir_sync_directory(box, path) < 0)
            return maildir_failed(box, "fsync", path);
    }
    return 0;
}

/* ---- Uids -------------------------------------------------------------------------------------- */

/* What the uidlist says now: of its end alone, unless more of it is known or has to be repaired. */
static int read_uidlist(struct maildir_mailbox *mbox, struct maildir_uidlist_tail *tail_r)
{
    struct maildir_uidlist *list = mbox->uidlist;
    bool loaded = mail_index_is_loaded(mbox->base.box.index);
    int result = loaded ? 0 : maildir_uidlist_read_tail(list, tail_r);

    if (result != 0)
        return result;
    if (loaded)
        result = maildir_uidlist_refresh(list);
    if (result < 0)
        return -1;
    if ((!loaded || list->rewrite || list->uid_validity == 0) &&
        (maildir_sync(mbox, MAILDIR_SYNC_FORCE) < 0 ||
         (list->rewrite && maildir_uidlist_rewrite(list) < 0)))
        return -1;
    tail_r->uid_validity = list->uid_validity;
    tail_r->next_uid = list->next_uid;
    tail_r->size = list->read_size;
    return 1;
}

/* The uids of the mails, in their order, as the index has given them. */
static void write_lines(struct maildir_save_context *save, const ARRAY_TYPE(seq_range) * uids,
                        string_t *lines)
{
    struct seq_range_iter iter;
    unsigned int n = 0;
    uint32_t uid;

    seq_range_array_iter_init(&iter, uids);
    for (struct maildir_save_file *file = save->files; file != NULL; file = file->next) {
        if (!seq_range_array_iter_nth(&iter, n++, &uid))
            i_unreached();
        maildir_uidlist_format(lines, uid, file->ext, file->name);
    }
}

/* The mails are known now: the next sync need not find them. */
static void remember(struct maildir_save_context *save, const ARRAY_TYPE(seq_range) * uids)
{
    struct maildir_uidlist *list = save->mbox->uidlist;
    struct seq_range_iter iter;
    unsigned int n = 0;
    uint32_t uid;

    seq_range_array_iter_init(&iter, uids);
    for (struct maildir_save_file *file = save->files; file != NULL; file = file->next) {
        struct maildir_rec *rec;
        struct maildir_info info;

        if (!seq_range_array_iter_nth(&iter, n++, &uid))
            i_unreached();
        rec = maildir_uidlist_add(list, uid, file->name, strlen(file->name), file->ext);
        rec->scan = save->mbox->scan;
        rec->in_new = !file->flagged;
        maildir_info_parse(strrchr(file->path, '/') + 1, &info);
        maildir_rec_set_info(list, rec, &info);
    }
}

static int give_uids(struct maildir_save_context *save, const struct maildir_uidlist_tail *tail)
{
    struct mailbox_transaction_context *t = save->ctx.transaction;
    struct maildir_uidlist *list = save->mbox->uidlist;
    string_t *lines = t_str_new(256);

    t->changes->uid_validity = tail->uid_validity;
    mail_index_append_finish_uids(t->itrans, tail->next_uid, &t->changes->saved_uids);
    write_lines(save, &t->changes->saved_uids, lines);
    if (maildir_uidlist_append(list, tail->size, lines) < 0)
        return -1;
    if (list->read_size == tail->size && list->read_size > 0) {
        list->read_size += str_len(lines);
        remember(save, &t->changes->saved_uids);
    }
    return 0;
}

static int commit_locked(struct maildir_save_context *save)
{
    struct maildir_uidlist_tail tail;

    return read_uidlist(save->mbox, &tail) < 0 || place_all(save) < 0 || give_uids(save, &tail) < 0
               ? -1
               : 0;
}

int maildir_save_commit_pre(struct mail_save_context *ctx)
{
    struct maildir_save_context *save = maildir_save_context(ctx);
    struct maildir_mailbox *mbox = save->mbox;
    int result;

    i_assert(save->file == NULL);
    if (save->files == NULL)
        return 0;
    if (mbox->uidlist == NULL)
        mbox->uidlist = maildir_uidlist_alloc(&mbox->base.box);
    result = maildir_uidlist_lock(mbox->uidlist);
    if (result == 0) {
        result = commit_locked(save);
        maildir_uidlist_unlock(mbox->uidlist);
    }
    if (result < 0)
        maildir_save_rollback(ctx);
    return result;
}

void maildir_save_commit_post(struct mail_save_context *ctx,
                              struct mail_index_transaction_commit_result *result ATTR_UNUSED)
{
    struct maildir_save_context *save = maildir_save_context(ctx);

    for (const struct maildir_save_file *file = save->files; file != NULL; file = file->next) {
        i_free(save->mbox->saved_path);
        save->mbox->saved_path = i_strdup(file->path);
    }
    free_save(save);
}

void maildir_save_rollback(struct mail_save_context *ctx)
{
    struct maildir_save_context *save = maildir_save_context(ctx);

    remove_files(save);
    free_save(save);
}
