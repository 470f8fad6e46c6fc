/*
 * Finding again what a delivery has made before the process was killed.
 */
#include "maildir/failure.h"
#include "maildir/mailbox.h"
#include "maildir/maildir-save.h"

#include <dirent.h>

static bool has_base(const char *name, const char *base, size_t length)
{
    return strncmp(name, base, length) == 0 &&
           (name[length] == ',' || name[length] == ':' || name[length] == '\0');
}

/* 1 and the path; 0, -1. */
static int find_in(struct mailbox *box, const char *directory, const char *base,
                   const char **path_r)
{
    size_t length = strlen(base);
    const struct dirent *entry;
    DIR *dir = opendir(directory);
    int result = 0;

    if (dir == NULL)
        return errno == ENOENT ? 0 : maildir_failed(box, "opendir", directory);
    while (errno = 0, result == 0 && (entry = readdir(dir)) != NULL) {
        if (!has_base(entry->d_name, base, length))
            continue;
        *path_r = t_strdup_printf("%s/%s", directory, entry->d_name);
        result = 1;
    }
    if (result == 0 && errno != 0)
        result = maildir_failed(box, "readdir", directory);
    (void)closedir(dir);
    if (result > 0 && maildir_sync_directory(box, directory) < 0)
        result = maildir_failed(box, "fsync", directory);
    return result;
}

int maildir_find_basename(struct mailbox *box, const char *base, const char **path_r)
{
    const char *root, *path = NULL;
    int result;

    if (!maildir_is_maildir(box))
        return 0;
    root = mailbox_get_path(box);
    /* new/ first: files move from there to cur/ */
    result = find_in(box, t_strconcat(root, "/new", NULL), base, &path);
    if (result == 0)
        result = find_in(box, t_strconcat(root, "/cur", NULL), base, &path);
    if (path_r != NULL)
        *path_r = path;
    return result;
}

const char *maildir_saved_path(struct mailbox *box)
{
    return maildir_is_maildir(box) ? maildir_mailbox(box)->saved_path : NULL;
}
