/*
 * The uidlist of the snapshot is still the one on disk when it has its inode and, should it have grown,
 * the same bytes at its beginning and where it ended: it is only ever appended to, or replaced. The
 * directories are compared by the sync, as between two looks of one session.
 */
#include "maildir/snapshot.h"

#include "cache/digest.h"
#include "maildir/mailbox.h"
#include "maildir/snapshot-format.h"
#include "maildir/uidlist.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EDGE = 512 };

/* ---- The uidlist it belongs to ----------------------------------------------------------------- */

bool maildir_snapshot_digest_edges(int fd, uoff_t size, uint64_t *digest_r)
{
    unsigned char edges[2 * EDGE];
    size_t length = (size_t)I_MIN(size, EDGE);

    memset(edges, 0, sizeof edges);
    if (pread(fd, edges, length, 0) != (ssize_t)length ||
        pread(fd, edges + EDGE, length, (off_t)(size - length)) != (ssize_t)length)
        return FALSE;
    *digest_r = cache_digest(edges, sizeof edges);
    return TRUE;
}

static bool is_time(const int64_t saved[2], const struct timespec *now)
{
    return saved[0] == now->tv_sec && saved[1] == now->tv_nsec;
}

static bool is_of_uidlist(const struct snapshot *snapshot, const char *path, struct stat *st_r)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint64_t edges;
    bool same;

    if (fd < 0)
        return FALSE;
    same = fstat(fd, st_r) == 0 && st_r->st_ino == snapshot->inode &&
           (uint64_t)st_r->st_size >= snapshot->size &&
           ((uint64_t)st_r->st_size > snapshot->size || is_time(snapshot->mtime, &st_r->st_mtim)) &&
           maildir_snapshot_digest_edges(fd, snapshot->size, &edges) && edges == snapshot->edges;
    (void)close(fd);
    return same;
}

/* ---- Loading ----------------------------------------------------------------------------------- */

static bool is_text(const char *text, uint32_t size)
{
    return size > 0 && text[size - 1] == '\0';
}

/* The digest is of the bytes; this is about what an older program of ours may have meant by them. */
static bool has_sound_mails(const struct snapshot *snapshot, size_t size)
{
    const char *names = (const char *)&snapshot->mail[snapshot->mails];
    uint32_t last_uid = 0;

    if (size != sizeof *snapshot + (uint64_t)snapshot->mails * sizeof snapshot->mail[0] +
                    snapshot->names_size + snapshot->exts_size ||
        !is_text(names, snapshot->names_size) || memchr(names, '/', snapshot->names_size) != NULL ||
        snapshot->exts_size < 2 || !is_text(names + snapshot->names_size, snapshot->exts_size))
        return FALSE;
    for (uint32_t i = 0; i < snapshot->mails; i++) {
        const struct snapshot_mail *mail = &snapshot->mail[i];

        if (mail->uid <= last_uid || mail->base >= snapshot->names_size ||
            mail->ext >= snapshot->exts_size)
            return FALSE;
        last_uid = mail->uid;
    }
    return snapshot->uid_validity != 0 && last_uid < snapshot->next_uid;
}

static struct maildir_rec rec_of(const struct snapshot_mail *mail, const char *names,
                                 const char *exts)
{
    struct maildir_rec rec = {
        .uid = mail->uid,
        .scan = 1,
        .in_new = (mail->bits & MAIL_IN_NEW) != 0,
        .base = names + mail->base,
        .ext = exts + mail->ext,
        .info = {.flags = mail->flags,
                 .letters = mail->letters,
                 .present = (mail->bits & MAIL_HAS_INFO) != 0},
    };

    if ((mail->bits & MAIL_IS_VERBATIM) != 0)
        rec.info.verbatim = rec.base + strlen(rec.base) + 1;
    return rec;
}

/* The strings stay where they were read to: the snapshot becomes the list's. */
static void take_list(struct maildir_uidlist *list, struct snapshot *snapshot,
                      const struct stat *st)
{
    const char *names = (const char *)&snapshot->mail[snapshot->mails];
    const char *exts = names + snapshot->names_size;
    struct maildir_rec *recs;

    list->block = snapshot;
    list->uid_validity = snapshot->uid_validity;
    list->next_uid = snapshot->next_uid;
    list->dead_count = snapshot->dead_count;
    guid_128_copy(list->guid, snapshot->guid);
    list->header_rest = exts + 1;
    list->device = st->st_dev;
    list->inode = st->st_ino;
    list->read_size = snapshot->size;
    array_free(&list->recs);
    i_array_init(&list->recs, snapshot->mails + 64);
    recs = buffer_append_space_unsafe(list->recs.arr.buffer, snapshot->mails * sizeof *recs);
    for (uint32_t i = 0; i < snapshot->mails; i++)
        recs[i] = rec_of(&snapshot->mail[i], names, exts);
}

static void take_dir(const struct snapshot_dir *dir, struct maildir_dir_state *state)
{
    state->inode = (ino_t)dir->inode;
    state->mtime.tv_sec = (time_t)dir->mtime[0];
    state->mtime.tv_nsec = (long)dir->mtime[1];
    state->read_at.tv_sec = (time_t)dir->read_at[0];
    state->read_at.tv_nsec = (long)dir->read_at[1];
}

static bool is_usable(const struct snapshot *snapshot, size_t size, const char *uidlist,
                      struct stat *st_r)
{
    return size >= sizeof *snapshot && has_sound_mails(snapshot, size) &&
           is_of_uidlist(snapshot, uidlist, st_r);
}

void maildir_snapshot_load(struct maildir_mailbox *mbox)
{
    struct snapshot *snapshot;
    struct stat st;
    size_t size;

    snapshot = cache_sealed_read(&mbox->base.box, MAILDIR_SNAPSHOT_NAME, SNAPSHOT_FORMAT, &size);
    if (snapshot == NULL)
        return;
    if (!is_usable(snapshot, size, mbox->uidlist->path, &st)) {
        free(snapshot);
        return;
    }
    take_list(mbox->uidlist, snapshot, &st);
    take_dir(&snapshot->new_dir, &mbox->new_state);
    take_dir(&snapshot->cur_dir, &mbox->cur_state);
    mbox->scan = 1;
    mbox->snapshot.cur_read_at = mbox->cur_state.read_at;
    mbox->snapshot.inode = st.st_ino;
    mbox->snapshot.size = snapshot->size;
}
