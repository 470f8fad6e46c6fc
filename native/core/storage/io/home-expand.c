/*
 * Home directories in paths.
 */
#include "lib.h"

#include "home-expand.h"
#include "ipwd.h"

/* The home directory that stands for "~name", or NULL. */
static const char *home_of(const char *name)
{
    struct passwd pw;

    if (*name == '\0')
        return getenv("HOME");
    return i_getpwnam(name, &pw) > 0 ? t_strdup(pw.pw_dir) : NULL;
}

int home_try_expand(const char **_path)
{
    const char *path = *_path, *end, *home;

    if (path == NULL || *path != '~')
        return 0;
    end = path + strcspn(path, "/");
    home = home_of(t_strdup_until(path + 1, end));
    if (home == NULL)
        return -1;
    *_path = t_strconcat(home, end, NULL);
    return 0;
}

const char *home_expand(const char *path)
{
    (void)home_try_expand(&path);
    return path;
}

const char *home_expand_tilde(const char *path, const char *home)
{
    if (path == NULL || home == NULL || path[0] != '~' || (path[1] != '\0' && path[1] != '/'))
        return path;
    return t_strconcat(home, path + 1, NULL);
}
