/*
 * Reading new/ and cur/. A file that is renamed while its directory is read may be seen twice or not at
 * all, so what is missing is believed only when nothing has changed meanwhile, or after several looks.
 */
#include "maildir/sync.h"

#include "maildir/failure.h"
#include "maildir/mailbox.h"
#include "maildir/uidlist.h"

#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

enum { LOOKS = 4 };

/* Time stamps of files are taken from a clock that steps: changes within a step look the same. */
static bool is_recent(const struct timespec *mtime, const struct timespec *at, bool network)
{
    long long step = network || mtime->tv_nsec == 0 ? 2000000000LL : 50000000LL;
    long long age =
        (long long)(at->tv_sec - mtime->tv_sec) * 1000000000LL + (at->tv_nsec - mtime->tv_nsec);

    return age < step;
}

static bool has_changed(const struct maildir_mailbox *mbox, const struct maildir_dir_state *state,
                        const struct maildir_dir_state *now)
{
    return state->inode != now->inode || state->mtime.tv_sec != now->mtime.tv_sec ||
           state->mtime.tv_nsec != now->mtime.tv_nsec ||
           is_recent(&now->mtime, &state->read_at, mbox->base.box.storage->set->mail_nfs_storage);
}

/* Which directory it is and its mtime; zeroes if it is missing. */
static int stat_dir(struct maildir_mailbox *mbox, const char *name, struct maildir_dir_state *now_r)
{
    struct mailbox *box = &mbox->base.box;
    const char *path = t_strconcat(mailbox_get_path(box), name, NULL);
    struct stat st;

    now_r->inode = 0;
    i_zero(&now_r->mtime);
    if (stat(path, &st) == 0) {
        now_r->inode = st.st_ino;
        now_r->mtime = st.st_mtim;
    } else if (errno != ENOENT || strcmp(name, "/cur") == 0) {
        return maildir_failed(box, "stat", path);
    }
    return 0;
}

int maildir_scan_needed(struct maildir_mailbox *mbox)
{
    struct maildir_dir_state new_now, cur_now;

    if (stat_dir(mbox, "/new", &new_now) < 0 || stat_dir(mbox, "/cur", &cur_now) < 0)
        return -1;
    if (has_changed(mbox, &mbox->cur_state, &cur_now))
        return 2;
    return has_changed(mbox, &mbox->new_state, &new_now) ? 1 : 0;
}

void maildir_scan_init(struct maildir_scan *scan, struct maildir_mailbox *mbox)
{
    i_zero(scan);
    scan->mbox = mbox;
    scan->pool = pool_alloconly_create(MEMPOOL_GROWING "maildir scan", 1024);
    i_array_init(&scan->unknown, 16);
    i_array_init(&scan->duplicates, 4);
    i_array_init(&scan->changed, 16);
    i_array_init(&scan->gone, 16);
}

void maildir_scan_deinit(struct maildir_scan *scan)
{
    array_free(&scan->unknown);
    array_free(&scan->duplicates);
    array_free(&scan->changed);
    array_free(&scan->gone);
    pool_unref(&scan->pool);
}

static bool same_info(const struct maildir_info *info1, const struct maildir_info *info2)
{
    return info1->flags == info2->flags && info1->letters == info2->letters;
}

static void found(struct maildir_scan *scan, const char *name, bool in_new)
{
    struct maildir_uidlist *list = scan->mbox->uidlist;
    struct maildir_rec *rec = maildir_uidlist_find(list, name);
    struct maildir_found file = {.in_new = in_new};
    struct maildir_info info;

    if (rec == NULL || rec->dead) {
        file.name = p_strdup(scan->pool, name);
        array_push_back(&scan->unknown, &file);
        return;
    }
    if (rec->scan == scan->mbox->scan) {
        file.name = p_strdup(scan->pool, name);
        array_push_back(&scan->duplicates, &file);
        return;
    }
    maildir_info_parse(name, &info);
    if (rec->scan != 0 && !same_info(&rec->info, &info))
        array_push_back(&scan->changed, &rec->uid);
    rec->scan = scan->mbox->scan;
    rec->in_new = in_new;
    maildir_rec_set_info(list, rec, &info);
}

static int read_dir(struct maildir_scan *scan, const char *name, bool in_new)
{
    struct mailbox *box = &scan->mbox->base.box;
    const char *path = t_strconcat(mailbox_get_path(box), name, NULL);
    DIR *dir = opendir(path);
    const struct dirent *entry;
    int result = 0;

    if (dir == NULL)
        return errno == ENOENT && in_new ? 0 : maildir_failed(box, "opendir", path);
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.' && entry->d_type != DT_DIR)
            found(scan, entry->d_name, in_new);
    }
    if (errno != 0)
        result = maildir_failed(box, "readdir", path);
    (void)closedir(dir);
    return result;
}

/* Reads the directories once and remembers as what they were seen. */
static int look(struct maildir_scan *scan, bool cur_too)
{
    struct maildir_mailbox *mbox = scan->mbox;
    struct maildir_dir_state new_state, cur_state;

    array_clear(&scan->unknown);
    array_clear(&scan->duplicates);
    scan->looked = TRUE;
    scan->cur_too = cur_too;
    mbox->scan++;
    (void)clock_gettime(CLOCK_REALTIME, &new_state.read_at);
    cur_state.read_at = new_state.read_at;
    if (stat_dir(mbox, "/new", &new_state) < 0 ||
        (cur_too && stat_dir(mbox, "/cur", &cur_state) < 0))
        return -1;
    /* new/ first: files move from there to cur/ */
    if (read_dir(scan, "/new", TRUE) < 0 || (cur_too && read_dir(scan, "/cur", FALSE) < 0))
        return -1;
    mbox->new_state = new_state;
    if (cur_too)
        mbox->cur_state = cur_state;
    return 0;
}

bool maildir_scan_misses(const struct maildir_scan *scan, uint32_t rec_scan, bool in_new)
{
    return rec_scan != scan->mbox->scan && (scan->cur_too || in_new);
}

static bool misses_any(const struct maildir_scan *scan)
{
    const struct maildir_rec *rec;

    array_foreach(&scan->mbox->uidlist->recs, rec)
    {
        if (!rec->dead && maildir_scan_misses(scan, rec->scan, rec->in_new))
            return TRUE;
    }
    return FALSE;
}

int maildir_scan_run(struct maildir_scan *scan, bool cur_too)
{
    for (unsigned int i = 0; i < LOOKS; i++) {
        int changed;

        if (look(scan, cur_too) < 0)
            return -1;
        if (!misses_any(scan))
            return 0;
        changed = maildir_scan_needed(scan->mbox);
        if (changed < 0)
            return -1;
        if (changed == 0 && cur_too)
            return 0;
        cur_too = TRUE;
    }
    return 0;
}
