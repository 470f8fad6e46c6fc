/*
 * Messages that say what stands in the way of an operation.
 */
#include "lib.h"

#include "eacces-error.h"
#include "ipwd.h"
#include "str.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *user_name(uid_t uid)
{
    struct passwd pw;

    return i_getpwuid(uid, &pw) > 0 ? t_strdup(pw.pw_name) : NULL;
}

static const char *group_name(gid_t gid)
{
    struct group gr;

    return i_getgrgid(gid, &gr) > 0 ? t_strdup(gr.gr_name) : NULL;
}

static void append_id(string_t *text, const char *kind, unsigned long id, const char *name)
{
    str_printfa(text, "%s=%lu(%s)", kind, id, name == NULL ? "unknown" : name);
}

static void append_who_we_are(string_t *text)
{
    append_id(text, "euid", geteuid(), user_name(geteuid()));
    str_append_c(text, ' ');
    append_id(text, "egid", getegid(), group_name(getegid()));
}

static const char *parent_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return ".";
    return slash == path ? "/" : t_strdup_until(path, slash);
}

/* The highest directory above the path that cannot be entered; NULL: all can. */
static const char *closed_directory(const char *path)
{
    const char *parent = parent_of(path), *above;

    if (strcmp(parent, "/") == 0 || strcmp(parent, ".") == 0)
        return access(parent, X_OK) < 0 ? parent : NULL;
    above = closed_directory(parent);
    if (above != NULL)
        return above;
    return access(parent, X_OK) < 0 && errno == EACCES ? parent : NULL;
}

static void append_owner(string_t *text, const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return;
    str_append(text, ", owned by ");
    append_id(text, "uid", st.st_uid, user_name(st.st_uid));
    str_append_c(text, ' ');
    append_id(text, "gid", st.st_gid, group_name(st.st_gid));
    str_printfa(text, " mode=0%o", (unsigned int)(st.st_mode & 07777));
}

static void append_what_is_missing(string_t *text, const char *path, bool creating)
{
    const char *directory = closed_directory(path);

    if (directory != NULL) {
        str_printfa(text, "; cannot enter %s", directory);
        append_owner(text, directory);
    } else if (creating && access(parent_of(path), W_OK) < 0) {
        str_printfa(text, "; cannot write to %s", parent_of(path));
        append_owner(text, parent_of(path));
    } else if (!creating && access(path, R_OK) < 0) {
        str_printfa(text, "; cannot read %s", path);
        append_owner(text, path);
    } else if (!creating && access(path, W_OK) < 0) {
        str_printfa(text, "; cannot write to %s", path);
        append_owner(text, path);
    } else {
        str_append(text,
                   "; the modes allow it, so something else forbids it: an ACL, a security module");
    }
}

static const char *describe(const char *func, const char *path, bool creating)
{
    string_t *text = t_str_new(256);
    int error = errno;

    str_printfa(text, "%s(%s) failed: %s (", func, path, strerror(error));
    append_who_we_are(text);
    append_what_is_missing(text, path, creating);
    str_append_c(text, ')');
    errno = error;
    return str_c(text);
}

const char *eacces_error_get(const char *func, const char *path)
{
    return describe(func, path, FALSE);
}

const char *eacces_error_get_creating(const char *func, const char *path)
{
    return describe(func, path, TRUE);
}

const char *eperm_error_get_chgrp(const char *func, const char *path, gid_t gid,
                                  const char *gid_origin)
{
    string_t *text = t_str_new(256);
    int error = errno;

    str_printfa(text, "%s(%s, ", func, path);
    append_id(text, "group", gid, group_name(gid));
    str_printfa(text, ") failed: %s (", strerror(error));
    append_who_we_are(text);
    if (gid_origin != NULL)
        str_printfa(text, "; the group is that of %s", gid_origin);
    str_append(text, ")");
    errno = error;
    return str_c(text);
}
