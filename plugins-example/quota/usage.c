/*
 * The file maildirsize, and the count that makes it.
 */
#include "usage.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "istream.h"
#include "mail-storage-private.h"
#include "mailbox-list-iter.h"
#include "write-full.h"

/* A longer file is counted anew, which makes it short again (Maildir++). */
enum { FILE_SIZE_MAX = 5120, FILE_AGE_MAX = 15 * 60, FILE_MODE = 0600 };

static const char *usage_path(struct mail_user *user)
{
    struct mail_namespace *ns = mail_namespace_find_inbox(user->namespaces);

    return t_strconcat(mailbox_list_get_root_forced(ns->list, MAILBOX_LIST_PATH_TYPE_CONTROL),
                       "/maildirsize", NULL);
}

static const char *limits_line(const struct usage *limits)
{
    return t_strdup_printf("%lldS,%lldC", (long long)limits->bytes, (long long)limits->mails);
}

static bool read_change(const char *line, struct usage *change_r)
{
    const char *const *numbers = t_strsplit_spaces(line, " ");

    return str_array_length(numbers) == 2 && str_to_int64(numbers[0], &change_r->bytes) == 0 &&
           str_to_int64(numbers[1], &change_r->mails) == 0;
}

/* 1 read, 0 it has to be counted anew, -1 error. */
static int file_read(const char *path, const struct usage *limits, struct usage *usage_r)
{
    struct istream *input;
    struct stat st;
    const char *line;
    struct usage change = {0, 0};
    int fd = open(path, O_RDONLY), ret = 0;

    i_zero(usage_r);
    if (fd == -1)
        return errno == ENOENT ? 0 : -1;
    input = i_stream_create_fd_autoclose(&fd, FILE_SIZE_MAX + 1);
    if (fstat(i_stream_get_fd(input), &st) == 0 && st.st_size <= FILE_SIZE_MAX &&
        (line = i_stream_read_next_line(input)) != NULL && strcmp(line, limits_line(limits)) == 0) {
        ret = 1;
        while (ret > 0 && (line = i_stream_read_next_line(input)) != NULL) {
            if (!read_change(line, &change))
                ret = 0;
            usage_r->bytes += change.bytes;
            usage_r->mails += change.mails;
        }
    }
    i_stream_unref(&input);
    /* changes of mails that another program had put there */
    return usage_r->bytes < 0 || usage_r->mails < 0 ? 0 : ret;
}

static int count_mailbox(struct mailbox *box, struct usage *usage)
{
    struct mailbox_metadata metadata;
    struct mailbox_status status;

    if (mailbox_get_metadata(box, MAILBOX_METADATA_PHYSICAL_SIZE, &metadata) < 0 ||
        mailbox_get_status(box, STATUS_MESSAGES, &status) < 0)
        return mailbox_get_last_mail_error(box) == MAIL_ERROR_NOTFOUND ? 0 : -1;
    usage->bytes += (int64_t)metadata.physical_size;
    usage->mails += status.messages;
    return 0;
}

static int count_all(struct mail_user *user, struct usage *usage_r)
{
    static const char *const all[] = {"*", NULL};
    struct mailbox_list_iterate_context *iter = mailbox_list_iter_init_namespaces(
        user->namespaces, all, MAIL_NAMESPACE_TYPE_PRIVATE, MAILBOX_LIST_ITER_RETURN_NO_FLAGS);
    const struct mailbox_info *info;
    struct mailbox *box;
    int ret = 0;

    i_zero(usage_r);
    while (ret == 0 && (info = mailbox_list_iter_next(iter)) != NULL) {
        if ((info->flags & (MAILBOX_NOSELECT | MAILBOX_NONEXISTENT)) != 0)
            continue;
        box = mailbox_alloc(info->ns->list, info->vname, MAILBOX_FLAG_READONLY);
        ret = count_mailbox(box, usage_r);
        if (ret < 0)
            e_error(user->event, "quota: counting mailbox %s failed: %s", info->vname,
                    mailbox_get_last_internal_error(box, NULL));
        mailbox_free(&box);
    }
    return mailbox_list_iter_deinit(&iter) < 0 ? -1 : ret;
}

/* Puts a new file in place of the old one, whole. */
static int file_write(const char *path, const struct usage *limits, const struct usage *usage)
{
    const char *tmp = t_strdup_printf("%s.%ld", path, (long)getpid());
    const char *text = t_strdup_printf("%s\n%lld %lld\n", limits_line(limits),
                                       (long long)usage->bytes, (long long)usage->mails);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC, FILE_MODE), ret;

    if (fd == -1)
        return -1;
    ret = write_full(fd, text, strlen(text));
    if (close(fd) < 0 || ret < 0 || rename(tmp, path) < 0) {
        i_unlink_if_exists(tmp);
        return -1;
    }
    return 0;
}

static int recount(struct mail_user *user, const struct usage *limits, struct usage *usage_r)
{
    const char *path = usage_path(user);

    if (count_all(user, usage_r) < 0)
        return -1;
    /* before the first mail there is no directory for it either */
    if (file_write(path, limits, usage_r) < 0 && errno != ENOENT)
        e_error(user->event, "quota: writing %s failed: %s", path, strerror(errno));
    return 0;
}

int usage_get(struct mail_user *user, const struct usage *limits, struct usage *usage_r)
{
    const char *path = usage_path(user);
    int ret = file_read(path, limits, usage_r);

    if (ret > 0)
        return 0;
    if (ret < 0)
        e_error(user->event, "quota: open(%s) failed: %s", path, strerror(errno));
    return recount(user, limits, usage_r);
}

int usage_recount_if_old(struct mail_user *user, const struct usage *limits, struct usage *usage_r)
{
    struct stat st;

    if (stat(usage_path(user), &st) < 0 || st.st_mtime > time(NULL) - FILE_AGE_MAX)
        return 0;
    return recount(user, limits, usage_r);
}

void usage_add(struct mail_user *user, const struct usage *change)
{
    const char *path = usage_path(user);
    const char *line =
        t_strdup_printf("%lld %lld\n", (long long)change->bytes, (long long)change->mails);
    int fd = open(path, O_WRONLY | O_APPEND);

    if (fd == -1 && errno == ENOENT)
        return;
    if (fd == -1 || write_full(fd, line, strlen(line)) < 0)
        e_error(user->event, "quota: appending to %s failed: %s", path, strerror(errno));
    i_close_fd(&fd);
}
