/*
 * The mailboxes of both layouts: listing, creating, renaming, deleting, subscribing.
 */
#include "maildir.h"

static struct mail_user *user;
static struct mailbox_list *list;

static const char *listing_of(const char *pattern, enum mailbox_list_iter_flags flags)
{
    struct mailbox_list_iterate_context *iter = mailbox_list_iter_init(list, pattern, flags);
    const struct mailbox_info *info;
    string_t *names = t_str_new(128);

    while ((info = mailbox_list_iter_next(iter)) != NULL) {
        if (str_len(names) > 0)
            str_append_c(names, ' ');
        str_append(names, info->vname);
        if ((info->flags & MAILBOX_NONEXISTENT) != 0)
            str_append_c(names, '!');
        if ((info->flags & MAILBOX_NOSELECT) != 0)
            str_append_c(names, '-');
        if ((flags & MAILBOX_LIST_ITER_RETURN_CHILDREN) != 0 &&
            (info->flags & MAILBOX_CHILDREN) != 0)
            str_append_c(names, '+');
        if ((info->flags & MAILBOX_SUBSCRIBED) != 0)
            str_append_c(names, '*');
    }
    if (mailbox_list_iter_deinit(&iter) < 0)
        return mailbox_list_get_last_error(list, NULL);
    return str_c(names);
}

static int create(const char *vname)
{
    struct mailbox *box = box_alloc(user, vname);
    int result = mailbox_create(box, NULL, FALSE);

    mailbox_free(&box);
    return result;
}

static enum mail_error last_error;

static int delete (const char *vname)
{
    struct mailbox *box = box_alloc(user, vname);
    int result = mailbox_delete(box);

    last_error = mailbox_get_last_mail_error(box);
    mailbox_free(&box);
    return result;
}

static int rename_box(const char *from, const char *to)
{
    struct mailbox *box = box_alloc(user, from), *dest = box_alloc(user, to);
    int result = mailbox_rename(box, dest);

    last_error = mailbox_get_last_mail_error(box);
    mailbox_free(&box);
    mailbox_free(&dest);
    return result;
}

static int subscribe(const char *vname, bool set)
{
    struct mailbox *box = box_alloc(user, vname);
    int result = mailbox_set_subscribed(box, set);

    mailbox_free(&box);
    return result;
}

static const char *path_of(const char *name, enum mailbox_list_path_type type)
{
    const char *path, *root = list->set.root_dir;

    if (mailbox_list_get_path(list, name, type, &path) <= 0)
        return "(none)";
    return str_begins(path, root) ? t_strconcat("~", path + strlen(root), NULL) : path;
}

/* ---- Maildir++ --------------------------------------------------------------------------------- */

static void folders_are_made_and_listed(void)
{
    string_t *name = t_str_new(512);
    struct stat st;

    is_str(listing_of("*", 0), "INBOX", "at first there is INBOX");
    is_int(create("A"), 0, "a mailbox is created");
    ok(stat("Maildir/.A/maildirfolder", &st) == 0 && stat("Maildir/.A/cur", &st) == 0 &&
           stat("Maildir/.A/new", &st) == 0 && stat("Maildir/.A/tmp", &st) == 0,
       "as a folder of Maildir++");
    is_int(create("A"), -1, "not twice");
    is_int(create("A.B.\xc3\xa4 & co"), 0, "and one far below it");
    ok(file_exists("Maildir/.A.B.&AOQ- &- co"), "in modified UTF-7");
    for (unsigned int i = 0; i < 90; i++)
        str_append(name, "\xe6\x97\xa5");
    is_int(create(str_c(name)), 0, "what counts is how long that is");
    is_int(delete(str_c(name)), 0, "and not how long in UTF-8");
    put_file("Maildir/.file", "no folder");
    make_dir("Maildir/..DOVECOT-TRASHED");
    make_dir("Maildir/..");
    make_dir("Maildir/.x..y");
    is_str(listing_of("*", MAILBOX_LIST_ITER_RETURN_CHILDREN), "A+ A.B!+ A.B.\xc3\xa4 & co INBOX",
           "listed with what is between them, and without what is no mailbox");
    is_str(listing_of("%", 0), "A INBOX", "one level");
    is_str(listing_of("A.%", 0), "A.B!", "a name that has only children");
    is_str(listing_of("*co", 0), "A.B.\xc3\xa4 & co", "by its end");
    is_str(listing_of("inbox", 0), "INBOX", "INBOX in any case");
}

static void folders_have_paths(void)
{
    is_str(path_of("INBOX", MAILBOX_LIST_PATH_TYPE_MAILBOX), "~", "the root is INBOX");
    is_str(path_of("A.B", MAILBOX_LIST_PATH_TYPE_MAILBOX), "~/.A.B", "others are below it");
    is_str(path_of("A.B", MAILBOX_LIST_PATH_TYPE_CONTROL), "~/.A.B", "with all files");
    is_str(path_of(NULL, MAILBOX_LIST_PATH_TYPE_DIR), "~", "the root has a path");
    is_str(path_of("A", MAILBOX_LIST_PATH_TYPE_ALT_MAILBOX), "(none)", "there is no other place");
}

static void folders_are_renamed(void)
{
    is_int(create("A.C"), 0, "with another child");
    is_int(rename_box("A", "New"), 0, "a folder is renamed");
    is_str(listing_of("*", 0), "INBOX New New.B! New.B.\xc3\xa4 & co New.C", "with its children");
    is_int(create("Other"), 0, "to the name of another one");
    is_int(rename_box("New", "Other"), -1, "it is not");
    is_int(last_error, MAIL_ERROR_EXISTS, "because that exists");
    is_int(rename_box("New", "INBOX"), -1, "nor to that of INBOX");
    is_int(last_error, MAIL_ERROR_EXISTS, "which always exists");
    is_int(create("Free.C"), 0, "nor to one below which there is one");
    is_int(rename_box("New", "Free"), -1, "that a child would have to be");
    is_int(last_error, MAIL_ERROR_EXISTS, "for the same reason");
    ok(file_exists("Maildir/.New") && !file_exists("Maildir/.Free"), "and nothing is renamed");
    is_int(rename_box("Free", t_strdup_printf("%0250d", 0)), 0, "to a long name");
    is_int(create("Fr.C"), 0, "which leaves no room");
    is_int(create("Fr.C.A.B.D"), 0, "for long names of children");
    is_int(rename_box("Fr", t_strdup_printf("%0251d", 0)), -1, "a folder with them is not renamed");
    is_int(last_error, MAIL_ERROR_PARAMS, "because that is too much");
    ok(file_exists("Maildir/.Fr.C") && file_exists("Maildir/.Fr.C.A.B.D"), "none of them is");
    is_int(rename_box("None", "Nowhere"), -1, "what is not there");
    is_int(last_error, MAIL_ERROR_NOTFOUND, "is not found");
}

static void folders_are_deleted(void)
{
    struct mailbox *box = box_open(user, "New");

    is_int(box_save(box, MAIL), 0, "a folder with a mail");
    mailbox_free(&box);
    is_int(delete ("New"), 0, "is deleted");
    ok(!file_exists("Maildir/.New"), "with all its files");
    ok(file_exists("Maildir/.New.C/cur"), "its children stay");
    ok(!file_exists("Maildir/..DOVECOT-TRASHED"), "nothing else is left");
    is_int(delete ("New"), -1, "then it is not there");
    is_int(last_error, MAIL_ERROR_EXISTS, "but its children are");
    is_int(delete ("INBOX"), -1, "INBOX stays");
}

static void subscriptions_are_kept(void)
{
    struct mailbox *box;

    is_int(subscribe("New.C", TRUE), 0, "a mailbox is subscribed to");
    is_int(subscribe("INBOX", TRUE), 0, "and INBOX");
    is_int(subscribe("New.B.\xc3\xa4 & co", TRUE), 0, "and one with an umlaut");
    is_str(get_file("Maildir/subscriptions"), "V\t2\n\nNew\tC\nINBOX\nNew\tB\t&AOQ- &- co\n",
           "in the file of version 2");
    is_int(subscribe("INBOX", FALSE), 0, "one is given up");
    is_str(listing_of("*", MAILBOX_LIST_ITER_SELECT_SUBSCRIBED | MAILBOX_LIST_ITER_RETURN_NO_FLAGS),
           "New.C* New.B.\xc3\xa4 & co*", "the others are listed");
    ok(strstr(listing_of("*", MAILBOX_LIST_ITER_RETURN_SUBSCRIBED), "New.C*") != NULL,
       "and marked among all");
    put_file("Maildir/subscriptions", "Other\n&AOQ-\n");
    box = box_alloc(user, "\xc3\xa4");
    ok(mailbox_is_subscribed(box), "version 1 has storage names");
    mailbox_free(&box);
    is_int(subscribe("New.C", TRUE), 0, "it is continued");
    is_str(get_file("Maildir/subscriptions"), "V\t2\n\nOther\n&AOQ-\nNew\tC\n", "as version 2");
    put_file("Maildir/subscriptions", "V\t2\n\nA & B\n\xc3\xa4\t\xc3\xb6\n");
    is_str(listing_of("*", MAILBOX_LIST_ITER_SELECT_SUBSCRIBED | MAILBOX_LIST_ITER_RETURN_NO_FLAGS),
           "A & B* \xc3\xa4.\xc3\xb6*", "names that others have written in UTF-8 are read, too");
}

/* ---- A tree ------------------------------------------------------------------------------------ */

static void trees_are_made_and_listed(void)
{
    is_int(create("A/B"), 0, "a mailbox is created below another name");
    ok(file_exists("Tree/A/B/cur") && !file_exists("Tree/A/cur"), "which is only a directory");
    is_str(listing_of("*", MAILBOX_LIST_ITER_RETURN_CHILDREN), "A-+ A/B INBOX",
           "both are listed, and INBOX");
    is_int(create("cur"), -1, "a name that Maildirs use is refused");
    is_int(create("A"), 0, "the directory becomes a mailbox");
    is_str(listing_of("%", 0), "A INBOX", "that can be selected");
    is_str(path_of("A/B", MAILBOX_LIST_PATH_TYPE_MAILBOX), "~/A/B", "it has a path");
    is_str(path_of("INBOX", MAILBOX_LIST_PATH_TYPE_MAILBOX), "~", "INBOX is the root");
    is_str(path_of("A/B", MAILBOX_LIST_PATH_TYPE_CONTROL),
           t_strconcat(user->_home, "/Control/A/B", NULL),
           "control files lie where the location says");
}

static void trees_are_renamed_and_deleted(void)
{
    struct mailbox *box = box_open(user, "A");

    is_int(box_save(box, MAIL), 0, "a mail is saved");
    mailbox_free(&box);
    ok(file_exists("Control/A/dovecot-uidlist") && !file_exists("Tree/A/dovecot-uidlist"),
       "its uid is written where control files lie");
    is_int(rename_box("A", "X/Y"), 0, "a directory is renamed");
    is_str(listing_of("*", 0), "INBOX X- X/Y X/Y/B", "with what is in it");
    ok(file_exists("Control/X/Y/dovecot-uidlist"), "and its control files");
    is_int(rename_box("X", "X/Y/Z"), -1, "not into itself");
    is_int(delete ("X/Y"), 0, "a mailbox with children is deleted");
    is_str(listing_of("*", 0), "INBOX X- X/Y- X/Y/B", "they stay");
    is_int(delete ("X/Y/B"), 0, "then they are deleted");
    is_int(delete ("X/Y"), 0, "and the directory");
    is_str(listing_of("*", 0), "INBOX X-", "one is left");
}

static void directories_can_have_another_name(void)
{
    is_int(create("A"), 0, "with DIRNAME a mailbox is created");
    ok(file_exists("Named/A/mails/cur") && !file_exists("Named/A/cur"),
       "in a directory in its own");
    is_int(create("A/cur"), 0, "any name can be a child then");
    is_str(listing_of("*", 0), "A A/cur INBOX", "and is listed");
    ok(file_exists("Named/A/cur/mails/cur"), "as it should");
    is_int(delete ("A"), 0, "a mailbox is deleted");
    is_str(listing_of("*", 0), "A- A/cur INBOX", "its child stays");
}

static void utf8_is_kept(void)
{
    is_int(create("\xc3\xa4"), 0, "with UTF-8 a mailbox is created");
    ok(file_exists("Plain/.\xc3\xa4/cur"), "with its name as it is");
    is_str(listing_of("*", 0), "INBOX \xc3\xa4", "and listed");
}

static void with(const char *location, void (*test1)(void), void (*test2)(void))
{
    session_set("mail_location", location);
    user = session_user();
    list = user->namespaces->list;
    T_BEGIN
    {
        test1();
        if (test2 != NULL)
            test2();
    }
    T_END;
    mail_user_unref(&user);
}

static void all_of_maildirpp(void)
{
    folders_are_made_and_listed();
    folders_have_paths();
    folders_are_renamed();
    folders_are_deleted();
    subscriptions_are_kept();
}

int main(void)
{
    session_begin();
    with("maildir:~/Maildir", all_of_maildirpp, NULL);
    with("maildir:~/Tree:LAYOUT=fs:CONTROL=~/Control", trees_are_made_and_listed,
         trees_are_renamed_and_deleted);
    with("maildir:~/Named:LAYOUT=fs:DIRNAME=mails", directories_can_have_another_name, NULL);
    with("maildir:~/Plain:UTF-8", utf8_is_kept, NULL);
    user = session_user();
    session_end(&user);
    return done();
}
