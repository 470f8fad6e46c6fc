/*
 * Maildirs in the folder of a test, made and looked at by hand.
 */
#ifndef TEST_MAILDIR_H
#define TEST_MAILDIR_H

#include "../mailbox/session.h"

#include "array.h"
#include "seq-range-array.h"
#include "str.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAIL "Subject: hello\r\n\r\nworld\r\n"

static inline void make_dir(const char *path)
{
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        i_fatal("mkdir(%s) failed: %s", path, strerror(errno));
}

static inline void make_maildir(const char *path)
{
    make_dir(path);
    make_dir(t_strconcat(path, "/cur", NULL));
    make_dir(t_strconcat(path, "/new", NULL));
    make_dir(t_strconcat(path, "/tmp", NULL));
}

static inline void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        i_fatal("writing %s failed: %s", path, strerror(errno));
}

/** What is in a file, on the data stack; NULL: there is none. */
static inline const char *get_file(const char *path)
{
    string_t *text = t_str_new(1024);
    FILE *file = fopen(path, "r");
    int c;

    if (file == NULL)
        return NULL;
    while ((c = getc(file)) != EOF)
        str_append_c(text, (unsigned char)c);
    (void)fclose(file);
    return str_c(text);
}

static inline bool file_exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

/** The first name in a directory with this text in it, on the data stack; NULL. */
static inline const char *find_name(const char *directory, const char *part)
{
    DIR *dir = opendir(directory);
    const struct dirent *entry;
    const char *name = NULL;

    if (dir == NULL)
        return NULL;
    while (name == NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.' && strstr(entry->d_name, part) != NULL)
            name = t_strdup(entry->d_name);
    }
    (void)closedir(dir);
    return name;
}

static inline unsigned int count_files(const char *directory)
{
    DIR *dir = opendir(directory);
    const struct dirent *entry;
    unsigned int count = 0;

    if (dir == NULL)
        return 0;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.')
            count++;
    }
    (void)closedir(dir);
    return count;
}

/** A mailbox that takes what is new, as a session that selects it does. */
static inline struct mailbox *box_select(struct mail_user *user, const char *vname)
{
    struct mailbox *box = mailbox_alloc(mail_namespace_find(user->namespaces, vname)->list, vname,
                                        MAILBOX_FLAG_DROP_RECENT);

    if (mailbox_open(box) < 0 || mailbox_sync(box, 0) < 0)
        i_fatal("%s: %s", vname, mailbox_get_last_internal_error(box, NULL));
    return box;
}

static inline uint32_t uid_of(struct mailbox *box, uint32_t seq)
{
    uint32_t uid = 0;

    if (seq <= mail_index_view_get_messages_count(box->view))
        mail_index_lookup_uid(box->view, seq, &uid);
    return uid;
}

static inline enum mail_flags flags_of(struct mailbox *box, uint32_t uid)
{
    uint32_t seq;

    return mail_index_lookup_seq(box->view, uid, &seq) ? mail_index_lookup(box->view, seq)->flags
                                                       : MAIL_FLAGS_MASK;
}

/** The keywords of a mail, sorted and with spaces between them; on the data stack. */
static inline const char *keywords_of(struct mailbox *box, uint32_t uid)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *text = "(none)";

    if (mail_set_uid(mail, uid))
        text = t_strarray_join(mail_get_keywords(mail), " ");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    return text;
}

/** MAIL_FETCH_* as text; on the data stack. */
static inline const char *special_of(struct mailbox *box, uint32_t uid, enum mail_fetch_field field)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *text = "(gone)";

    if (mail_set_uid(mail, uid) && mail_get_special(mail, field, &text) == 0)
        text = t_strdup(text);
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    return text;
}

/** The whole of a mail; on the data stack. NULL: it cannot be read. */
static inline const char *text_of(struct mailbox *box, uint32_t uid)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    string_t *text = t_str_new(256);
    const unsigned char *data;
    struct istream *input;
    bool read = FALSE;
    size_t size;

    if (mail_set_uid(mail, uid) && mail_get_stream(mail, NULL, NULL, &input) == 0) {
        while (i_stream_read_more(input, &data, &size) > 0) {
            str_append_data(text, data, size);
            i_stream_skip(input, size);
        }
        read = input->stream_errno == 0;
    }
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    return read ? str_c(text) : NULL;
}

static inline int change_flags(struct mailbox *box, uint32_t uid, enum modify_type type,
                               enum mail_flags flags)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);

    if (mail_set_uid(mail, uid))
        mail_update_flags(mail, type, flags);
    mail_free(&mail);
    return mailbox_transaction_commit(&t);
}

static inline int add_keyword(struct mailbox *box, uint32_t uid, const char *name)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *names[] = {name, NULL};
    struct mail_keywords *keywords = mailbox_keywords_create_valid(box, names);

    if (mail_set_uid(mail, uid))
        mail_update_keywords(mail, MODIFY_ADD, keywords);
    mailbox_keywords_unref(&keywords);
    mail_free(&mail);
    return mailbox_transaction_commit(&t);
}

static inline int expunge(struct mailbox *box, uint32_t uid)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);

    if (mail_set_uid(mail, uid))
        mail_expunge(mail);
    mail_free(&mail);
    return mailbox_transaction_commit(&t);
}

#endif
