/*
 * Attributes: stored in a file, or answered by code.
 */
#include "session.h"

#include "str.h"

static struct mail_user *user;
static struct mailbox *box;

static int set(enum mail_attribute_type type, const char *key, const char *text)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail_attribute_value value = {.value = text};
    struct mail_transaction_commit_changes changes;

    if (mailbox_attribute_set(t, type, key, &value) < 0) {
        mailbox_transaction_rollback(&t);
        return -1;
    }
    if (mailbox_transaction_commit_get_changes(&t, &changes) < 0)
        return -1;
    ok((changes.changes_mask & MAIL_INDEX_TRANSACTION_CHANGE_ATTRIBUTE) != 0,
       "the commit tells that an attribute has changed");
    pool_unref(&changes.pool);
    return 0;
}

static const char *get(struct mailbox *of, enum mail_attribute_type type, const char *key)
{
    struct mail_attribute_value value;
    int result = mailbox_attribute_get(of, type, key, &value);

    return result < 0 ? "error" : result == 0 ? NULL : value.value;
}

static const char *keys(enum mail_attribute_type type, const char *prefix)
{
    struct mailbox_attribute_iter *iter = mailbox_attribute_iter_init(box, type, prefix);
    string_t *found = t_str_new(64);
    const char *key;

    while ((key = mailbox_attribute_iter_next(iter)) != NULL)
        str_printfa(found, "%s ", key);
    return mailbox_attribute_iter_deinit(&iter) < 0 ? "error" : str_c(found);
}

static void test_stored(void)
{
    struct mailbox *other = box_open(user, "Other");

    is_str(get(box, MAIL_ATTRIBUTE_TYPE_PRIVATE, "color"), NULL, "at first there is no attribute");
    is_int(set(MAIL_ATTRIBUTE_TYPE_PRIVATE, "color", "blue\nand\tgreen"), 0, "one is set");
    is_int(set(MAIL_ATTRIBUTE_TYPE_SHARED, "color", "red"), 0, "and one for all");
    is_int(set(MAIL_ATTRIBUTE_TYPE_PRIVATE, "shape", "round"), 0, "and another one");
    is_str(get(box, MAIL_ATTRIBUTE_TYPE_PRIVATE, "color"), "blue\nand\tgreen",
           "the first one is what it was set to");
    is_str(get(box, MAIL_ATTRIBUTE_TYPE_SHARED, "color"), "red", "the one for all is another");
    is_str(get(other, MAIL_ATTRIBUTE_TYPE_PRIVATE, "color"), NULL,
           "other mailboxes do not have it");
    is_str(keys(MAIL_ATTRIBUTE_TYPE_PRIVATE, ""), "color shape ", "they can be listed");
    is_str(keys(MAIL_ATTRIBUTE_TYPE_PRIVATE, "sh"), "ape ", "by how they begin");
    is_int(set(MAIL_ATTRIBUTE_TYPE_PRIVATE, "color", NULL), 0, "one is taken away");
    is_str(get(box, MAIL_ATTRIBUTE_TYPE_PRIVATE, "color"), NULL, "then it is not there");
    is_str(keys(MAIL_ATTRIBUTE_TYPE_PRIVATE, ""), "shape ", "nor listed");
    mailbox_free(&other);
}

static void test_rollback(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    const struct mail_attribute_value value = {.value = "large"};

    is_int(mailbox_attribute_set(t, MAIL_ATTRIBUTE_TYPE_PRIVATE, "size", &value), 0,
           "an attribute is set");
    mailbox_transaction_rollback(&t);
    is_str(get(box, MAIL_ATTRIBUTE_TYPE_PRIVATE, "size"), NULL, "and rolled back");
}

static void test_internal(void)
{
    struct mailbox *trash = box_open(user, "Trash");

    is_str(get(trash, MAIL_ATTRIBUTE_TYPE_PRIVATE, "specialuse"), "\\Trash",
           "the special use is an attribute");
    is_str(get(box, MAIL_ATTRIBUTE_TYPE_PRIVATE, "specialuse"), NULL, "of mailboxes that have one");
    mailbox_free(&trash);
    is_int(set(MAIL_ATTRIBUTE_TYPE_PRIVATE, "specialuse", "\\Sent"), -1, "it cannot be set");
    is_str(mailbox_get_last_error(box, NULL), "The /private/specialuse attribute cannot be changed",
           "which is told");
}

static void test_rename(void)
{
    struct mailbox *dest = box_alloc(user, "Renamed");

    mailbox_close(box);
    is_int(mailbox_rename(box, dest), 0, "the mailbox is renamed");
    is_int(mailbox_open(dest), 0, "and opened");
    is_str(get(dest, MAIL_ATTRIBUTE_TYPE_PRIVATE, "shape"), "round", "it has its attributes still");
    mailbox_free(&dest);
}

static bool file_has(const char *text)
{
    struct istream *input = i_stream_create_file("attributes", 65536);
    const char *line;
    bool found = false;

    while ((line = i_stream_read_next_line(input)) != NULL)
        found = found || strstr(line, text) != NULL;
    i_stream_unref(&input);
    return found;
}

static void test_delete(void)
{
    struct mailbox *renamed = box_alloc(user, "Renamed");

    ok(file_has("/shape"), "the attributes are in the file");
    is_int(mailbox_delete(renamed), 0, "the mailbox is deleted");
    ok(!file_has("/shape"), "and they are gone with it");
    mailbox_free(&renamed);
}

int main(void)
{
    struct mail_namespace_settings *ns;
    struct mailbox_settings *trash;
    const char *error;

    session_begin();
    session_set("mail_attribute_dict", "file:~/attributes");
    ns = storage_settings_add_namespace(session_settings, "inbox");
    storage_settings_set_namespace(session_settings, ns, "inbox", "yes", &error);
    trash = storage_settings_add_mailbox(session_settings, ns, "Trash");
    storage_settings_set_mailbox(session_settings, trash, "special_use", "\\Trash", &error);
    user = session_user();
    box = box_open(user, "Box");
    test_stored();
    test_rollback();
    test_internal();
    test_rename();
    test_delete();
    mailbox_free(&box);
    session_end(&user);
    return done();
}
