/*
 * Making directories.
 */
#include "lib.h"

#include "eacces-error.h"
#include "mkdir-parents.h"

#include <unistd.h>

/* Who is to own a new directory, and why. */
struct owner {
    uid_t uid;
    gid_t gid;
    const char *gid_origin;
};

static int set_owner(const char *path, const struct owner *owner)
{
    int error;

    if (chown(path, owner->uid, owner->gid) == 0)
        return 0;
    error = errno;
    if (error == EPERM && owner->uid == (uid_t)-1)
        i_error("%s", eperm_error_get_chgrp("chown", path, owner->gid, owner->gid_origin));
    else
        i_error("chown(%s, %ld, %ld) failed: %m", path,
                owner->uid == (uid_t)-1 ? -1L : (long)owner->uid,
                owner->gid == (gid_t)-1 ? -1L : (long)owner->gid);
    errno = error;
    return -1;
}

static int make_one(const char *path, mode_t mode, const struct owner *owner)
{
    int error;

    if (owner->gid == (gid_t)-1 && owner->uid == (uid_t)-1)
        return mkdir(path, mode);
    if (mkdir(path, mode & S_IRWXU) < 0)
        return -1;
    /* The mode is meant for that very group: neither the umask may spoil it (which is not ours to
       change: it belongs to all threads) nor a setgid bit that came from the parent. */
    if (set_owner(path, owner) == 0 && chmod(path, mode) == 0)
        return 0;
    error = errno;
    (void)rmdir(path);
    errno = error;
    return -1;
}

static int make_with_parents(const char *path, mode_t mode, const struct owner *owner)
{
    const char *slash;

    if (make_one(path, mode, owner) == 0)
        return 0;
    if (errno != ENOENT)
        return -1;
    slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        return -1;        /* the current directory is gone */
    if (slash[1] == '\0') /* "a/b/" */
        return make_with_parents(t_strdup_until(path, slash), mode, owner);
    if (make_with_parents(t_strdup_until(path, slash), mode, owner) < 0 && errno != EEXIST)
        return -1;
    return make_one(path, mode, owner);
}

static int make_framed(const char *path, mode_t mode, const struct owner *owner)
{
    int result;

    T_BEGIN
    {
        result = make_with_parents(path, mode, owner);
    }
    T_END;
    return result;
}

int mkdir_parents(const char *path, mode_t mode)
{
    return mkdir_parents_chown(path, mode, (uid_t)-1, (gid_t)-1);
}

int mkdir_parents_chown(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
    struct owner owner = {uid, gid, NULL};

    return make_framed(path, mode, &owner);
}

int mkdir_parents_chgrp(const char *path, mode_t mode, gid_t gid, const char *gid_origin)
{
    struct owner owner = {(uid_t)-1, gid, gid_origin};

    return make_framed(path, mode, &owner);
}

int mkdir_chown(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
    struct owner owner = {uid, gid, NULL};

    return make_one(path, mode, &owner);
}

int mkdir_chgrp(const char *path, mode_t mode, gid_t gid, const char *gid_origin)
{
    struct owner owner = {(uid_t)-1, gid, gid_origin};

    return make_one(path, mode, &owner);
}

int stat_first_parent(const char *path, const char **root_dir_r, struct stat *st_r)
{
    *root_dir_r = path;
    while (stat(path, st_r) < 0) {
        const char *slash = strrchr(path, '/');

        if ((errno != ENOENT && errno != ENOTDIR) || slash == NULL || strcmp(path, "/") == 0)
            return -1;
        path = slash == path ? "/" : t_strdup_until(path, slash);
        *root_dir_r = path;
    }
    return 0;
}
