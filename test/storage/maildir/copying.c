/*
 * Copies: second names of one file where that is possible.
 */
#include "maildir.h"

static struct mail_user *user;
static struct mailbox *inbox, *dest;

static int copy(struct mailbox *to, uint32_t uid, time_t date)
{
    struct mailbox_transaction_context *from_t = mailbox_transaction_begin(inbox, 0, "test");
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(to, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    struct mail *mail = mail_alloc(from_t, 0, NULL);
    struct mail_save_context *save;
    int result;

    if (!mail_set_uid(mail, uid))
        i_fatal("no UID %u", uid);
    save = mailbox_save_alloc(t);
    mailbox_save_copy_flags(save, mail);
    if (date != 0)
        mailbox_save_set_received_date(save, date, 0);
    result = mailbox_copy(&save, mail);
    mail_free(&mail);
    mailbox_transaction_rollback(&from_t);
    if (result < 0) {
        mailbox_transaction_rollback(&t);
        return -1;
    }
    return mailbox_transaction_commit(&t);
}

/* How many names the only file in a directory with this in its name has. */
static unsigned int links_of(const char *directory, const char *part)
{
    const char *name = find_name(directory, part);
    struct stat st;

    return name == NULL || stat(t_strconcat(directory, "/", name, NULL), &st) < 0
               ? 0
               : (unsigned int)st.st_nlink;
}

static void a_copy_is_a_link(void)
{
    is_int(copy(dest, 1, 0), 0, "a mail is copied");
    is_int(links_of("Maildir/.Copies/cur", ":2,FS"), 2, "it is the same file, with its flags");
    ok(find_name("Maildir/.Copies/cur", ",S=22,W=25:2,FS") != NULL, "and its sizes");
    is_int(count_files("Maildir/.Copies/tmp"), 0, "nothing is left in tmp/");
    is_int(box_sync(dest), 0, "after a sync");
    is_str(text_of(dest, 1), "Subject: hello\n\nworld\n", "it can be read");
    is_str(special_of(dest, 1, MAIL_FETCH_GUID), special_of(inbox, 1, MAIL_FETCH_GUID),
           "it has the guid of the first one");
    is_int(expunge(inbox, 1), 0, "when that is expunged");
    is_str(text_of(dest, 1), "Subject: hello\n\nworld\n", "the copy stays");
}

static void a_copy_can_be_in_the_same_mailbox(void)
{
    is_int(copy(inbox, 2, 0), 0, "a mail is copied into its own mailbox");
    (void)box_sync(inbox);
    is_int(box_count(inbox), 3, "where it is another mail");
    is_str(special_of(inbox, 4, MAIL_FETCH_GUID), special_of(inbox, 2, MAIL_FETCH_GUID),
           "with the same guid");
}

static void sometimes_a_link_will_not_do(void)
{
    unsigned int count = count_files("Maildir/.Copies/new");

    is_int(copy(dest, 2, 1000000000), 0, "a copy with another date");
    is_int(count_files("Maildir/.Copies/new"), count + 1, "is made");
    is_int(links_of("Maildir/.Copies/new", "P"), 1, "as a file of its own");
    (void)unlink(t_strconcat("Maildir/.Copies/new/", find_name("Maildir/.Copies/new", "P"), NULL));
    dest->disable_reflink_copy_to = TRUE;
    is_int(copy(dest, 2, 0), 0, "and so is one");
    is_int(links_of("Maildir/.Copies/new", "P"), 1, "when a plugin changes what is saved");
    dest->disable_reflink_copy_to = FALSE;
}

static void what_is_gone_cannot_be_copied(void)
{
    const char *name = special_of(inbox, 3, MAIL_FETCH_STORAGE_ID);

    is_int(unlink(t_strconcat("Maildir/new/", name, NULL)), 0, "a mail goes");
    is_int(copy(dest, 3, 0), -1, "it cannot be copied");
    is_int(mailbox_get_last_mail_error(dest), MAIL_ERROR_EXPUNGED, "because it is expunged");
    is_int(count_files("Maildir/.Copies/tmp"), 0, "nothing is left in tmp/");
}

static void a_move_leaves_nothing_behind(void)
{
    struct mailbox_transaction_context *from_t, *t;
    struct mail_save_context *save;
    struct mail *mail;
    uint32_t uid;

    (void)box_sync(inbox);
    (void)box_sync(dest);
    uid = uid_of(inbox, 1);
    from_t = mailbox_transaction_begin(inbox, 0, "test");
    t = mailbox_transaction_begin(dest, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    mail = mail_alloc(from_t, 0, NULL);
    ok(mail_set_uid(mail, uid), "a mail");
    save = mailbox_save_alloc(t);
    is_int(mailbox_move(&save, mail), 0, "is moved");
    mail_free(&mail);
    is_int(mailbox_transaction_commit(&t), 0, "the copy is committed first");
    is_int(mailbox_transaction_commit(&from_t), 0, "then the expunge");
    (void)box_sync(inbox);
    is_int(box_count(inbox), 1, "one mail is left");
    is_str(text_of(inbox, uid), NULL, "not this one");
}

int main(void)
{
    session_begin();
    user = session_user();
    T_BEGIN
    {
        inbox = box_open(user, "INBOX");
        dest = box_open(user, "Copies");
        for (unsigned int i = 0; i < 3; i++) {
            if (box_save(inbox, MAIL) < 0)
                i_fatal("save: %s", mailbox_get_last_error(inbox, NULL));
        }
        (void)box_sync(inbox);
        (void)change_flags(inbox, 1, MODIFY_ADD, MAIL_SEEN | MAIL_FLAGGED);
        (void)box_sync(inbox);
        a_copy_is_a_link();
        (void)box_sync(inbox);
        a_copy_can_be_in_the_same_mailbox();
        sometimes_a_link_will_not_do();
        what_is_gone_cannot_be_copied();
        a_move_leaves_nothing_behind();
        mailbox_free(&inbox);
        mailbox_free(&dest);
    }
    T_END;
    session_end(&user);
    return done();
}
