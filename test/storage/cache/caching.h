/*
 * A mailbox seen with the cache and without it, for tests that claim that both are the same.
 */
#ifndef TEST_CACHING_H
#define TEST_CACHING_H

#include "../maildir/maildir.h"

#include <fcntl.h>
#include <stdlib.h>

#define LISTING "Maildir/vsmtp-index"
#define FACTS "Maildir/vsmtp-cache"

/** More mails than a mailbox needs to have for a snapshot. */
enum { CACHING_MAILS = 80 };

/* A mailbox without files for its index has no cache. */
static inline struct mailbox *caching_open(struct mail_user *user, bool cached)
{
    struct mailbox *box =
        mailbox_alloc(user->namespaces->list, "INBOX", cached ? 0 : MAILBOX_FLAG_NO_INDEX_FILES);

    if (mailbox_open(box) < 0 || mailbox_sync(box, 0) < 0)
        i_fatal("INBOX: %s", mailbox_get_last_internal_error(box, NULL));
    return box;
}

static inline void caching_describe(struct mail *mail, string_t *text)
{
    const char *subject = "(none)", *const * received, *envelope, *structure, *guid;
    uoff_t physical, virtual;
    int count;

    if (mail_get_first_header_utf8(mail, "Subject", &subject) < 0 ||
        (count = mail_get_headers(mail, "Received", &received)) < 0 ||
        mail_get_special(mail, MAIL_FETCH_IMAP_ENVELOPE, &envelope) < 0 ||
        mail_get_special(mail, MAIL_FETCH_IMAP_BODYSTRUCTURE, &structure) < 0 ||
        mail_get_special(mail, MAIL_FETCH_GUID, &guid) < 0 ||
        mail_get_physical_size(mail, &physical) < 0 || mail_get_virtual_size(mail, &virtual) < 0) {
        str_append(text, " cannot be read");
        return;
    }
    str_printfa(text, " %s|%s|%s|%s|%s|%ju|%ju", subject, t_strarray_join(received, ","), envelope,
                structure, guid, (uintmax_t)physical, (uintmax_t) virtual);
}

/** All that a mailbox shows, as text on the data stack; `deep`: what its mails say too. */
static inline const char *caching_show(struct mail_user *user, bool cached, bool deep)
{
    struct mailbox *box = caching_open(user, cached);
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    string_t *text = t_str_new(64 * 1024);
    struct mailbox_status status;

    mailbox_get_open_status(box, STATUS_MESSAGES | STATUS_UIDVALIDITY | STATUS_UIDNEXT, &status);
    str_printfa(text, "%u mails, uidvalidity %u, next %u\n", status.messages, status.uidvalidity,
                status.uidnext);
    for (uint32_t seq = 1; seq <= status.messages; seq++) {
        mail_set_seq(mail, seq);
        str_printfa(text, "%u %x %s", mail->uid, mail_get_flags(mail) & MAIL_FLAGS_NONRECENT,
                    t_strarray_join(mail_get_keywords(mail), " "));
        if (deep)
            caching_describe(mail, text);
        str_append_c(text, '\n');
    }
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);
    return str_c(text);
}

/** Whether both views are the same; says where they are not. */
static inline bool caching_same(struct mail_user *user, bool deep)
{
    const char *with, *without;
    bool same;

    T_BEGIN
    {
        with = caching_show(user, TRUE, deep);
        without = caching_show(user, FALSE, deep);
        same = strcmp(with, without) == 0;
        for (; !same && *with != '\0' && *with == *without; with++, without++)
            ;
        if (!same)
            printf("# with: %.200s\n# without: %.200s\n", with, without);
    }
    T_END;
    return same;
}

/** A directory as it is when its last change was long ago, at a time of its own. */
static inline void caching_age(const char *directory)
{
    static long changes;
    const struct timespec times[2] = {{.tv_sec = 1700000000, .tv_nsec = 1},
                                      {.tv_sec = 1700000000, .tv_nsec = ++changes}};

    if (utimensat(AT_FDCWD, directory, times, 0) < 0)
        i_fatal("utimensat(%s) failed: %s", directory, strerror(errno));
}

static inline void caching_put_mail(const char *directory, unsigned int number, const char *info)
{
    put_file(
        t_strdup_printf("Maildir/%s/%u.M%uP1.host%s", directory, 1700000000 + number, number, info),
        t_strdup_printf("Received: one\r\nReceived: two\r\nSubject: =?utf-8?q?mail_%u?=\r\n"
                        "From: a%u@example.org\r\n\r\nbody %u\r\n",
                        number, number, number));
}

/** A Maildir in which nothing has changed for long. */
static inline void caching_make(void)
{
    make_maildir("Maildir");
    for (unsigned int i = 0; i < CACHING_MAILS; i++) {
        T_BEGIN
        {
            caching_put_mail("cur", i, i % 3 == 0 ? ":2,S" : i % 3 == 1 ? ":2," : ":2,FSab,x");
        }
        T_END;
    }
    put_file("Maildir/dovecot-keywords", "0 Work\n1 Home\n");
    caching_age("Maildir/cur");
    caching_age("Maildir/new");
}

static inline void caching_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        i_fatal("writing %s failed: %s", path, strerror(errno));
}

/** A file's bytes, allocated. */
static inline unsigned char *caching_read(const char *path, size_t *size_r)
{
    struct stat st;
    FILE *file = fopen(path, "r");
    unsigned char *bytes;

    if (file == NULL || fstat(fileno(file), &st) < 0)
        i_fatal("reading %s failed: %s", path, strerror(errno));
    *size_r = (size_t)st.st_size;
    bytes = malloc(*size_r + 1);
    if (fread(bytes, 1, *size_r, file) != *size_r)
        i_fatal("reading %s failed", path);
    (void)fclose(file);
    return bytes;
}

/** Damages a file in one of many ways. */
static inline void caching_damage(const char *path)
{
    size_t size, at, gap = (size_t)random() % 4096;
    unsigned char *bytes = caching_read(path, &size);

    at = (size_t)random() % (size + 1);
    switch (random() % 4) {
    case 0: /* cut off */
        size = at;
        break;
    case 1: /* some bytes are others */
        for (size_t i = at; i < size && i < at + 1 + (size_t)random() % 16; i++)
            bytes[i] = (unsigned char)random();
        break;
    case 2: /* a piece was never written */
        memset(bytes + at, 0, I_MIN(size - at, gap));
        break;
    default: /* something else entirely */
        for (size_t i = 0; i < size; i++)
            bytes[i] = (unsigned char)random();
        break;
    }
    caching_write(path, bytes, size);
    free(bytes);
}

#endif
