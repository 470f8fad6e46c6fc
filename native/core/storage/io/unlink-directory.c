/*
 * Removing the contents of directories. Everything is done relative to open descriptors: whoever
 * can rename directories meanwhile cannot lead it elsewhere.
 */
#include "lib.h"

#include "unlink-directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int empty_directory(int fd, const char *path, enum unlink_directory_flags flags,
                           const char **error_r);

static int fail(const char *call, const char *path, const char **error_r)
{
    *error_r = t_strdup_printf("%s(%s) failed: %m", call, path);
    return -1;
}

static int open_directory(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int remove_directory(int parent, const char *name, const char *path,
                            enum unlink_directory_flags flags, const char **error_r)
{
    int fd = open_directory(parent, name);

    if (fd == -1)
        return errno == ENOENT ? 0 : fail("open", path, error_r);
    if (empty_directory(fd, path, flags, error_r) < 0)
        return -1;
    if (unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT) {
        /* dotfiles were left there on purpose */
        if ((flags & UNLINK_DIRECTORY_FLAG_SKIP_DOTFILES) != 0 && EDESTDIREXISTS(errno))
            return 0;
        return fail("rmdir", path, error_r);
    }
    return 0;
}

static int remove_entry(int parent, const char *name, const char *dir_path,
                        enum unlink_directory_flags flags, const char **error_r)
{
    const char *path = t_strdup_printf("%s/%s", dir_path, name);
    struct stat st;

    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (!UNLINK_EISDIR(errno) || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        !S_ISDIR(st.st_mode))
        return fail("unlink", path, error_r);
    if ((flags & UNLINK_DIRECTORY_FLAG_FILES_ONLY) != 0)
        return 0;
    return remove_directory(parent, name, path, flags, error_r);
}

static bool is_skipped(const char *name, enum unlink_directory_flags flags)
{
    if (name[0] != '.')
        return FALSE;
    return (flags & UNLINK_DIRECTORY_FLAG_SKIP_DOTFILES) != 0 || strcmp(name, ".") == 0 ||
           strcmp(name, "..") == 0;
}

/* Closes the descriptor. */
static int empty_directory(int fd, const char *path, enum unlink_directory_flags flags,
                           const char **error_r)
{
    DIR *dir = fdopendir(fd);
    struct dirent *entry;
    int result = 0;

    if (dir == NULL) {
        i_close_fd(&fd);
        return fail("opendir", path, error_r);
    }
    while (result == 0 && (errno = 0, entry = readdir(dir)) != NULL) {
        if (is_skipped(entry->d_name, flags))
            continue;
        result = remove_entry(dirfd(dir), entry->d_name, path, flags, error_r);
    }
    if (result == 0 && errno != 0)
        result = fail("readdir", path, error_r);
    (void)closedir(dir);
    return result;
}

int unlink_directory(const char *dir, enum unlink_directory_flags flags, const char **error_r)
{
    int fd = open_directory(AT_FDCWD, dir);

    if (fd == -1) {
        int result = errno == ENOENT ? 0 : -1;

        (void)fail("open", dir, error_r);
        return result;
    }
    if (empty_directory(fd, dir, flags, error_r) < 0)
        return -1;
    if ((flags & UNLINK_DIRECTORY_FLAG_RMDIR) != 0 && rmdir(dir) < 0 && errno != ENOENT &&
        !((flags & UNLINK_DIRECTORY_FLAG_SKIP_DOTFILES) != 0 && EDESTDIREXISTS(errno)))
        return fail("rmdir", dir, error_r);
    return 1;
}
