/*
 * Delivery into a Maildir as its readers expect it: the mail appears in new/, complete, under a
 * name that tells its sizes. Indexes, uidlists and quota belong to the readers (Dovecot, or the
 * storage model that comes above this).
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "durable-file.h"
#include "maildir-filename.h"

/* Where one mail goes. */
struct save {
    const char *maildir, *base;
    vsmtp_storage_parts parts;
    char directory[PATH_MAX]; /* new */
    char tmp[PATH_MAX];
    char *file; /* in new, PATH_MAX */
};

static bool plan(struct save *save, vsmtp_storage_failure *failure)
{
    char name[NAME_MAX + 1];

    if (!maildir_base_valid(save->base)) {
        errno = EINVAL;
        return failed_at(failure, "open", save->maildir);
    }
    if (!maildir_name_with_sizes(name, save->base, maildir_sizes(save->parts))) {
        errno = ENAMETOOLONG;
        return failed_at(failure, "open", save->maildir);
    }
    return path_join(save->directory, save->maildir, NULL, "new", failure) &&
           path_join(save->tmp, save->maildir, "tmp", save->base, failure) &&
           path_join(save->file, save->maildir, "new", name, failure);
}

static bool create_maildir(const char *maildir, vsmtp_storage_failure *failure)
{
    static const char *const names[] = {"cur", "new", "tmp"};
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!path_join(path, maildir, NULL, names[i], failure) || !durable_mkdir(path, failure))
            return false;
    }
    return true;
}

/* Readers need cur/ as well, although a delivery does not. */
static bool complete_maildir(const char *maildir, vsmtp_storage_failure *failure)
{
    char cur[PATH_MAX];

    if (!path_join(cur, maildir, NULL, "cur", failure))
        return false;
    return access(cur, F_OK) == 0 || create_maildir(maildir, failure);
}

static bool save_once(const struct save *save, vsmtp_storage_failure *failure)
{
    return durable_create(save->tmp, save->parts, failure) &&
           durable_rename(save->tmp, save->file, save->directory, KEEP_EXISTING, failure);
}

/* Looks for the mail in one directory; a directory that is not there holds nothing. */
static bool find_in(const struct save *save, const char *sub, bool *found,
                    vsmtp_storage_failure *failure)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    DIR *directory;
    bool read_all;

    if (!path_join(path, save->maildir, NULL, sub, failure))
        return false;
    directory = opendir(path);
    if (directory == NULL)
        return errno == ENOENT || failed_at(failure, "opendir", path);
    do {
        errno = 0;
        entry = readdir(directory);
        *found = entry != NULL && maildir_name_matches(entry->d_name, save->base);
    } while (entry != NULL && !*found);
    read_all = *found || errno == 0 || failed_at(failure, "readdir", path);
    if (*found)
        read_all = path_join(save->file, save->maildir, sub, entry->d_name, failure) &&
                   durable_directory(path, failure);
    (void)closedir(directory);
    return read_all;
}

bool vsmtp_storage_deliver_maildir(const char *maildir, const char *name, vsmtp_storage_parts parts,
                                   bool again, char file[PATH_MAX], vsmtp_storage_failure *failure)
{
    struct save save = {.maildir = maildir, .base = name, .parts = parts, .file = file};
    bool found = false;

    if (!plan(&save, failure))
        return false;
    if (again) {
        /* new/ first: a reader moves mails from there to cur/, not back */
        if (!find_in(&save, "new", &found, failure) ||
            (!found && !find_in(&save, "cur", &found, failure)))
            return false;
        if (found)
            return true;
    }
    if (!complete_maildir(maildir, failure))
        return false;
    if (save_once(&save, failure))
        return true;
    /* new or tmp were missing */
    return failure->error == ENOENT && create_maildir(maildir, failure) &&
           save_once(&save, failure);
}
