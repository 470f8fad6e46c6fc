/*
 * A Maildir as Dovecot leaves it: uids with gaps, a file that no uidlist knows, keywords, guids,
 * subscriptions, folders.
 */
#include "maildir.h"

static struct mail_user *user;

static void make_tree(void)
{
    make_maildir("Maildir");
    make_maildir("Maildir/.A.B&AOQ-");
    put_file("Maildir/.A.B&AOQ-/maildirfolder", "");
    put_file("Maildir/dovecot-uidlist", "3 V1700000000 N9 G0123456789abcdef0123456789abcdef Xkept\n"
                                        "3 S25 W27 :1700000001.M1P1.host,S=25,W=27\n"
                                        "7 Gan-own-guid P00000007 :1700000002.M2P1.host\n");
    put_file("Maildir/cur/1700000001.M1P1.host,S=25,W=27:2,RSb", "Subject: a\n\none\n");
    put_file("Maildir/cur/1700000002.M2P1.host:2,", "Subject: b\n\ntwo\n");
    put_file("Maildir/new/1700000003.M3P1.host", "Subject: c\n\nthree\n");
    put_file("Maildir/dovecot-keywords", "0 Home\n1 Work\n");
    put_file("Maildir/subscriptions", "V\t2\n\nA\tB\xc3\xa4\n");
    put_file("Maildir/dovecot.index.log", "not ours");
    put_file("Maildir/dovecot-acl", "not ours either");
}

static void uids_are_taken_over(struct mailbox *box)
{
    struct mailbox_status status;
    struct mailbox_metadata metadata;

    is_int(box_count(box), 3, "all mails are there");
    is_int(uid_of(box, 1), 3, "with the uids of the uidlist");
    is_int(uid_of(box, 2), 7, "also behind a gap");
    is_int(uid_of(box, 3), 9, "an unknown file gets the next one");
    mailbox_get_open_status(box, STATUS_UIDVALIDITY | STATUS_UIDNEXT | STATUS_RECENT, &status);
    is_int(status.uidvalidity, 1700000000, "the uidvalidity is taken over");
    is_int(status.uidnext, 10, "the next uid is known");
    is_int(status.recent, 1, "the new mail is recent");
    is_int(mailbox_get_metadata(box, MAILBOX_METADATA_GUID, &metadata), 0, "there is a guid");
    is_str(guid_128_to_string(metadata.guid), "0123456789abcdef0123456789abcdef",
           "the one of the file");
}

static void mails_are_read(struct mailbox *box)
{
    is_int(flags_of(box, 3), MAIL_ANSWERED | MAIL_SEEN, "flags are read");
    is_str(keywords_of(box, 3), "Work", "the letter b is the second keyword");
    is_str(special_of(box, 3, MAIL_FETCH_GUID), "1700000001.M1P1.host,S=25,W=27",
           "the guid is the base");
    is_str(special_of(box, 7, MAIL_FETCH_GUID), "an-own-guid", "or what the uidlist says");
    is_str(special_of(box, 7, MAIL_FETCH_UIDL_BACKEND), "00000007", "as the POP3 uidl");
    is_str(special_of(box, 3, MAIL_FETCH_UIDL_BACKEND), "", "if there is one");
    is_str(special_of(box, 3, MAIL_FETCH_STORAGE_ID), "1700000001.M1P1.host,S=25,W=27",
           "the storage id is the base");
    is_str(text_of(box, 9), "Subject: c\n\nthree\n", "a mail is read");
}

static void changes_are_as_dovecot_makes_them(struct mailbox *box)
{
    is_int(add_keyword(box, 3, "NewKW"), 0, "a keyword is added");
    is_str(get_file("Maildir/dovecot-keywords"), "0 Home\n1 Work\n2 NewKW\n",
           "it gets the next letter");
    ok(file_exists("Maildir/cur/1700000001.M1P1.host,S=25,W=27:2,RSbc"), "in the file's name");
    is_int(change_flags(box, 9, MODIFY_ADD, MAIL_FLAGGED), 0, "a flag is added to a new mail");
    ok(file_exists("Maildir/cur/1700000003.M3P1.host:2,F"), "which moves to cur");
    is_str(get_file("Maildir/dovecot-uidlist"),
           "3 V1700000000 N9 G0123456789abcdef0123456789abcdef Xkept\n"
           "3 S25 W27 :1700000001.M1P1.host,S=25,W=27\n"
           "7 Gan-own-guid P00000007 :1700000002.M2P1.host\n"
           "9 :1700000003.M3P1.host\n",
           "the uidlist has only a new line");
}

static void foreign_files_stay(void)
{
    is_str(get_file("Maildir/dovecot.index.log"), "not ours", "index files stay as they are");
    is_str(get_file("Maildir/dovecot-acl"), "not ours either", "and all others");
}

static void folders_are_listed(void)
{
    struct mailbox_list_iterate_context *iter = mailbox_list_iter_init(
        user->namespaces->list, "*",
        MAILBOX_LIST_ITER_RETURN_SUBSCRIBED | MAILBOX_LIST_ITER_RETURN_CHILDREN);
    const struct mailbox_info *info;
    string_t *names = t_str_new(64);
    bool subscribed = FALSE;

    while ((info = mailbox_list_iter_next(iter)) != NULL) {
        str_printfa(names, "%s%s ", info->vname,
                    (info->flags & MAILBOX_NONEXISTENT) != 0 ? "(-)" : "");
        if (strcmp(info->vname, "A.B\xc3\xa4") == 0)
            subscribed = (info->flags & MAILBOX_SUBSCRIBED) != 0;
    }
    is_int(mailbox_list_iter_deinit(&iter), 0, "mailboxes are listed");
    is_str(str_c(names), "A(-) A.B\xc3\xa4 INBOX ", "with the names in UTF-8, and above them");
    ok(subscribed, "and what is subscribed to");
}

static void version_1_becomes_version_3(void)
{
    struct mailbox *box;

    make_maildir("Maildir/.Old");
    put_file("Maildir/.Old/dovecot-uidlist", "1 1234 6\n5 1.host\n");
    put_file("Maildir/.Old/cur/1.host:2,S", MAIL);
    put_file("Maildir/.Old/cur/2.host:2,S", MAIL);
    box = box_open(user, "Old");
    is_int(uid_of(box, 1), 5, "a uidlist of version 1 is read");
    is_int(uid_of(box, 2), 6, "and continued");
    ok(str_begins(get_file("Maildir/.Old/dovecot-uidlist"), "3 V1234 N7 G"), "as version 3");
    mailbox_free(&box);
}

static void a_broken_order_gets_new_uids(void)
{
    struct mailbox *box;
    struct mailbox_status status;

    make_maildir("Maildir/.Broken");
    put_file("Maildir/.Broken/dovecot-uidlist",
             "3 V1234 N6 G0123456789abcdef0123456789abcdef\n5 :1.host\n4 :2.host\n");
    put_file("Maildir/.Broken/cur/1.host:2,S", MAIL);
    put_file("Maildir/.Broken/cur/2.host:2,S", MAIL);
    box = box_open(user, "Broken");
    mailbox_get_open_status(box, STATUS_UIDVALIDITY, &status);
    ok(status.uidvalidity != 1234 && status.uidvalidity != 0,
       "a uidlist in disorder means nothing: there is a new uidvalidity");
    is_int(uid_of(box, 1), 1, "and new uids");
    is_int(box_count(box), 2, "for all mails");
    mailbox_free(&box);
}

int main(void)
{
    struct mailbox *box;

    session_begin();
    make_tree();
    user = session_user();
    T_BEGIN
    {
        box = box_open(user, "INBOX");
        uids_are_taken_over(box);
        mails_are_read(box);
        changes_are_as_dovecot_makes_them(box);
        mailbox_free(&box);
        foreign_files_stay();
        folders_are_listed();
        version_1_becomes_version_3();
        a_broken_order_gets_new_uids();
    }
    T_END;
    session_end(&user);
    return done();
}
