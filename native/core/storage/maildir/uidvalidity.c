/*
 * The number stands in the file, and again in the name of an empty file beside it. Renaming that one is
 * how processes agree who takes the next number: it succeeds for one of them.
 */
#include "maildir/uidvalidity.h"

#include "lib.h"
#include "mailbox-list-private.h"

#include "read-full.h"
#include "write-full.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define UIDVALIDITY_NAME "dovecot-uidvalidity"
enum { DIGITS = 8, TRIES = 100 };

static bool parse(const char *text, uint32_t *value_r)
{
    return strlen(text) == DIGITS && str_to_uint32_hex(text, value_r) == 0;
}

static const char *marker(const char *path, uint32_t value)
{
    return t_strdup_printf("%s.%08x", path, value);
}

/* The number in the file; 0: there is none. */
static uint32_t read_number(const char *path)
{
    char text[DIGITS + 1] = "";
    uint32_t value = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return 0;
    if (read_full(fd, text, DIGITS) <= 0 || !parse(text, &value))
        value = 0;
    (void)close(fd);
    return value;
}

/* The highest number in a name; 0: there is none. */
static uint32_t find_marker(const char *directory)
{
    DIR *dir = opendir(directory);
    const struct dirent *entry;
    uint32_t value, highest = 0;

    if (dir == NULL)
        return 0;
    while ((entry = readdir(dir)) != NULL) {
        if (str_begins(entry->d_name, UIDVALIDITY_NAME ".") &&
            parse(entry->d_name + strlen(UIDVALIDITY_NAME "."), &value))
            highest = I_MAX(highest, value);
    }
    (void)closedir(dir);
    return highest;
}

static int failed(struct mailbox_list *list, const char *syscall, const char *path)
{
    if (!mailbox_list_set_error_from_errno(list))
        mailbox_list_set_critical(list, "%s(%s) failed: %s", syscall, path, strerror(errno));
    return -1;
}

static int write_number(struct mailbox_list *list, const char *path, uint32_t value, mode_t mode)
{
    char text[DIGITS + 1];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode), result = 0;

    if (fd < 0)
        return failed(list, "open", path);
    (void)snprintf(text, sizeof text, "%08x", value);
    if (pwrite_full(fd, text, DIGITS, 0) < 0)
        result = failed(list, "write", path);
    (void)close(fd);
    return result;
}

/* The first one, and the way out when the marker was lost. 1: it is ours; 0: another was faster. */
static int make_marker(struct mailbox_list *list, const char *path, uint32_t value)
{
    const char *name = marker(path, value);
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

    if (fd < 0)
        return errno == EEXIST ? 0 : failed(list, "open", name);
    (void)close(fd);
    return 1;
}

/* One try. 1 and the number, 0: somebody else took it. */
static int take_next(struct mailbox_list *list, const char *directory, const char *path,
                     uint32_t *value_r)
{
    uint32_t in_file = read_number(path), now = (uint32_t)time(NULL), last = in_file;
    int result;

    if (last != 0 && rename(marker(path, last), marker(path, last + 1)) == 0) {
        *value_r = last + 1;
        return 1;
    }
    if (last != 0 && errno != ENOENT)
        return failed(list, "rename", marker(path, last));
    last = find_marker(directory);
    if (last > in_file && rename(marker(path, last), marker(path, last + 1)) == 0) {
        *value_r = last + 1;
        return 1;
    }
    if (last > in_file)
        return 0;
    *value_r = I_MAX(now, in_file + 1);
    result = make_marker(list, path, *value_r);
    return result;
}

int maildir_uidvalidity_next(struct mailbox_list *list, uint32_t *uid_validity_r)
{
    struct mailbox_permissions perm;
    const char *directory, *path;
    int result = 0;

    if (!mailbox_list_get_root_path(list, MAILBOX_LIST_PATH_TYPE_CONTROL, &directory))
        directory = mailbox_list_get_root_forced(list, MAILBOX_LIST_PATH_TYPE_DIR);
    if (mailbox_list_mkdir_root(list, directory, MAILBOX_LIST_PATH_TYPE_CONTROL) < 0)
        return -1;
    path = t_strconcat(directory, "/" UIDVALIDITY_NAME, NULL);
    for (unsigned int i = 0; i < TRIES && result == 0; i++)
        result = take_next(list, directory, path, uid_validity_r);
    if (result == 0) {
        mailbox_list_set_critical(list, "%s changes all the time", path);
        return -1;
    }
    if (result < 0)
        return -1;
    mailbox_list_get_root_permissions(list, &perm);
    return write_number(list, path, *uid_validity_r, perm.file_create_mode);
}
