/*
 * Files that no uidlist knows get uids, in the order in which they were delivered, and under the lock: by
 * then others may have given some of them uids already.
 */
#include "maildir/failure.h"
#include "maildir/mailbox.h"
#include "maildir/sync.h"
#include "maildir/uidlist-format.h"
#include "maildir/uidlist.h"

static int compare_found(const struct maildir_found *found1, const struct maildir_found *found2)
{
    return maildir_base_compare(found1->name, found2->name);
}

static void add_unknown(struct maildir_scan *scan, string_t *lines)
{
    struct maildir_uidlist *list = scan->mbox->uidlist;
    const struct maildir_found *file;

    array_sort(&scan->unknown, compare_found);
    array_foreach(&scan->unknown, file)
    {
        struct maildir_rec *rec = maildir_uidlist_find(list, file->name);
        struct maildir_info info;

        if (rec != NULL && !rec->dead) {
            array_push_back(&scan->duplicates, file);
            continue;
        }
        rec = maildir_uidlist_add(list, list->next_uid, file->name, maildir_base_length(file->name),
                                  "");
        rec->scan = scan->mbox->scan;
        rec->in_new = file->in_new;
        maildir_info_parse(file->name, &info);
        maildir_rec_set_info(list, rec, &info);
        maildir_uidlist_format(lines, rec->uid, "", rec->base);
    }
}

static int write_added(struct maildir_uidlist *list, const string_t *lines)
{
    if (list->rewrite)
        return maildir_uidlist_rewrite(list);
    if (str_len(lines) == 0)
        return 0;
    if (maildir_uidlist_append(list, list->read_size, lines) < 0) {
        /* what memory says now is not true: read it again */
        list->read_size = 0;
        return -1;
    }
    list->read_size += str_len(lines);
    return 0;
}

/* With the lock: nobody else gives uids, and every file that has one is in its place. */
static int give_uids_locked(struct maildir_scan *scan)
{
    struct maildir_uidlist *list = scan->mbox->uidlist;
    int changed = maildir_uidlist_refresh(list), result;
    string_t *lines;

    if (changed < 0 || (changed > 0 && maildir_scan_run(scan, TRUE) < 0))
        return -1;
    lines = str_new(default_pool, 1024);
    add_unknown(scan, lines);
    result = write_added(list, lines);
    str_free(&lines);
    return result;
}

int maildir_give_uids(struct maildir_scan *scan)
{
    struct maildir_uidlist *list = scan->mbox->uidlist;
    struct mail_storage *storage = scan->mbox->base.box.storage;
    string_t *lines;
    int result;

    if (maildir_uidlist_lock(list) == 0) {
        result = give_uids_locked(scan);
        maildir_uidlist_unlock(list);
        return result;
    }
    if (storage->error != MAIL_ERROR_PERM)
        return -1;
    /* a mailbox that we can only read: uids of this session */
    mail_storage_clear_error(storage);
    if (list->uid_validity == 0)
        list->uid_validity = (uint32_t)scan->mbox->cur_state.mtime.tv_sec | 1;
    lines = t_str_new(1024);
    add_unknown(scan, lines);
    list->rewrite = TRUE;
    return 0;
}
