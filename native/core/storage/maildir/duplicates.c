/*
 * No mail is lost here: only a second name of one file (a hard link) is removed.
 */
#include "maildir/duplicates.h"

#include "maildir/mailbox.h"
#include "maildir/sync.h"
#include "maildir/uidlist.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Gives the file a base of its own, in new/ or cur/ as it was. */
static void rename_apart(struct maildir_mailbox *mbox, const char *path)
{
    struct mailbox *box = &mbox->base.box;
    const char *name = strrchr(path, '/') + 1;
    const char *sizes = name + strcspn(name, ",:");
    const char *to = t_strdup_printf("%s/%s%s", t_strdup_until(path, strrchr(path, '/')),
                                     maildir_base_generate(), sizes);

    if (rename(path, to) < 0) {
        if (errno != ENOENT)
            e_error(box->event, "rename(%s, %s) failed: %s", path, to, strerror(errno));
        return;
    }
    e_warning(box->event, "Another mail has the name of %s: renamed to %s", path, to);
}

static void take_name(struct maildir_scan *scan, struct maildir_rec *rec,
                      const struct maildir_found *file)
{
    struct maildir_info info;

    maildir_info_parse(file->name, &info);
    maildir_rec_set_info(scan->mbox->uidlist, rec, &info);
    rec->in_new = file->in_new;
    array_push_back(&scan->changed, &rec->uid);
}

static void give_up_name(struct maildir_mailbox *mbox, const char *path, bool same_file)
{
    if (!same_file)
        rename_apart(mbox, path);
    else if (unlink(path) < 0 && errno != ENOENT)
        e_error(mbox->base.box.event, "unlink(%s) failed: %s", path, strerror(errno));
}

static void resolve(struct maildir_scan *scan, const struct maildir_found *file)
{
    struct maildir_mailbox *mbox = scan->mbox;
    struct maildir_uidlist *list = mbox->uidlist;
    struct maildir_rec *rec = maildir_uidlist_find(list, file->name);
    const char *path = t_strdup_printf("%s/%s/%s", mailbox_get_path(&mbox->base.box),
                                       file->in_new ? "new" : "cur", file->name);
    const char *first = maildir_rec_path(list, rec);
    struct stat st, first_st;
    bool same;

    if (strcmp(path, first) == 0 || stat(path, &st) < 0)
        return;
    if (stat(first, &first_st) < 0) {
        /* it was renamed while the directory was read, and seen under both names */
        take_name(scan, rec, file);
        return;
    }
    same = st.st_ino == first_st.st_ino && st.st_dev == first_st.st_dev;
    if (!rec->in_new || file->in_new) {
        give_up_name(mbox, path, same);
        return;
    }
    /* what lies in cur/ was there before */
    give_up_name(mbox, first, same);
    take_name(scan, rec, file);
}

void maildir_resolve_duplicates(struct maildir_scan *scan)
{
    const struct maildir_found *file;

    array_foreach(&scan->duplicates, file)
    {
        T_BEGIN
        {
            resolve(scan, file);
        }
        T_END;
    }
    /* the next sync reads the directories again */
    i_zero(&scan->mbox->new_state);
    i_zero(&scan->mbox->cur_state);
}
