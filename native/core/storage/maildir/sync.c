/*
 * The sync of a mailbox: what the uidlist does not know gets uids, what is gone dies, what is new may move
 * to cur/; then the index is told.
 */
#include "maildir/sync.h"

#include "index/index.h"
#include "maildir/duplicates.h"
#include "maildir/failure.h"
#include "maildir/keywords.h"
#include "maildir/mailbox.h"
#include "maildir/snapshot.h"
#include "maildir/uidlist.h"

#include <stdio.h>
#include <unistd.h>

enum { DEAD_ENOUGH = 100, DEAD_PART = 4 };

/* ---- What is gone, and what is new ------------------------------------------------------------- */

static void kill_missing(struct maildir_scan *scan, struct mail_index_update *u)
{
    struct maildir_uidlist *list = scan->mbox->uidlist;
    struct maildir_rec *rec;

    if (!scan->looked)
        return;
    array_foreach_modifiable(&list->recs, rec)
    {
        if (rec->dead || !maildir_scan_misses(scan, rec->scan, rec->in_new))
            continue;
        maildir_uidlist_kill(list, rec);
        mail_index_update_remove(u, rec->uid);
        array_push_back(&scan->gone, &rec->uid);
    }
}

/* False: nothing can be moved here. */
static bool move_to_cur(struct maildir_mailbox *mbox, struct maildir_rec *rec)
{
    const char *from = maildir_rec_path(mbox->uidlist, rec);
    struct maildir_info info = rec->info;
    string_t *to = t_str_new(256);

    if (info.verbatim == NULL)
        info.present = TRUE;
    str_printfa(to, "%s/cur/%s", mailbox_get_path(&mbox->base.box), rec->base);
    maildir_info_append(to, &info);
    if (rename(from, str_c(to)) < 0) {
        /* it may have been moved or removed already: the next sync sees that */
        if (errno == ENOENT)
            return TRUE;
        e_error(mbox->base.box.event, "rename(%s, %s) failed: %s", from, str_c(to),
                strerror(errno));
        return FALSE;
    }
    rec->in_new = FALSE;
    rec->info = info;
    return TRUE;
}

static void move_new(struct maildir_mailbox *mbox)
{
    struct maildir_rec *rec;
    bool moved = TRUE;

    array_foreach_modifiable(&mbox->uidlist->recs, rec)
    {
        if (rec->dead || !rec->in_new)
            continue;
        T_BEGIN
        {
            moved = move_to_cur(mbox, rec);
        }
        T_END;
        if (!moved)
            return;
    }
}

/* ---- The index --------------------------------------------------------------------------------- */

static void update_changed(struct maildir_mailbox *mbox, struct mail_index_update *u,
                           const struct maildir_rec *rec)
{
    if (rec != NULL && !rec->dead)
        mail_index_update_set(u, rec->uid, rec->info.flags,
                              maildir_keywords_to_index(mbox->keywords, rec->info.letters));
}

static void append_rest(struct maildir_mailbox *mbox, struct mail_index_update *u,
                        uint32_t first_uid)
{
    struct mailbox *box = &mbox->base.box;
    unsigned int count, at;
    const struct maildir_rec *recs = array_get(&mbox->uidlist->recs, &count);

    for (at = count; at > 0 && recs[at - 1].uid >= first_uid; at--)
        ;
    for (; at < count; at++) {
        const struct maildir_rec *rec = &recs[at];

        if (rec->dead)
            continue;
        mail_index_update_append(u, rec->uid, rec->info.flags,
                                 maildir_keywords_to_index(mbox->keywords, rec->info.letters));
        if (rec->in_new)
            mailbox_recent_set(box, rec->uid);
    }
    mail_index_update_first_recent_uid(u, box->recent_flags_count == 0
                                              ? mbox->uidlist->next_uid
                                              : array_front(&box->recent_flags)->seq1);
}

/* Tells plugins what others have done. */
static void notify(struct maildir_scan *scan)
{
    struct mailbox *box = &scan->mbox->base.box;
    uint32_t uid;

    if (array_is_empty(&scan->gone) && array_is_empty(&scan->changed))
        return;
    array_foreach_elem(&scan->gone, uid) mailbox_sync_notify(box, uid, MAILBOX_SYNC_TYPE_EXPUNGE);
    array_foreach_elem(&scan->changed, uid) mailbox_sync_notify(box, uid, MAILBOX_SYNC_TYPE_FLAGS);
    mailbox_sync_notify(box, 0, 0);
}

static void update_index(struct maildir_scan *scan, bool keywords_changed)
{
    struct maildir_mailbox *mbox = scan->mbox;
    struct maildir_uidlist *list = mbox->uidlist;
    struct mail_index *index = mbox->base.box.index;
    struct mail_index_update *u = mail_index_update_begin(index);
    const struct maildir_rec *rec;
    uint32_t uid, first_new;

    if (list->renumbered || mail_index_head(index)->uid_validity != list->uid_validity) {
        mail_index_update_reset(u, list->uid_validity);
        list->renumbered = FALSE;
    }
    first_new = mail_index_head(index)->next_uid;
    kill_missing(scan, u);
    array_foreach_elem(&scan->changed, uid)
        update_changed(mbox, u, maildir_uidlist_lookup(list, uid));
    if (keywords_changed) {
        array_foreach(&list->recs, rec) update_changed(mbox, u, rec);
    }
    append_rest(mbox, u, first_new);
    mail_index_update_next_uid(u, list->next_uid);
    mail_index_update_end(&u);
}

/* ---- All of it --------------------------------------------------------------------------------- */

/* Leaves out of the file what is dead, once that is much. */
static int compact(struct maildir_uidlist *list)
{
    int result;

    if (list->dead_count < DEAD_ENOUGH || list->dead_count < array_count(&list->recs) / DEAD_PART)
        return 0;
    if (maildir_uidlist_lock(list) < 0)
        return -1;
    result = maildir_uidlist_refresh(list);
    if (result >= 0)
        result = maildir_uidlist_rewrite(list);
    maildir_uidlist_unlock(list);
    return result;
}

/* Which directories to read: 0, 1 or 2 as maildir_scan_needed(). */
static int choose(struct maildir_mailbox *mbox, enum maildir_sync_flags flags)
{
    if ((flags & MAILDIR_SYNC_FORCE) != 0 || mbox->uidlist->unseen || mbox->scan == 0)
        return 2;
    return maildir_scan_needed(mbox);
}

static int sync_with(struct maildir_scan *scan, enum maildir_sync_flags flags,
                     bool keywords_changed)
{
    struct maildir_mailbox *mbox = scan->mbox;
    struct maildir_uidlist *list = mbox->uidlist;
    bool writable = !mailbox_is_readonly(&mbox->base.box), loaded;
    int dirs = choose(mbox, flags);

    if (dirs < 0 || (dirs > 0 && maildir_scan_run(scan, dirs == 2) < 0))
        return -1;
    if (dirs == 2)
        list->unseen = FALSE;
    if ((array_not_empty(&scan->unknown) || list->uid_validity == 0) && maildir_give_uids(scan) < 0)
        return -1;
    if (array_not_empty(&scan->duplicates) && writable)
        maildir_resolve_duplicates(scan);
    loaded = mail_index_is_loaded(mbox->base.box.index);
    update_index(scan, keywords_changed);
    if (loaded)
        notify(scan);
    if ((flags & MAILDIR_SYNC_MOVE_NEW) != 0 && writable)
        move_new(mbox);
    return writable ? compact(list) : 0;
}

int maildir_sync(struct maildir_mailbox *mbox, enum maildir_sync_flags flags)
{
    struct mailbox *box = &mbox->base.box;
    struct maildir_scan scan;
    int keywords_changed, result;

    if (mbox->uidlist == NULL)
        mbox->uidlist = maildir_uidlist_alloc(box);
    if (mbox->keywords == NULL)
        mbox->keywords = maildir_keywords_alloc(box);
    if (mbox->scan == 0 && mbox->uidlist->read_size == 0 && (flags & MAILDIR_SYNC_FORCE) == 0)
        maildir_snapshot_load(mbox);
    keywords_changed = maildir_keywords_refresh(mbox->keywords);
    if (keywords_changed < 0 || maildir_uidlist_refresh(mbox->uidlist) < 0)
        return -1;
    maildir_scan_init(&scan, mbox);
    T_BEGIN
    {
        result = sync_with(&scan, flags, keywords_changed > 0);
    }
    T_END;
    maildir_scan_deinit(&scan);
    return result < 0 ? -1 : 0;
}
