/*
 * Files older than 36 hours go, as Maildir's rules have it. The directory's atime tells when somebody
 * looked last; if nothing has changed in it since long ago, there is nothing to look for.
 */
#include "maildir/tmp-clean.h"

#include "maildir/mailbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { OLD_SECONDS = 36 * 60 * 60 };

/* A copy's second name has the dates of its mail: only its ctime is new. */
static bool is_old(const struct stat *st, time_t now)
{
    return now - st->st_mtime > OLD_SECONDS && now - st->st_atime > OLD_SECONDS &&
           (st->st_nlink == 1 || now - st->st_ctime > OLD_SECONDS);
}

static void clean(struct mailbox *box, const char *path, time_t now)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    struct stat st;

    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' ||
            fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(st.st_mode) || !is_old(&st, now))
            continue;
        if (unlinkat(dirfd(dir), entry->d_name, 0) < 0 && errno != ENOENT)
            e_error(box->event, "unlink(%s/%s) failed: %s", path, entry->d_name, strerror(errno));
    }
    (void)closedir(dir);
}

void maildir_clean_tmp(struct mailbox *box, const struct stat *st)
{
    unsigned int interval = box->storage->set->mail_temp_scan_interval;
    struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
    const char *path;
    time_t now = time(NULL);

    if (interval == 0 || now - st->st_atime < (time_t)interval ||
        st->st_atime - st->st_mtime > OLD_SECONDS)
        return;
    path = t_strconcat(mailbox_get_path(box), "/tmp", NULL);
    clean(box, path, now);
    /* reading it need not have set the atime */
    (void)utimensat(AT_FDCWD, path, times, 0);
}
