/*
 * What keeps a Maildir in order: locks, uidvalidities, old files in tmp/, a uidlist without the dead.
 */
#include "maildir.h"

#include "maildir/uidvalidity.h"

#include <fcntl.h>

static struct mail_user *user;
static struct mailbox *box;

static void a_lock_is_waited_for(void)
{
    int fd = open("Maildir/dovecot-uidlist.lock", O_WRONLY | O_CREAT | O_EXCL, 0600);
    unsigned int count = count_files("Maildir/new");

    dprintf(fd, "%d:elsewhere.example.org", (int)getpid());
    is_int(box_save(box, MAIL), -1, "a uidlist that somebody has locked cannot be written");
    is_str(mailbox_get_last_error(box, NULL), MAIL_ERRSTR_LOCK_TIMEOUT, "that is told");
    is_int(count_files("Maildir/new"), count, "the mail has not come");
    is_int(count_files("Maildir/tmp"), 0, "and left nothing");
    is_int(unlink("Maildir/dovecot-uidlist.lock"), 0, "when the lock is gone");
    is_int(box_save(box, MAIL), 0, "it comes");
    (void)close(fd);
}

static void uidvalidities_grow(void)
{
    struct mailbox *other = box_open(user, "Other");
    struct mailbox_status first, second;
    uint32_t next;

    mailbox_get_open_status(box, STATUS_UIDVALIDITY, &first);
    mailbox_get_open_status(other, STATUS_UIDVALIDITY, &second);
    is_int(second.uidvalidity, first.uidvalidity + 1, "each mailbox has a higher uidvalidity");
    is_str(get_file("Maildir/dovecot-uidvalidity"), t_strdup_printf("%08x", second.uidvalidity),
           "the last one is written down");
    ok(file_exists(t_strdup_printf("Maildir/dovecot-uidvalidity.%08x", second.uidvalidity)),
       "and is the name of a file");
    is_int(unlink("Maildir/dovecot-uidvalidity"), 0, "without the first");
    is_int(maildir_uidvalidity_next(box->list, &next), 0, "the name tells");
    is_int(next, second.uidvalidity + 1, "what comes next");
    mailbox_free(&other);
}

static void make_old(const char *path)
{
    struct timespec times[2] = {{.tv_sec = time(NULL) - 40 * 60 * 60},
                                {.tv_sec = time(NULL) - 40 * 60 * 60}};

    if (utimensat(AT_FDCWD, path, times, 0) < 0)
        i_fatal("utimensat(%s) failed: %s", path, strerror(errno));
}

static void set_atime(const char *path, time_t atime)
{
    struct timespec times[2] = {{.tv_sec = atime}, {.tv_nsec = UTIME_OMIT}};

    (void)utimensat(AT_FDCWD, path, times, 0);
}

static void old_files_in_tmp_go(void)
{
    struct mailbox *other;
    struct stat st;

    put_file("Maildir/tmp/old", "");
    make_old("Maildir/tmp/old");
    put_file("Maildir/tmp/young", "");
    set_atime("Maildir/tmp", time(NULL));
    other = box_open(user, "INBOX");
    ok(file_exists("Maildir/tmp/old"), "tmp/ is not cleaned each time");
    mailbox_free(&other);
    set_atime("Maildir/tmp", time(NULL) - 30 * 24 * 60 * 60);
    other = box_open(user, "INBOX");
    ok(!file_exists("Maildir/tmp/old"), "but after a while: what is old goes");
    ok(file_exists("Maildir/tmp/young"), "what is not stays");
    ok(stat("Maildir/tmp", &st) == 0 && time(NULL) - st.st_atime < 60, "then not for a while");
    mailbox_free(&other);
    (void)unlink("Maildir/tmp/young");
}

static void the_dead_leave_the_uidlist(void)
{
    unsigned int lines = 0;
    const char *text;

    for (unsigned int i = 0; i < 150; i++)
        put_file(t_strdup_printf("Maildir/cur/%u.host:2,", i), MAIL);
    is_int(box_sync(box), 0, "150 mails come");
    for (unsigned int i = 0; i < 140; i++)
        (void)unlink(t_strdup_printf("Maildir/cur/%u.host:2,", i));
    is_int(box_sync(box), 0, "140 go");
    text = get_file("Maildir/dovecot-uidlist");
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    is_int(lines, box_count(box) + 1, "the uidlist has no more lines than mails, and a header");
    ok(strstr(text, t_strdup_printf(" N%u ", mail_index_get_header(box->view)->next_uid)) != NULL,
       "that keeps the next uid");
    is_int(box_sync(box), 0, "a sync");
    is_str(get_file("Maildir/dovecot-uidlist"), text, "does not write it again");
}

static void properties_can_be_set(void)
{
    struct mailbox_update update;
    struct mailbox_metadata metadata;
    struct mailbox *other = box_alloc(user, "Set");
    struct mailbox_status status;

    i_zero(&update);
    memset(update.mailbox_guid, 0xab, sizeof update.mailbox_guid);
    update.uid_validity = 4711;
    update.min_next_uid = 100;
    is_int(mailbox_create(other, &update, FALSE), 0, "a mailbox is created with properties");
    is_int(mailbox_get_metadata(other, MAILBOX_METADATA_GUID, &metadata), 0, "it has");
    is_str(guid_128_to_string(metadata.guid), "abababababababababababababababab", "the guid");
    is_int(mailbox_get_status(other, STATUS_UIDVALIDITY | STATUS_UIDNEXT, &status), 0, "and");
    is_int(status.uidvalidity, 4711, "the uidvalidity");
    is_int(status.uidnext, 100, "and the next uid");
    mailbox_free(&other);
    other = box_alloc(user, "Set");
    update.uid_validity = 4712;
    is_int(mailbox_create(other, &update, FALSE), -1, "what is there is not created again");
    is_int(mailbox_get_status(other, STATUS_UIDVALIDITY, &status), 0, "it keeps");
    is_int(status.uidvalidity, 4711, "what it had");
    mailbox_free(&other);
}

static void a_maildir_is_detected(void)
{
    struct mail_user *finder;

    session_set("mail_location", "");
    finder = session_user();
    is_str(finder->namespaces->storage->name, "maildir", "~/Maildir is found");
    is_str(finder->namespaces->list->name, "maildir++", "with its layout");
    mail_user_unref(&finder);
}

int main(void)
{
    session_begin();
    session_set("mail_max_lock_timeout", "1 s");
    user = session_user();
    T_BEGIN
    {
        box = box_open(user, "INBOX");
        a_lock_is_waited_for();
        uidvalidities_grow();
        old_files_in_tmp_go();
        the_dead_leave_the_uidlist();
        properties_can_be_set();
        mailbox_free(&box);
        a_maildir_is_detected();
    }
    T_END;
    session_end(&user);
    return done();
}
