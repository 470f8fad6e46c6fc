/*
 * Writing the snapshot when a mailbox is closed. Small mailboxes have none: reading a few names is faster
 * than reading a file. Nor is one written again for every change: mails that are added cost the next
 * opening little.
 */
#include "buffer.h"
#include "maildir/mailbox.h"
#include "maildir/snapshot-format.h"
#include "maildir/uidlist.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORTH_MAILS = 64, WORTH_GROWTH = 64 * 1024 };

static void put_time(int64_t to[2], const struct timespec *from)
{
    to[0] = from->tv_sec;
    to[1] = from->tv_nsec;
}

/* All that is known is in the files, and was seen there. */
static bool is_known(const struct maildir_mailbox *mbox)
{
    const struct maildir_uidlist *list = mbox->uidlist;

    return list != NULL && mbox->scan != 0 && mbox->cur_state.read_at.tv_sec != 0 &&
           mbox->new_state.read_at.tv_sec != 0 && list->read_size > 0 && list->uid_validity != 0 &&
           !list->rewrite && !list->unseen && !list->renumbered;
}

static bool is_worth_it(const struct maildir_mailbox *mbox)
{
    const struct maildir_uidlist *list = mbox->uidlist;

    if (array_count(&list->recs) - I_MIN(list->dead_count, array_count(&list->recs)) < WORTH_MAILS)
        return FALSE;
    return mbox->snapshot.inode != list->inode ||
           mbox->snapshot.cur_read_at.tv_sec != mbox->cur_state.read_at.tv_sec ||
           mbox->snapshot.cur_read_at.tv_nsec != mbox->cur_state.read_at.tv_nsec ||
           list->read_size > mbox->snapshot.size + WORTH_GROWTH;
}

/* 0: the file is not the one that was read. */
static bool describe_uidlist(const struct maildir_uidlist *list, struct snapshot *snapshot)
{
    int fd = open(list->path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    bool same;

    if (fd < 0)
        return FALSE;
    same = fstat(fd, &st) == 0 && st.st_ino == list->inode && st.st_dev == list->device &&
           (uoff_t)st.st_size >= list->read_size &&
           maildir_snapshot_digest_edges(fd, list->read_size, &snapshot->edges);
    (void)close(fd);
    snapshot->inode = list->inode;
    snapshot->size = list->read_size;
    put_time(snapshot->mtime, &st.st_mtim);
    return same;
}

static void describe_dir(const struct maildir_dir_state *state, struct snapshot_dir *dir)
{
    dir->inode = state->inode;
    put_time(dir->mtime, &state->mtime);
    put_time(dir->read_at, &state->read_at);
}

static uint32_t put_text(buffer_t *texts, const char *text)
{
    size_t offset = texts->used;

    buffer_append(texts, text, strlen(text) + 1);
    return (uint32_t)offset;
}

static void put_mail(buffer_t *block, buffer_t *names, buffer_t *exts,
                     const struct maildir_rec *rec)
{
    struct snapshot_mail mail;

    i_zero(&mail);
    mail.uid = rec->uid;
    mail.base = put_text(names, rec->base);
    mail.ext = *rec->ext == '\0' ? 0 : put_text(exts, rec->ext);
    mail.letters = rec->info.letters;
    mail.flags = rec->info.flags;
    mail.bits = (rec->in_new ? MAIL_IN_NEW : 0) | (rec->info.present ? MAIL_HAS_INFO : 0);
    if (rec->info.verbatim != NULL) {
        mail.bits |= MAIL_IS_VERBATIM;
        (void)put_text(names, rec->info.verbatim);
    }
    buffer_append(block, &mail, sizeof mail);
}

static void put_mails(const struct maildir_uidlist *list, buffer_t *block, struct snapshot *head)
{
    buffer_t *names = buffer_create_dynamic(default_pool, 65536);
    buffer_t *exts = buffer_create_dynamic(default_pool, 1024);
    const struct maildir_rec *rec;

    (void)put_text(exts, "");
    (void)put_text(exts, list->header_rest);
    (void)put_text(names, "");
    array_foreach(&list->recs, rec)
    {
        if (rec->dead)
            continue;
        put_mail(block, names, exts, rec);
        head->mails++;
    }
    head->names_size = (uint32_t)names->used;
    head->exts_size = (uint32_t)exts->used;
    buffer_append_buf(block, names, 0, SIZE_MAX);
    buffer_append_buf(block, exts, 0, SIZE_MAX);
    buffer_free(&names);
    buffer_free(&exts);
}

void maildir_snapshot_save(struct maildir_mailbox *mbox)
{
    const struct maildir_uidlist *list = mbox->uidlist;
    struct snapshot head;
    buffer_t *block;

    if (!is_known(mbox) || !is_worth_it(mbox))
        return;
    i_zero(&head);
    if (!describe_uidlist(list, &head))
        return;
    describe_dir(&mbox->new_state, &head.new_dir);
    describe_dir(&mbox->cur_state, &head.cur_dir);
    guid_128_copy(head.guid, list->guid);
    head.uid_validity = list->uid_validity;
    head.next_uid = list->next_uid;
    head.dead_count = list->dead_count;
    block =
        buffer_create_dynamic(default_pool, sizeof head + (size_t)array_count(&list->recs) * 80);
    buffer_append(block, &head, sizeof head);
    put_mails(list, block, &head);
    buffer_write(block, 0, &head, sizeof head);
    T_BEGIN
    {
        cache_sealed_write(&mbox->base.box, MAILDIR_SNAPSHOT_NAME, SNAPSHOT_FORMAT, block);
    }
    T_END;
    buffer_free(&block);
}
