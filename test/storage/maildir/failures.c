/*
 * What happens when the system refuses: each refusal has a clear error, and leaves nothing behind.
 */
#include "maildir.h"

#include "maildir/maildir-save.h"

#include <fcntl.h>
#include <sys/syscall.h>

static struct mail_user *user;
static struct mailbox *box;

/* ---- A system that refuses ---------------------------------------------------------------------- */

static int fsync_error, fdatasync_error, create_error;

int fsync(int fd)
{
    errno = fsync_error;
    return fsync_error != 0 ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    errno = fdatasync_error;
    return fdatasync_error != 0 ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list args;

    va_start(args, flags);
    if ((flags & O_CREAT) != 0)
        mode = va_arg(args, mode_t);
    va_end(args);
    errno = create_error;
    if ((flags & O_CREAT) != 0 && create_error != 0)
        return -1;
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* ---- What it leads to ---------------------------------------------------------------------------- */

static void nothing_is_left(unsigned int mails)
{
    is_int(count_files("Maildir/new"), mails, "no mail has come");
    is_int(count_files("Maildir/tmp"), 0, "nothing is left in tmp/");
    ok(!file_exists("Maildir/dovecot-uidlist.lock"), "nor a lock");
}

static void a_full_disk_is_told(void)
{
    const char *uidlist = get_file("Maildir/dovecot-uidlist");

    fsync_error = ENOSPC;
    is_int(box_save(box, MAIL), -1, "a disk that is full when the mail is written");
    fsync_error = 0;
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_TEMP, "is a temporary error");
    is_str(mailbox_get_last_error(box, NULL), "Not enough disk space", "that is told");
    nothing_is_left(1);

    fdatasync_error = ENOSPC;
    is_int(box_save(box, MAIL), -1, "a disk that is full when its uid is written");
    fdatasync_error = 0;
    is_str(mailbox_get_last_error(box, NULL), "Not enough disk space", "the same");
    nothing_is_left(1);
    is_str(get_file("Maildir/dovecot-uidlist"), uidlist, "the uidlist is as it was");

    fsync_error = EDQUOT;
    is_int(box_save(box, MAIL), -1, "a quota of the system");
    fsync_error = 0;
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_NOQUOTA, "is a quota");
}

static void a_read_only_file_system_is_told(void)
{
    struct mailbox *other;

    create_error = EROFS;
    is_int(box_save(box, MAIL), -1, "a file system that is read-only");
    create_error = 0;
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_PERM, "gives no permission");
    is_str(mailbox_get_last_error(box, NULL), "Read-only file system", "that is told");
    nothing_is_left(1);
    create_error = EACCES;
    is_int(box_save(box, MAIL), -1, "a directory of others");
    create_error = 0;
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_PERM, "gives none either");
    is_str(mailbox_get_last_error(box, NULL), "Permission denied", "that is told");
    nothing_is_left(1);
    other = box_alloc(user, "Other");
    create_error = EROFS;
    is_int(mailbox_create(other, NULL, FALSE), -1, "where nothing can be locked");
    create_error = 0;
    is_int(mailbox_get_last_mail_error(other), MAIL_ERROR_PERM, "no mailbox is made");
    mailbox_free(&other);
}

static void what_cannot_be_written_can_be_read(void)
{
    struct mailbox *reader;

    put_file("Maildir/new/2.host", MAIL);
    create_error = EROFS;
    reader = box_alloc(user, "INBOX");
    is_int(mailbox_open(reader), 0, "a mailbox is opened where nothing can be written");
    is_int(mailbox_sync(reader, 0), 0, "and synced");
    create_error = 0;
    is_int(box_count(reader), 2, "its mails are there");
    is_str(text_of(reader, 2), MAIL, "and can be read");
    mailbox_free(&reader);
    is_int(unlink("Maildir/new/2.host"), 0, "until they are not");
}

static void a_name_can_be_too_long(void)
{
    struct mailbox_transaction_context *t;
    struct mail_save_context *save;
    char base[251];

    memset(base, 'x', sizeof base - 1);
    base[sizeof base - 1] = '\0';
    t = mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    save = mailbox_save_alloc(t);
    maildir_save_set_basename(save, base);
    is_int(save_text(&save, MAIL), -1, "a name that is too long with sizes and flags");
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_PARAMS, "is a mistake");
    is_str(mailbox_get_last_error(box, NULL), "Name is too long", "that is told");
    mailbox_transaction_rollback(&t);
    nothing_is_left(1);
}

static void a_mailbox_can_vanish(void)
{
    struct mailbox *gone = box_open(user, "Gone");

    is_int(rename("Maildir/.Gone", "away"), 0, "somebody removes a mailbox");
    is_int(box_save(gone, MAIL), -1, "a save into it");
    is_int(mailbox_get_last_mail_error(gone), MAIL_ERROR_NOTFOUND, "finds that it is not there");
    is_int(mailbox_sync(gone, 0), -1, "a sync as well");
    is_int(mailbox_get_last_mail_error(gone), MAIL_ERROR_NOTFOUND, "with the same error");
    ok(!file_exists("Maildir/.Gone"), "it does not come back");
    mailbox_free(&gone);
}

static void directories_that_are_missing_come_back(void)
{
    is_int(rename("Maildir/tmp", "old-tmp"), 0, "tmp/ is missing");
    is_int(box_save(box, MAIL), 0, "a save makes it");
    is_int(rename("Maildir/new", "old-new"), 0, "new/ is missing");
    is_int(box_save(box, MAIL), 0, "a save makes it, too");
    is_int(count_files("Maildir/new"), 1, "and the mail is there");
}

static void a_sync_that_fails_gives_no_uids(void)
{
    put_file("Maildir/cur/3.host:2,", MAIL);
    fdatasync_error = ENOSPC;
    is_int(box_sync(box), -1, "a uid that cannot be written");
    fdatasync_error = 0;
    is_str(mailbox_get_last_error(box, NULL), "Not enough disk space", "is an error");
    is_int(box_sync(box), 0, "the next sync");
    ok(find_name("Maildir/cur", "3.host") != NULL &&
           strstr(get_file("Maildir/dovecot-uidlist"), ":3.host\n") != NULL,
       "gives it");
}

int main(void)
{
    session_begin();
    user = session_user();
    T_BEGIN
    {
        box = box_open(user, "INBOX");
        if (box_save(box, MAIL) < 0)
            i_fatal("save: %s", mailbox_get_last_error(box, NULL));
        a_full_disk_is_told();
        a_read_only_file_system_is_told();
        what_cannot_be_written_can_be_read();
        a_name_can_be_too_long();
        a_mailbox_can_vanish();
        directories_that_are_missing_come_back();
        a_sync_that_fails_gives_no_uids();
        mailbox_free(&box);
    }
    T_END;
    session_end(&user);
    return done();
}
