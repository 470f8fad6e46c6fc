/*
 * Where a list's mailboxes lie, and with what owners and modes new files are made there: those of
 * the directory they come to, so that a shared mailbox stays shared.
 */
#include "lib.h"

#include "array.h"
#include "mailbox-list-private.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- Paths --------------------------------------------------------------------------------- */

int mailbox_list_get_path(struct mailbox_list *list, const char *name,
                          enum mailbox_list_path_type type, const char **path_r)
{
    int ret = list->v.get_path(list, name, type, path_r);

    if (ret <= 0)
        *path_r = NULL;
    else
        i_assert(*path_r != NULL);
    return ret;
}

bool mailbox_list_get_root_path(struct mailbox_list *list, enum mailbox_list_path_type type,
                                const char **path_r)
{
    return mailbox_list_get_path(list, NULL, type, path_r) > 0;
}

const char *mailbox_list_get_root_forced(struct mailbox_list *list,
                                         enum mailbox_list_path_type type)
{
    const char *path;

    if (!mailbox_list_get_root_path(list, type, &path))
        i_panic("Mailbox list %s of namespace '%s' has no root directory of type %d", list->name,
                list->ns->prefix, (int)type);
    return path;
}

static const char *below(const char *dir, const char *name)
{
    return dir == NULL || *name == '\0' ? dir : t_strconcat(dir, "/", name, NULL);
}

static const char *first_of(const char *dir, const char *otherwise)
{
    return dir != NULL ? dir : otherwise;
}

bool mailbox_list_set_get_root_path(const struct mailbox_list_settings *set,
                                    enum mailbox_list_path_type type, const char **path_r)
{
    const char *index_mailboxes = set->index_control_use_maildir_name ? set->mailbox_dir_name : "";
    const char *path = NULL;

    switch (type) {
    case MAILBOX_LIST_PATH_TYPE_DIR:
    case MAILBOX_LIST_PATH_TYPE_MAILBOX:
        path = below(set->root_dir, set->mailbox_dir_name);
        break;
    case MAILBOX_LIST_PATH_TYPE_ALT_DIR:
    case MAILBOX_LIST_PATH_TYPE_ALT_MAILBOX:
        path = below(set->alt_dir, set->mailbox_dir_name);
        break;
    case MAILBOX_LIST_PATH_TYPE_CONTROL:
        path = below(first_of(set->control_dir, set->root_dir), index_mailboxes);
        break;
    case MAILBOX_LIST_PATH_TYPE_INDEX_CACHE:
        path = first_of(set->index_cache_dir, first_of(set->index_dir, set->root_dir));
        path = below(path, index_mailboxes);
        break;
    case MAILBOX_LIST_PATH_TYPE_LIST_INDEX:
        path = first_of(set->list_index_dir, first_of(set->index_dir, set->root_dir));
        break;
    case MAILBOX_LIST_PATH_TYPE_INDEX:
        path = below(first_of(set->index_dir, set->root_dir), index_mailboxes);
        break;
    case MAILBOX_LIST_PATH_TYPE_INDEX_PRIVATE:
        path = below(set->index_pvt_dir, index_mailboxes);
        break;
    case MAILBOX_LIST_PATH_TYPE_COUNT:
        i_unreached();
    }
    *path_r = path == NULL || *path == '\0' ? NULL : path; /* "": only in memory */
    return *path_r != NULL;
}

/* ---- Permissions --------------------------------------------------------------------------- */

/* Who may read may also enter. */
static mode_t with_entering(mode_t mode)
{
    return mode | ((mode & 0444) >> 2);
}

static void set_from_directory(const struct stat *st, const char *path,
                               struct mailbox_permissions *permissions_r)
{
    bool is_dir = S_ISDIR(st->st_mode);

    permissions_r->file_uid = st->st_uid;
    permissions_r->file_gid = st->st_gid;
    permissions_r->file_create_mode = (st->st_mode & 0666) | 0600;
    permissions_r->dir_create_mode =
        (is_dir ? st->st_mode & 0777 : with_entering(st->st_mode & 0666)) | 0700;
    permissions_r->file_create_gid_origin = path;

    /* The system gives the group by itself, or it would change nothing, or it is ours anyway. */
    if ((is_dir && (st->st_mode & S_ISGID) != 0) ||
        (st->st_mode & 0070) >> 3 == (st->st_mode & 0007) || st->st_gid == getegid())
        permissions_r->file_create_gid = (gid_t)-1;
    else
        permissions_r->file_create_gid = st->st_gid;
}

static void set_defaults(struct mailbox_permissions *permissions_r)
{
    i_zero(permissions_r);
    permissions_r->file_uid = (uid_t)-1;
    permissions_r->file_gid = (gid_t)-1;
    permissions_r->file_create_mode = 0600;
    permissions_r->dir_create_mode = 0700;
    permissions_r->file_create_gid = (gid_t)-1;
    permissions_r->file_create_gid_origin = "defaults";
}

/* False when there is nothing there to go by. */
static bool look_at_path(struct mailbox_list *list, const char *name,
                         struct mailbox_permissions *permissions_r)
{
    const char *path;
    struct stat st;

    if (mailbox_list_get_path(list, name, MAILBOX_LIST_PATH_TYPE_DIR, &path) <= 0)
        return FALSE;
    if (stat(path, &st) == 0) {
        set_from_directory(&st, path, permissions_r);
        permissions_r->gid_origin_is_mailbox_path = name != NULL;
        return TRUE;
    }
    if (errno == EACCES)
        mailbox_list_set_critical(list, "%s", mail_error_eacces_msg("stat", path));
    else if (!ENOTFOUND(errno))
        mailbox_list_set_critical(list, "stat(%s) failed: %s", path, strerror(errno));
    return FALSE;
}

void mailbox_list_get_root_permissions(struct mailbox_list *list,
                                       struct mailbox_permissions *permissions_r)
{
    if (list->root_permissions.file_create_mode == (mode_t)-1) {
        struct mailbox_permissions found;

        set_defaults(permissions_r);
        i_zero(&found);
        if (!look_at_path(list, NULL, &found))
            return; /* asked again when the root is there */
        mailbox_permissions_copy(&list->root_permissions, &found, list->pool);
    }
    *permissions_r = list->root_permissions;
}

void mailbox_list_get_permissions(struct mailbox_list *list, const char *name,
                                  struct mailbox_permissions *permissions_r)
{
    i_zero(permissions_r);
    if (name == NULL || *name == '\0' || !look_at_path(list, name, permissions_r))
        mailbox_list_get_root_permissions(list, permissions_r);
}

void mailbox_permissions_copy(struct mailbox_permissions *dest,
                              const struct mailbox_permissions *src, pool_t pool)
{
    *dest = *src;
    dest->file_create_gid_origin = p_strdup(pool, src->file_create_gid_origin);
}
