/*
 * Files of a mailbox, and being told that they have changed.
 */
#include "session.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "file-lock.h"
#include "ioloop.h"

static struct mail_user *user;
static struct mailbox *box;

static void test_paths(void)
{
    const char *path;

    is_int(mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_MAILBOX, &path), 1,
           "a Maildir has a path");
    is_str(mailbox_get_path(box), path, "which is the mailbox's path");
    ok(strcmp(path + strlen(path) - strlen("/Maildir/.Box"), "/Maildir/.Box") == 0,
       "in the user's home: %s", path);
}

static void test_create_fd(void)
{
    const char *path = t_strconcat(mailbox_get_path(box), "/a-file", NULL);
    struct stat st;
    int fd;

    is_int(mailbox_create_fd(box, path, O_RDWR | O_CREAT | O_EXCL, &fd), 1, "a file is created");
    ok(fstat(fd, &st) == 0 && (st.st_mode & 0777) == mailbox_get_permissions(box)->file_create_mode,
       "with the mailbox's mode");
    i_close_fd(&fd);
    is_int(mailbox_create_fd(box, path, O_RDWR | O_CREAT | O_EXCL, &fd), 0, "once");
    is_int(fd, -1, "then there is no descriptor");
}

static void test_lock(void)
{
    struct file_lock *lock;
    const char *error, *path = t_strconcat(mailbox_get_path(box), "/a.lock", NULL);

    is_int(mailbox_lock_file_create(box, "a.lock", 1, &lock, &error), 1, "a lock is made");
    is_str(file_lock_get_path(lock), path, "in the mailbox");
    is_int(access(path, F_OK), 0, "as a file");
    file_lock_free(&lock);
    is_int(access(path, F_OK), -1, "that is gone with the lock");
}

static void changed(struct mailbox *changed_box, struct ioloop *loop)
{
    ok(changed_box == box, "the callback is told which mailbox has changed");
    io_loop_stop(loop);
}

static void changed_callback(struct mailbox *changed_box, void *context)
{
    changed(changed_box, context);
}

static void test_notify(void)
{
    struct mailbox *other = box_open(user, "Box");
    struct ioloop *loop = io_loop_create();
    uint32_t before = box_count(box);

    mailbox_notify_changes(box, changed_callback, loop);
    is_int(box_save(other, "Subject: one\n\nhello\n"), 0, "another session saves a mail");
    io_loop_run(loop);
    mailbox_notify_changes_stop(box);
    is_int(box_sync(box), 0, "after a sync");
    is_int(box_count(box), before + 1, "the mail is there");
    io_loop_destroy(&loop);
    mailbox_free(&other);
}

static void test_deleted_under_us(void)
{
    struct mailbox *other = box_open(user, "Box");
    struct mailbox_transaction_context *t;
    struct mail_save_context *save;
    enum mail_error error;

    t = mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    is_int(mailbox_delete(other), 0, "another session deletes the mailbox");
    mailbox_free(&other);
    save = mailbox_save_alloc(t);
    is_int(save_text(&save, "Subject: one\n\nhello\n"), -1, "then nothing can be saved into it");
    ok(save == NULL, "the save is over");
    is_str(mailbox_get_last_error(box, &error), "Mailbox was deleted under us",
           "because it is gone");
    is_int(error, MAIL_ERROR_NOTFOUND, "as a mailbox that is not there");
    ok(mailbox_is_inconsistent(box), "the session has to close it");
    mailbox_transaction_rollback(&t);
}

int main(void)
{
    session_begin();
    user = session_user();
    box = box_open(user, "Box");
    test_paths();
    test_create_fd();
    test_lock();
    test_notify();
    test_deleted_under_us();
    mailbox_free(&box);
    session_end(&user);
    return done();
}
