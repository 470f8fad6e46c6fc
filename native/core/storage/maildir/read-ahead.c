/*
 * Only who asks for neighbours gets the next ones: a search that looks at some mails here and there
 * would read for nothing.
 */
#include "maildir/read-ahead.h"

#include "maildir/mailbox.h"
#include "maildir/uidlist.h"

#include <fcntl.h>
#include <unistd.h>

/* Closes the first files, or takes their place. */
static void forget(struct maildir_read_ahead *ahead, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        if (ahead->files[i].fd >= 0)
            (void)close(ahead->files[i].fd);
    }
    ahead->count -= count;
    memmove(ahead->files, ahead->files + count, ahead->count * sizeof ahead->files[0]);
}

void maildir_read_ahead_end(struct maildir_read_ahead *ahead)
{
    forget(ahead, ahead->count);
}

static int open_ahead(struct maildir_uidlist *list, const struct maildir_rec *rec)
{
    int fd;

    T_BEGIN
    {
        fd = open(maildir_rec_path(list, rec), O_RDONLY | O_CLOEXEC);
    }
    T_END;
    if (fd >= 0)
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
    return fd;
}

/* Opens mails behind `rec` that are not open yet, until there are enough. */
static void fill(struct maildir_read_ahead *ahead, struct maildir_uidlist *list,
                 const struct maildir_rec *rec)
{
    const struct maildir_rec *end = array_front(&list->recs) + array_count(&list->recs);
    uint32_t opened = ahead->count == 0 ? rec->uid : ahead->files[ahead->count - 1].uid;

    for (rec++; rec < end && ahead->count < MAILDIR_READ_AHEAD; rec++) {
        if (rec->uid <= opened || rec->dead)
            continue;
        ahead->files[ahead->count].uid = rec->uid;
        ahead->files[ahead->count++].fd = open_ahead(list, rec);
    }
}

static bool are_neighbours(struct maildir_uidlist *list, const struct maildir_rec *rec,
                           uint32_t last_uid)
{
    const struct maildir_rec *first = array_front(&list->recs);

    while (rec > first && (--rec)->dead)
        ;
    return rec->uid == last_uid;
}

int maildir_read_ahead_take(struct maildir_read_ahead *ahead, struct maildir_mailbox *mbox,
                            uint32_t uid)
{
    struct maildir_uidlist *list = mbox->uidlist;
    const struct maildir_rec *rec = list == NULL ? NULL : maildir_uidlist_lookup(list, uid);
    unsigned int before = 0;
    int fd = -1;

    while (before < ahead->count && ahead->files[before].uid < uid)
        before++;
    forget(ahead, before);
    if (ahead->count > 0 && ahead->files[0].uid == uid) {
        fd = ahead->files[0].fd;
        ahead->files[0].fd = -1;
        forget(ahead, 1);
    }
    if (rec != NULL && are_neighbours(list, rec, ahead->last_uid))
        fill(ahead, list, rec);
    ahead->last_uid = uid;
    return fd;
}
