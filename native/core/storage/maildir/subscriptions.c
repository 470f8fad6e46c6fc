/*
 * The file `subscriptions`: storage names, in version 2 below a header and with TABs between the levels.
 * It is written anew, as version 2, under its dotlock.
 */
#include "maildir/list.h"

#include "file-dotlock.h"
#include "strescape.h"
#include "write-full.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define VERSION_2 "V\t2"
enum { LOCK_SECONDS = 120, MAX_FILE_SIZE = 16 * 1024 * 1024 };

static const char *get_path(struct mailbox_list *list)
{
    const char *directory;

    if (!mailbox_list_get_root_path(list, MAILBOX_LIST_PATH_TYPE_CONTROL, &directory))
        directory = mailbox_list_get_root_forced(list, MAILBOX_LIST_PATH_TYPE_DIR);
    return t_strconcat(directory, "/", list->set.subscription_fname, NULL);
}

/* ---- Reading ----------------------------------------------------------------------------------- */

static const char *vname_of_line(struct mailbox_list *list, char *line, bool version_2)
{
    const char sep[] = {mailbox_list_get_hierarchy_sep(list), '\0'};

    /* what is no modified UTF-7, as others write it, is taken for UTF-8 */
    return mailbox_list_get_vname(
        list, version_2 ? t_strarray_join(t_strsplit_tabescaped(line), sep) : line);
}

/* All vnames in the file, in its order, in the pool. */
static int read_file(struct mailbox_list *list, const char *path, pool_t pool,
                     ARRAY_TYPE(const_string) * vnames)
{
    buffer_t *text = t_buffer_create(4096);
    const char *error, *vname;
    bool version_2;
    struct stat st;
    char **lines;

    if (stat(path, &st) < 0)
        return errno == ENOENT ? 0 : maildir_list_failed(list, "stat", path);
    if (buffer_append_full_file(text, path, MAX_FILE_SIZE, &error) != BUFFER_APPEND_OK) {
        mailbox_list_set_critical(list, "read(%s) failed: %s", path, error);
        return -1;
    }
    lines = p_strsplit_spaces(pool, str_c(text), "\r\n");
    version_2 = *lines != NULL && strcmp(*lines, VERSION_2) == 0;
    for (lines += version_2 ? 1 : 0; *lines != NULL; lines++) {
        vname = p_strdup(pool, vname_of_line(list, *lines, version_2));
        array_push_back(vnames, &vname);
    }
    return 0;
}

static void clear(struct mailbox_list *dest)
{
    pool_unref(&dest->subscriptions_pool);
    dest->subscriptions_pool = pool_alloconly_create(MEMPOOL_GROWING "subscriptions", 1024);
    p_array_init(&dest->subscriptions, dest->subscriptions_pool, 32);
}

int maildir_list_subscriptions_refresh(struct mailbox_list *src_list,
                                       struct mailbox_list *dest_list)
{
    const char *path = get_path(src_list);
    ARRAY_TYPE(const_string) vnames;
    const char *vname;
    struct stat st;

    if (stat(path, &st) < 0) {
        if (errno != ENOENT)
            return maildir_list_failed(dest_list, "stat", path);
        st.st_mtime = 0;
    }
    /* a file that was new when it was read may have changed since without looking so */
    if (array_is_created(&dest_list->subscriptions) &&
        dest_list->subscriptions_mtime == st.st_mtime &&
        st.st_mtime < dest_list->subscriptions_read_time - 1)
        return 0;
    clear(dest_list);
    t_array_init(&vnames, 32);
    if (read_file(src_list, path, dest_list->subscriptions_pool, &vnames) < 0) {
        if (src_list != dest_list)
            mailbox_list_set_error(dest_list, MAIL_ERROR_TEMP, "Subscriptions can't be read");
        return -1;
    }
    array_foreach_elem(&vnames, vname) array_push_back(&dest_list->subscriptions, &vname);
    dest_list->subscriptions_mtime = st.st_mtime;
    dest_list->subscriptions_read_time = time(NULL);
    return 0;
}

/* ---- Writing ----------------------------------------------------------------------------------- */

static void append_line(struct mailbox_list *list, string_t *text, const char *vname)
{
    const char sep[] = {mailbox_list_get_hierarchy_sep(list), '\0'};
    const char *const *levels = t_strsplit(mailbox_list_get_storage_name(list, vname), sep);

    for (; *levels != NULL; levels++) {
        str_append_tabescaped(text, *levels);
        str_append_c(text, levels[1] == NULL ? '\n' : '\t');
    }
}

static string_t *format(struct mailbox_list *list, const ARRAY_TYPE(const_string) * vnames,
                        const char *vname, bool set)
{
    string_t *text = t_str_new(1024);
    const char *other;
    bool there = FALSE;

    str_append(text, VERSION_2 "\n\n");
    array_foreach_elem(vnames, other)
    {
        bool same = strcmp(other, vname) == 0;

        if (!same || (set && !there))
            append_line(list, text, other);
        there = there || same;
    }
    if (set && !there)
        append_line(list, text, vname);
    return text;
}

static int lock(struct mailbox_list *list, const char *path, struct dotlock **lock_r)
{
    struct mailbox_permissions perm;
    struct dotlock_settings set;
    int fd;

    if (mailbox_list_mkdir_root(list, t_strdup_until(path, strrchr(path, '/')),
                                MAILBOX_LIST_PATH_TYPE_CONTROL) < 0)
        return -1;
    i_zero(&set);
    set.timeout = LOCK_SECONDS;
    if (list->mail_set->mail_max_lock_timeout > 0)
        set.timeout = I_MIN(set.timeout, list->mail_set->mail_max_lock_timeout);
    set.stale_timeout = LOCK_SECONDS;
    set.use_excl_lock = list->mail_set->dotlock_use_excl;
    set.nfs_flush = list->mail_set->mail_nfs_storage;
    mailbox_list_get_root_permissions(list, &perm);
    fd = file_dotlock_open_group(&set, path, 0, perm.file_create_mode, perm.file_create_gid,
                                 perm.file_create_gid_origin, lock_r);
    if (fd < 0 && errno == EAGAIN)
        mailbox_list_set_error(list, MAIL_ERROR_TEMP, MAIL_ERRSTR_LOCK_TIMEOUT);
    else if (fd < 0)
        (void)maildir_list_failed(list, "file_dotlock_open", path);
    return fd;
}

static int write_file(struct mailbox_list *list, int fd, const char *path, const string_t *text)
{
    if (write_full(fd, str_data(text), str_len(text)) < 0)
        return maildir_list_failed(list, "write", path);
    if (list->mail_set->parsed_fsync_mode != FSYNC_MODE_NEVER && fsync(fd) < 0)
        return maildir_list_failed(list, "fsync", path);
    return 0;
}

int maildir_list_set_subscribed(struct mailbox_list *list, const char *name, bool set)
{
    const char *path = get_path(list), *vname = mailbox_list_get_vname(list, name);
    ARRAY_TYPE(const_string) vnames;
    struct dotlock *dotlock;
    int fd = lock(list, path, &dotlock);

    if (fd < 0)
        return -1;
    t_array_init(&vnames, 32);
    if (read_file(list, path, pool_datastack_create(), &vnames) < 0 ||
        write_file(list, fd, path, format(list, &vnames, vname, set)) < 0) {
        file_dotlock_delete(&dotlock);
        return -1;
    }
    if (file_dotlock_replace(&dotlock, 0) < 0)
        return maildir_list_failed(list, "rename", path);
    return maildir_list_sync_directory(list, t_strdup_until(path, strrchr(path, '/')));
}
