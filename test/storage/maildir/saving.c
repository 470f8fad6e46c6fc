/*
 * Saving into a Maildir: where a mail comes to lie, what its name says, and that a transaction's mails
 * are all there or none.
 */
#include "maildir.h"

#include "index/index.h"
#include "maildir/maildir-save.h"

static struct mail_user *user;
static struct mailbox *box;

static struct mailbox_transaction_context *begin(struct mail_save_context **save_r)
{
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");

    *save_r = mailbox_save_alloc(t);
    return t;
}

static void a_mail_without_flags_is_new(void)
{
    const char *name;
    struct stat st;

    is_int(box_save(box, MAIL), 0, "a mail is saved");
    name = find_name("Maildir/new", "P");
    ok(name != NULL && strstr(name, ",S=22,W=25") != NULL, "in new/, with its sizes in the name");
    ok(name != NULL && strchr(name, ':') == NULL, "and no flags");
    is_int(count_files("Maildir/tmp"), 0, "nothing is left in tmp/");
    ok(name != NULL && stat(t_strconcat("Maildir/new/", name, NULL), &st) == 0 &&
           (st.st_mode & 0777) == 0600,
       "only its owner may read it");
    is_str(maildir_saved_path(box), t_strconcat(box->list->set.root_dir, "/new/", name, NULL),
           "its path is known");
    is_int(box_sync(box), 0, "after a sync");
    is_str(text_of(box, 1), "Subject: hello\n\nworld\n", "it is read, with LF line ends");
    ok(str_begins(get_file("Maildir/dovecot-uidlist"), "3 V"), "there is a uidlist");
    ok(strstr(get_file("Maildir/dovecot-uidlist"), t_strdup_printf("\n1 :%s\n", name)) != NULL,
       "with its uid");
    ok(!file_exists("Maildir/dovecot-uidlist.lock"), "and no lock any more");
}

static void a_mail_with_flags_is_not(void)
{
    struct mail_save_context *save;
    struct mailbox_transaction_context *t = begin(&save);
    struct mail_transaction_commit_changes changes;
    const char *names[] = {"Work", NULL}, *name;
    struct mail_keywords *keywords = mailbox_keywords_create_valid(box, names);
    struct stat st;

    mailbox_save_set_flags(save, MAIL_SEEN | MAIL_FLAGGED, keywords);
    mailbox_save_set_received_date(save, 1000000000, 60);
    mailbox_save_set_guid(save, "a-guid");
    mailbox_save_set_pop3_uidl(save, "a-uidl");
    is_int(save_text(&save, MAIL), 0, "a mail is saved with flags");
    mailbox_keywords_unref(&keywords);
    is_int(mailbox_transaction_commit_get_changes(&t, &changes), 0, "and committed");
    ok(seq_range_count(&changes.saved_uids) == 1 && seq_range_exists(&changes.saved_uids, 2),
       "its uid is told");
    pool_unref(&changes.pool);
    name = find_name("Maildir/cur", ":2,FSa");
    ok(name != NULL, "it lies in cur/, with flags and a letter for the keyword");
    ok(name != NULL && stat(t_strconcat("Maildir/cur/", name, NULL), &st) == 0 &&
           st.st_mtime == 1000000000,
       "its date is the file's");
    is_str(get_file("Maildir/dovecot-keywords"), "0 Work\n", "the letter is explained");
    (void)box_sync(box);
    is_int(flags_of(box, 2), MAIL_SEEN | MAIL_FLAGGED, "the flags are there after a sync");
    is_str(keywords_of(box, 2), "Work", "and the keyword");
    is_str(special_of(box, 2, MAIL_FETCH_GUID), "a-guid", "and the guid");
    is_str(special_of(box, 2, MAIL_FETCH_UIDL_BACKEND), "a-uidl", "and the POP3 uidl");
}

static void several_mails_are_all_or_none(void)
{
    struct mail_save_context *save;
    struct mailbox_transaction_context *t = begin(&save);
    unsigned int new_files = count_files("Maildir/new");

    is_int(save_text(&save, MAIL), 0, "a mail is saved");
    save = mailbox_save_alloc(t);
    is_int(save_text(&save, MAIL), 0, "and another one");
    is_int(count_files("Maildir/new"), new_files, "before the commit none is there");
    mailbox_transaction_rollback(&t);
    is_int(count_files("Maildir/new"), new_files, "after a rollback neither");
    is_int(count_files("Maildir/tmp"), 0, "nor in tmp/");

    t = begin(&save);
    is_int(save_text(&save, MAIL), 0, "again a mail");
    save = mailbox_save_alloc(t);
    maildir_save_set_basename(save, "taken");
    is_int(save_text(&save, MAIL), 0, "and one with a name");
    put_file("Maildir/new/taken,S=22,W=25", "another mail");
    is_int(mailbox_transaction_commit(&t), -1, "that another file has: nothing is committed");
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_EXISTS, "for this reason");
    is_int(count_files("Maildir/new"), new_files + 1, "the first mail is not there either");
    is_str(get_file("Maildir/new/taken,S=22,W=25"), "another mail", "the other file is as it was");
    is_int(count_files("Maildir/tmp"), 0, "nothing is left in tmp/");
}

static void a_delivery_is_found_again(void)
{
    struct mail_save_context *save;
    struct mailbox_transaction_context *t = begin(&save);
    const char *path;

    is_int(maildir_find_basename(box, "queue-id-1", NULL), 0, "a mail that was not delivered");
    put_file("Maildir/tmp/queue-id-1", "half of it");
    maildir_save_set_basename(save, "queue-id-1");
    is_int(save_text(&save, MAIL), 0, "is delivered");
    is_int(mailbox_transaction_commit(&t), 0, "under its own name");
    is_int(count_files("Maildir/tmp"), 0, "over what an earlier try has left");
    is_int(maildir_find_basename(box, "queue-id-1", &path), 1, "it is found");
    ok(str_begins(strrchr(path, '/') + 1, "queue-id-1,S="), "where it is");
    is_int(maildir_find_basename(box, "queue-id", NULL), 0, "by its whole base only");
    is_int(rename(path, t_strconcat("Maildir/cur/", strrchr(path, '/') + 1, ":2,S", NULL)), 0,
           "somebody reads it");
    is_int(maildir_find_basename(box, "queue-id-1", NULL), 1, "then it is found as well");
}

static void who_only_saves_looks_at_nothing_else(void)
{
    struct mailbox *saver = mailbox_alloc(user->namespaces->list, "INBOX",
                                          MAILBOX_FLAG_SAVEONLY | MAILBOX_FLAG_POST_SESSION);
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    struct mail_save_context *save;
    uint32_t next;

    (void)box_sync(box);
    next = mail_index_get_header(box->view)->next_uid;
    is_int(mailbox_open(saver), 0, "a mailbox is opened to save");
    t = mailbox_transaction_begin(saver, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "delivery");
    save = mailbox_save_alloc(t);
    is_int(save_text(&save, MAIL), 0, "a mail is saved");
    is_int(mailbox_transaction_commit_get_changes(&t, &changes), 0, "and committed");
    ok(seq_range_exists(&changes.saved_uids, next), "with the next uid");
    is_int(changes.uid_validity, mail_index_get_header(box->view)->uid_validity,
           "and the uidvalidity");
    pool_unref(&changes.pool);
    ok(!mail_index_is_loaded(saver->index), "without reading the mailbox");
    is_int(mailbox_sync(saver, 0), 0, "a sync");
    ok(!mail_index_is_loaded(saver->index), "does not read it either");
    mailbox_free(&saver);
    (void)box_sync(box);
    is_str(text_of(box, next), "Subject: hello\n\nworld\n", "others see the mail");
}

static void a_half_line_is_no_record(void)
{
    FILE *file = fopen("Maildir/dovecot-uidlist", "a");
    uint32_t count = box_count(box), next = mail_index_get_header(box->view)->next_uid;

    (void)fprintf(file, "%u :killed-while-wri", next);
    (void)fclose(file);
    is_int(box_save(box, MAIL), 0, "a mail is saved behind the half of a line");
    ok(strstr(get_file("Maildir/dovecot-uidlist"), "killed") == NULL, "which goes");
    (void)box_sync(box);
    is_int(box_count(box), count + 1, "the mail is there");
    is_int(uid_of(box, count + 1), next, "with the uid of the half line");
}

static void odd_mails_are_saved(void)
{
    uint32_t next = mail_index_get_header(box->view)->next_uid;
    string_t *mail = t_str_new(1024);

    is_int(box_save(box, ""), 0, "a mail of 0 bytes is saved");
    str_append(mail, "Subject: bare\n\nLF\r\nCR\rNUL\n");
    is_int(box_save(box, str_c(mail)), 0, "and one with all kinds of line ends");
    (void)box_sync(box);
    is_str(text_of(box, next), "", "the empty one is empty");
    is_str(text_of(box, next + 1), "Subject: bare\n\nLF\nCR\rNUL\n", "the other has LFs");
    ok(find_name("Maildir/new", ",S=0,W=0") != NULL, "sizes may be 0");
}

int main(void)
{
    session_begin();
    user = session_user();
    T_BEGIN
    {
        box = box_open(user, "INBOX");
        a_mail_without_flags_is_new();
        a_mail_with_flags_is_not();
        several_mails_are_all_or_none();
        a_delivery_is_found_again();
        who_only_saves_looks_at_nothing_else();
        a_half_line_is_no_record();
        odd_mails_are_saved();
        mailbox_free(&box);
    }
    T_END;
    session_end(&user);
    return done();
}
