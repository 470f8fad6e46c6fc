/*
 * Flags, keywords and expunges, while other processes do the same.
 */
#include "maildir.h"

#include "maildir/filename.h"

static struct mail_user *user;
static struct mailbox *box;

static void put_mail(const char *path)
{
    put_file(t_strconcat("Maildir/", path, NULL), MAIL);
}

static void what_is_new_moves(void)
{
    struct mailbox *other, *selected;

    put_mail("new/1.host,S=23");
    put_mail("new/2.host:2,FT");
    other = box_open(user, "INBOX");
    is_int(box_count(other), 2, "mails in new/ are there");
    is_int(count_files("Maildir/new"), 2, "who only looks leaves them");
    is_int(flags_of(other, 2), MAIL_FLAGGED | MAIL_DELETED, "flags of names in new/ are read");
    selected = box_select(user, "INBOX");
    ok(file_exists("Maildir/cur/1.host,S=23:2,"), "who selects the mailbox takes them to cur/");
    ok(file_exists("Maildir/cur/2.host:2,FT"), "with their flags");
    is_int((intmax_t)selected->recent_flags_count, 2, "they are recent there");
    is_int(mailbox_sync(other, 0), 0, "the others");
    is_int(box_count(other), 2, "still have both");
    is_str(text_of(other, 1), MAIL, "and can read them");
    mailbox_free(&other);
    mailbox_free(&selected);
}

static void flags_are_renames(void)
{
    is_int(change_flags(box, 1, MODIFY_ADD, MAIL_SEEN | MAIL_DRAFT), 0, "flags are added");
    ok(file_exists("Maildir/cur/1.host,S=23:2,DS"), "to the name");
    is_int(change_flags(box, 1, MODIFY_REMOVE, MAIL_DRAFT), 0, "and removed");
    ok(file_exists("Maildir/cur/1.host,S=23:2,S"), "from it");
    is_int(change_flags(box, 1, MODIFY_ADD, MAIL_SEEN), 0, "what is set already");
    ok(file_exists("Maildir/cur/1.host,S=23:2,S"), "changes nothing");
    is_int(rename("Maildir/cur/1.host,S=23:2,S", "Maildir/cur/1.host,S=23:2,SXz,extra"), 0,
           "somebody adds what we do not know");
    (void)box_sync(box);
    is_int(change_flags(box, 1, MODIFY_ADD, MAIL_FLAGGED), 0, "a flag is added");
    ok(file_exists("Maildir/cur/1.host,S=23:2,FSXz,extra"), "and that stays");
}

static void others_rename_at_the_same_time(void)
{
    is_int(rename("Maildir/cur/2.host:2,FT", "Maildir/cur/2.host:2,RT"), 0,
           "another process changes flags");
    is_int(change_flags(box, 2, MODIFY_ADD, MAIL_SEEN), 0, "before that is seen, one is added");
    ok(file_exists("Maildir/cur/2.host:2,RST"), "both changes are made");
    (void)mailbox_sync(box, 0);
    is_int(flags_of(box, 2), MAIL_ANSWERED | MAIL_SEEN | MAIL_DELETED, "and shown");
    is_int(rename("Maildir/cur/2.host:2,RST", "Maildir/cur/2.host:2,"), 0, "again");
    is_str(text_of(box, 2), MAIL, "the mail is read all the same");
    is_int(unlink("Maildir/cur/2.host:2,"), 0, "another process expunges it");
    is_int(change_flags(box, 2, MODIFY_ADD, MAIL_FLAGGED), 0, "a flag for it is no error");
    ok(text_of(box, 2) == NULL, "it cannot be read");
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_EXPUNGED, "because it is expunged");
    (void)mailbox_sync(box, 0);
    is_int(box_count(box), 1, "after a sync it is gone");
}

static void an_expunge_unlinks(void)
{
    put_mail("cur/3.host:2,");
    put_mail("cur/4.host:2,");
    (void)box_sync(box);
    is_int(expunge(box, 3), 0, "a mail is expunged");
    ok(!file_exists("Maildir/cur/3.host:2,"), "its file is gone");
    is_int(rename("Maildir/cur/4.host:2,", "Maildir/cur/4.host:2,S"), 0, "one that was renamed");
    is_int(expunge(box, 4), 0, "is expunged as well");
    is_str(find_name("Maildir/cur", "4.host"), NULL, "under its new name");
    is_int(expunge(box, 4), 0, "what is gone can be expunged again");
    (void)mailbox_sync(box, 0);
    is_int(box_count(box), 1, "one mail is left");
}

static void a_file_that_comes_back_is_another_mail(void)
{
    put_mail("cur/5.host:2,");
    (void)box_sync(box);
    is_int(uid_of(box, 2), 5, "a mail");
    is_int(rename("Maildir/cur/5.host:2,", "away"), 0, "is taken away");
    (void)box_sync(box);
    is_int(box_count(box), 1, "and gone");
    is_int(rename("away", "Maildir/cur/5.host:2,"), 0, "when it comes back");
    (void)box_sync(box);
    is_int(uid_of(box, 2), 6, "it has a new uid");
    ok(strstr(get_file("Maildir/dovecot-uidlist"), "\n5 :5.host") == NULL, "and only this one");
}

static void one_base_is_one_mail(void)
{
    put_file("Maildir/cur/6.host:2,", "Subject: six\n\n");
    (void)box_sync(box);
    is_int(link("Maildir/cur/6.host:2,", "Maildir/new/6.host"), 0, "a crash leaves two names");
    (void)box_sync(box);
    (void)box_sync(box);
    is_int(box_count(box), 3, "of one mail");
    is_int(count_files("Maildir/new") + count_files("Maildir/cur"), 3, "one of them goes");
    put_file("Maildir/new/6.host", "Subject: another\n\n");
    (void)box_sync(box);
    (void)box_sync(box);
    is_int(box_count(box), 4, "another file with the same base is a mail of its own");
    is_str(text_of(box, 7), "Subject: six\n\n", "beside the first one");
    is_str(text_of(box, 8), "Subject: another\n\n", "and is not lost");
}

static void there_are_26_keywords(void)
{
    for (unsigned int i = 0; i < MAILDIR_KEYWORDS_MAX; i++) {
        if (add_keyword(box, 1, t_strdup_printf("keyword-%u", i)) < 0)
            ok(false, "keyword %u is set", i);
    }
    ok(find_name("Maildir/cur", "abcdefghijklmnopqrstuvwxyz") != NULL, "26 keywords can be set");
    is_int(add_keyword(box, 1, "one-more"), -1, "the 27th cannot");
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_LIMIT, "because of a limit");
    is_str(mailbox_get_last_error(box, NULL),
           "Keyword one-more can't be set: the mailbox has 26 keywords already", "which is told");
    is_int(add_keyword(box, 6, "KEYWORD-3"), 0, "those that are known can be set on others");
}

static void a_change_refused_is_no_change(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *names[] = {"yet-one-more", NULL};
    struct mail_keywords *keywords = mailbox_keywords_create_valid(box, names);

    ok(mail_set_uid(mail, 6), "of two changes");
    mail_update_flags(mail, MODIFY_ADD, MAIL_ANSWERED);
    mail_update_keywords(mail, MODIFY_ADD, keywords);
    mailbox_keywords_unref(&keywords);
    mail_free(&mail);
    is_int(mailbox_transaction_commit(&t), -1, "one is impossible");
    (void)box_sync(box);
    is_int((intmax_t)(flags_of(box, 6) & MAIL_ANSWERED), 0, "then none is made");
}

int main(void)
{
    session_begin();
    make_maildir("Maildir");
    user = session_user();
    T_BEGIN
    {
        what_is_new_moves();
        box = box_open(user, "INBOX");
        flags_are_renames();
        others_rename_at_the_same_time();
        an_expunge_unlinks();
        a_file_that_comes_back_is_another_mail();
        one_base_is_one_mail();
        there_are_26_keywords();
        a_change_refused_is_no_change();
        mailbox_free(&box);
    }
    T_END;
    session_end(&user);
    return done();
}
