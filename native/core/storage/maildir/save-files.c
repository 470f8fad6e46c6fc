/*
 * The list of mails that a transaction saves, and what their names will be.
 */
#include "maildir/save.h"

#include "maildir/failure.h"
#include "maildir/keywords.h"
#include "maildir/maildir-save.h"
#include "maildir/uidlist.h"

#include <stdio.h>
#include <unistd.h>

struct mail_save_context *maildir_save_alloc(struct mailbox_transaction_context *t)
{
    struct maildir_save_context *save;
    pool_t pool;

    if (t->save_ctx != NULL)
        return t->save_ctx;
    pool = pool_alloconly_create(MEMPOOL_GROWING "maildir_save_context", 1024);
    save = p_new(pool, struct maildir_save_context, 1);
    save->pool = pool;
    save->mbox = maildir_mailbox(t->box);
    save->files_end = &save->files;
    save->fd = -1;
    save->ctx.transaction = t;
    t->save_ctx = &save->ctx;
    return &save->ctx;
}

void maildir_save_set_basename(struct mail_save_context *ctx, const char *base)
{
    struct maildir_save_context *save = maildir_save_context(ctx);

    if (maildir_is_maildir(ctx->transaction->box) && maildir_base_is_valid(base))
        save->next_base = p_strdup(save->pool, base);
}

struct maildir_save_file *maildir_save_add(struct maildir_save_context *save)
{
    struct maildir_save_file *file = p_new(save->pool, struct maildir_save_file, 1);
    struct mailbox_transaction_context *t = save->ctx.transaction;

    file->base =
        save->next_base != NULL ? save->next_base : p_strdup(save->pool, maildir_base_generate());
    save->next_base = NULL;
    file->tmp = p_strconcat(save->pool, mailbox_get_path(t->box), "/tmp/", file->base, NULL);
    *save->files_end = file;
    save->file = file;

    mail_index_append(t->itrans, save->ctx.data.uid, &file->seq);
    mail_index_update_flags(t->itrans, file->seq, MODIFY_REPLACE, save->ctx.data.flags);
    if (save->ctx.data.keywords != NULL)
        mail_index_update_keywords(t->itrans, file->seq, MODIFY_REPLACE, save->ctx.data.keywords);
    if (save->ctx.data.min_modseq != 0)
        mail_index_update_modseq(t->itrans, file->seq, save->ctx.data.min_modseq);
    mail_set_seq_saving(save->ctx.dest_mail, file->seq);
    return file;
}

void maildir_save_drop(struct maildir_save_context *save)
{
    if (save->file == NULL)
        return;
    if (unlink(save->file->tmp) < 0 && errno != ENOENT)
        e_error(save->mbox->base.box.event, "unlink(%s) failed: %s", save->file->tmp,
                strerror(errno));
    mail_index_expunge(save->ctx.transaction->itrans, save->file->seq);
    *save->files_end = NULL;
    save->file = NULL;
}

/* The letters of the keywords it shall have. */
static int get_letters(struct maildir_save_context *save, uint32_t *letters_r)
{
    const struct mail_keywords *keywords = save->ctx.data.keywords;
    struct mailbox *box = &save->mbox->base.box;
    uint64_t bits = 0;

    *letters_r = 0;
    if (keywords == NULL || keywords->count == 0)
        return 0;
    for (unsigned int i = 0; i < keywords->count; i++) {
        if (keywords->idx[i] >= 64)
            return maildir_keywords_too_many(
                box, *array_idx(mail_index_get_keywords(box->index), keywords->idx[i]));
        bits |= UINT64_C(1) << keywords->idx[i];
    }
    if (save->mbox->keywords == NULL)
        save->mbox->keywords = maildir_keywords_alloc(box);
    if (maildir_keywords_create(save->mbox->keywords, bits) < 0)
        return -1;
    *letters_r = maildir_keywords_to_letters(save->mbox->keywords, bits);
    return 0;
}

/* A word of a uidlist record; its value cannot have what ends it. */
static void append_word(string_t *ext, char key, const char *value)
{
    if (value == NULL || *value == '\0' || value[strcspn(value, " \n")] != '\0')
        return;
    if (str_len(ext) > 0)
        str_append_c(ext, ' ');
    str_append_c(ext, key);
    str_append(ext, value);
}

static const char *make_ext(const struct mail_save_data *data, const char *name)
{
    string_t *ext = t_str_new(64);

    if (data->guid != NULL && strcmp(data->guid, name) != 0)
        append_word(ext, 'G', data->guid);
    append_word(ext, 'P', data->pop3_uidl);
    if (data->pop3_order != 0)
        append_word(ext, 'O', dec2str(data->pop3_order));
    return str_c(ext);
}

int maildir_save_complete(struct maildir_save_context *save, uoff_t size, uoff_t virtual_size)
{
    struct maildir_save_file *file = save->file;
    const struct mail_save_data *data = &save->ctx.data;
    struct maildir_info info;
    string_t *name = t_str_new(256);

    file->flags = data->flags & MAIL_FLAGS_NONRECENT;
    if (get_letters(save, &file->letters) < 0)
        return -1;
    file->flagged = file->flags != 0 || file->letters != 0;
    str_append(name, file->base);
    if (size != UOFF_T_MAX)
        str_printfa(name, ",S=%" PRIuUOFF_T, size);
    if (virtual_size != UOFF_T_MAX)
        str_printfa(name, ",W=%" PRIuUOFF_T, virtual_size);
    file->name = p_strdup(save->pool, str_c(name));
    file->guid = p_strdup(save->pool, data->guid);
    file->ext = p_strdup(save->pool, make_ext(data, file->name));

    i_zero(&info);
    maildir_info_append_changed(name, &info, MAIL_FLAGS_NONRECENT, file->letters);
    if (str_len(name) > NAME_MAX) {
        errno = ENAMETOOLONG;
        return maildir_failed(&save->mbox->base.box, "rename", file->tmp);
    }
    save->files_end = &file->next;
    save->file = NULL;
    return 0;
}

const struct maildir_save_file *maildir_save_find(struct mail_save_context *ctx, uint32_t seq)
{
    const struct maildir_save_file *file;

    if (ctx == NULL)
        return NULL;
    for (file = maildir_save_context(ctx)->files; file != NULL; file = file->next) {
        if (file->seq == seq)
            return file;
    }
    return NULL;
}
