/*
 * A mail as its file: opening it, and what its name and its inode say.
 */
#include "cache/digest.h"
#include "maildir/filename.h"
#include "maildir/mailbox.h"
#include "maildir/read-ahead.h"
#include "maildir/save.h"
#include "maildir/sync.h"
#include "maildir/uidlist.h"

#include "istream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct maildir_mail {
    struct mail_base base;
    struct maildir_read_ahead *ahead; /* NULL: nobody searches with it */
};

static struct mail_base *mail_base(struct mail *mail)
{
    return container_of((struct mail_private *)mail, struct mail_base, mail);
}

static const struct maildir_save_file *saved_file(struct mail *mail)
{
    return maildir_save_find(mail->transaction->save_ctx, mail->seq);
}

/* Calls back with the path of the file, which may not have its place yet. As maildir_file_do(). */
static int file_do(struct mail *mail, maildir_file_callback_t *callback, void *context)
{
    struct maildir_mailbox *mbox = maildir_mailbox(mail->box);

    if (mail->saving) {
        const struct maildir_save_file *file = saved_file(mail);

        if (file == NULL)
            return 0;
        maildir_save_flush(mail->transaction->save_ctx);
        return callback(mbox, file->tmp, context) == 0 ? 1 : -1;
    }
    return maildir_file_do(mbox, mail->uid, callback, context);
}

static int file_failed(struct mail *mail, const char *syscall, int result)
{
    if (result == 0)
        mail_set_expunged(mail);
    else if (result == -1)
        mail_set_critical(mail, "%s() failed: %s", syscall, strerror(errno));
    return -1;
}

struct opening {
    int fd; /* -1: to be opened */
    struct istream *input;
};

static int open_file(struct maildir_mailbox *mbox ATTR_UNUSED, const char *path, void *context)
{
    struct opening *opening = context;

    if (opening->fd < 0)
        opening->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (opening->fd < 0)
        return -1;
    opening->input = i_stream_create_fd_autoclose(&opening->fd, IO_BLOCK_SIZE);
    i_stream_set_name(opening->input, path);
    return 0;
}

static int opened_ahead(struct mail *mail)
{
    struct maildir_mail *own = container_of(mail_base(mail), struct maildir_mail, base);

    if (mail->access_type != MAIL_ACCESS_TYPE_SEARCH || mail->saving)
        return -1;
    if (own->ahead == NULL)
        own->ahead = p_new(own->base.mail.pool, struct maildir_read_ahead, 1);
    return maildir_read_ahead_take(own->ahead, maildir_mailbox(mail->box), mail->uid);
}

static int open_stream(struct mail *mail, struct istream **input_r)
{
    struct opening opening = {.fd = opened_ahead(mail)};
    int result = file_do(mail, open_file, &opening);

    *input_r = opening.input;
    if (opening.fd >= 0)
        (void)close(opening.fd);
    return result > 0 ? 0 : file_failed(mail, "open", result);
}

static void free_mail(struct mail *mail)
{
    struct maildir_mail *own = container_of(mail_base(mail), struct maildir_mail, base);

    if (own->ahead != NULL)
        maildir_read_ahead_end(own->ahead);
    mail_base_free(mail);
}

/* The mail of a base name never changes. */
static bool get_identity(struct mail *mail, uint64_t *identity_r)
{
    struct maildir_uidlist *list = maildir_mailbox(mail->box)->uidlist;
    const struct maildir_rec *rec = list == NULL ? NULL : maildir_uidlist_lookup(list, mail->uid);

    if (rec == NULL || rec->dead)
        return FALSE;
    *identity_r = cache_digest(rec->base, strlen(rec->base));
    return TRUE;
}

static const struct mail_base_ops maildir_mail_ops = {.open_stream = open_stream,
                                                      .get_identity = get_identity};

struct mail *maildir_mail_alloc(struct mailbox_transaction_context *t,
                                enum mail_fetch_field wanted_fields,
                                struct mailbox_header_lookup_ctx *wanted_headers)
{
    return &mail_base_alloc(t, sizeof(struct maildir_mail), &maildir_mail_ops, wanted_fields,
                            wanted_headers)
                ->mail.mail;
}

static int stat_file(struct maildir_mailbox *mbox ATTR_UNUSED, const char *path, void *context)
{
    return stat(path, context);
}

static int learn_dates(struct mail *mail)
{
    struct mail_base_data *data = &mail_base(mail)->data;
    struct stat st;
    int result;

    if (data->received_date_set && data->save_date_set)
        return 0;
    if (!mail_metadata_access_start(mail))
        return -1;
    result = file_do(mail, stat_file, &st);
    if (result <= 0)
        return file_failed(mail, "stat", result);
    mail->transaction->stats.stat_lookup_count++;
    data->received_date = st.st_mtime;
    data->save_date = st.st_ctime;
    data->received_date_set = data->save_date_set = TRUE;
    return 0;
}

static int get_received_date(struct mail *mail, time_t *date_r)
{
    return learn_dates(mail) < 0 ? -1 : mail_base_get_received_date(mail, date_r);
}

static int get_save_date(struct mail *mail, time_t *date_r)
{
    return learn_dates(mail) < 0 ? -1 : mail_base_get_save_date(mail, date_r);
}

/* What the file is called, without flags; NULL: the mail is gone. */
static const char *base_name(struct mail *mail, const struct maildir_rec **rec_r)
{
    struct maildir_mailbox *mbox = maildir_mailbox(mail->box);

    *rec_r = NULL;
    if (mail->saving) {
        const struct maildir_save_file *file = saved_file(mail);

        return file == NULL ? NULL : file->name;
    }
    if (mbox->uidlist != NULL)
        *rec_r = maildir_uidlist_lookup(mbox->uidlist, mail->uid);
    return *rec_r == NULL ? NULL : (*rec_r)->base;
}

static int get_virtual_size(struct mail *mail, uoff_t *size_r)
{
    struct mail_base_data *data = &mail_base(mail)->data;
    const struct maildir_rec *rec;
    const char *base = data->virtual_size_set ? NULL : base_name(mail, &rec);

    if (base != NULL)
        data->virtual_size_set = maildir_base_size(base, 'W', &data->virtual_size);
    return mail_base_get_virtual_size(mail, size_r);
}

static int get_physical_size(struct mail *mail, uoff_t *size_r)
{
    struct mail_base_data *data = &mail_base(mail)->data;
    const struct maildir_rec *rec;
    const char *base = data->physical_size_set ? NULL : base_name(mail, &rec);

    if (base != NULL)
        data->physical_size_set = maildir_base_size(base, 'S', &data->physical_size);
    return mail_base_get_physical_size(mail, size_r);
}

static int get_guid(struct mail *mail, const char *base, const struct maildir_rec *rec,
                    const char **value_r)
{
    const char *guid = NULL;

    if (rec != NULL)
        guid = maildir_rec_ext(rec, 'G');
    else if (mail->saving)
        guid = saved_file(mail)->guid;
    *value_r = p_strdup(mail_base(mail)->mail.data_pool, guid == NULL ? base : guid);
    return 0;
}

static int get_ext(struct mail *mail, const struct maildir_rec *rec, char key, const char **value_r)
{
    const char *value = rec == NULL ? NULL : maildir_rec_ext(rec, key);

    *value_r = value == NULL ? "" : p_strdup(mail_base(mail)->mail.data_pool, value);
    return 0;
}

static int get_special(struct mail *mail, enum mail_fetch_field field, const char **value_r)
{
    const struct maildir_rec *rec;
    const char *base;

    switch ((unsigned int)field) {
    case MAIL_FETCH_GUID:
    case MAIL_FETCH_STORAGE_ID:
    case MAIL_FETCH_UIDL_BACKEND:
    case MAIL_FETCH_POP3_ORDER:
        break;
    default:
        return mail_base_get_special(mail, field, value_r);
    }
    *value_r = "";
    base = base_name(mail, &rec);
    if (base == NULL) {
        if (mail->saving) /* it has no name before it is complete */
            return 0;
        mail_set_expunged(mail);
        return -1;
    }
    switch ((unsigned int)field) {
    case MAIL_FETCH_GUID:
        return get_guid(mail, base, rec, value_r);
    case MAIL_FETCH_STORAGE_ID:
        *value_r = p_strdup(mail_base(mail)->mail.data_pool, base);
        return 0;
    case MAIL_FETCH_UIDL_BACKEND:
        return get_ext(mail, rec, 'P', value_r);
    default:
        return get_ext(mail, rec, 'O', value_r);
    }
}

const struct mail_vfuncs maildir_mail_vfuncs = {
    .close = mail_base_close,
    .free = free_mail,
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
    .get_received_date = get_received_date,
    .get_save_date = get_save_date,
    .get_virtual_size = get_virtual_size,
    .get_physical_size = get_physical_size,
    .get_first_header = mail_base_get_first_header,
    .get_headers = mail_base_get_headers,
    .get_header_stream = mail_base_get_header_stream,
    .get_stream = mail_base_get_stream,
    .get_binary_stream = mail_base_get_binary_stream,
    .get_special = get_special,
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
