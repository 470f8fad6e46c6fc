/*
 * Copying by a second name of the same file, where nothing about the mail changes.
 */
#include "maildir/save.h"
#include "maildir/sync.h"
#include "maildir/uidlist.h"

#include "mail-copy.h"

#include <sys/stat.h>
#include <unistd.h>

static int link_file(struct maildir_mailbox *src ATTR_UNUSED, const char *path, void *context)
{
    const struct maildir_save_context *save = context;
    const struct maildir_save_file *file = save->file;
    int result = link(path, file->tmp);
    struct stat st;

    /* it is tmp/ that is not there */
    if (result < 0 && errno == ENOENT && stat(path, &st) == 0 &&
        maildir_repair_directories(&save->mbox->base.box) == 0)
        result = link(path, file->tmp);

    /* left behind by a process that was killed */
    if (result < 0 && errno == EEXIST && unlink(file->tmp) == 0)
        result = link(path, file->tmp);
    return result;
}

static bool can_link(struct mail_save_context *ctx, struct mail *mail)
{
    struct mailbox *box = ctx->transaction->box;
    time_t date;

    if (!maildir_is_maildir(mail->box) || mail->saving ||
        !mail_storage_copy_can_use_hardlink(mail->box, box))
        return FALSE;
    /* both names would get the date */
    return ctx->data.received_date == (time_t)-1 ||
           (mail_get_received_date(mail, &date) == 0 && date == ctx->data.received_date);
}

static int take_guid(struct mail_save_context *ctx, struct mail *mail)
{
    const char *guid;

    if (ctx->data.guid != NULL)
        return 0;
    if (mail_get_special(mail, MAIL_FETCH_GUID, &guid) < 0) {
        if (mail->box->storage != ctx->transaction->box->storage)
            mail_storage_copy_error(ctx->transaction->box->storage, mail->box->storage);
        return -1;
    }
    if (*guid != '\0')
        ctx->data.guid = i_strdup(guid);
    return 0;
}

static uoff_t size_in_name(const struct maildir_rec *rec, char key)
{
    uoff_t size;

    return rec != NULL && maildir_base_size(rec->base, key, &size) ? size : UOFF_T_MAX;
}

/* 1; 0: it must be saved; -1. */
static int copy_by_link(struct maildir_save_context *save, struct mail *mail)
{
    struct maildir_mailbox *src = maildir_mailbox(mail->box);
    struct maildir_save_file *file = maildir_save_add(save);
    const struct maildir_rec *rec;
    int result;

    if (take_guid(&save->ctx, mail) < 0)
        return -1;
    result = maildir_file_do(src, mail->uid, link_file, save);

    if (result == 0) {
        mail_set_expunged(mail);
        mail_storage_set_error(save->mbox->base.box.storage, MAIL_ERROR_EXPUNGED,
                               MAIL_ERRSTR_EXPUNGED);
        return -1;
    }
    if (result < 0) {
        /* another file system, too many links, a full directory: saving tells what is wrong */
        save->next_base = file->base;
        maildir_save_drop(save);
        return 0;
    }
    rec = maildir_uidlist_lookup(src->uidlist, mail->uid);
    if (maildir_save_complete(save, size_in_name(rec, 'S'), size_in_name(rec, 'W')) < 0)
        return -1;
    return 1;
}

int maildir_copy(struct mail_save_context *ctx, struct mail *mail)
{
    struct maildir_save_context *save = maildir_save_context(ctx);
    int result;

    if (!can_link(ctx, mail))
        return mail_storage_copy(ctx, mail);
    if (mailbox_is_readonly(ctx->transaction->box)) {
        mail_storage_set_error(ctx->transaction->box->storage, MAIL_ERROR_PERM,
                               MAIL_ERRSTR_NO_PERMISSION);
        return -1;
    }
    result = copy_by_link(save, mail);
    if (result == 0)
        return mail_storage_copy(ctx, mail);
    if (result < 0)
        maildir_save_drop(save);
    mailbox_base_save_done(ctx);
    return result < 0 ? -1 : 0;
}
