/*
 * Opening mailboxes: names, errors that come late, and mailboxes that are created on use.
 */
#include "session.h"

#include "io/log-sink.h"

static struct mail_user *user;
static struct mailbox *opened;

static const char *last_error(struct mailbox *box, enum mail_error wanted)
{
    enum mail_error error;
    const char *text = mailbox_get_last_error(box, &error);

    is_int(error, wanted, "the error's class is right (%s)", text);
    return text;
}

static void test_bad_name(const char *vname, const char *text)
{
    struct mailbox *box = box_alloc(user, vname);

    is_int(mailbox_open(box), -1, "\"%s\" cannot be opened", vname);
    is_str(last_error(box, MAIL_ERROR_PARAMS), text, "and it is told why");
    mailbox_free(&box);
}

static void test_names(void)
{
    struct mailbox *box = box_alloc(user, "inbox");

    is_str(mailbox_get_vname(box), "INBOX", "INBOX is written so");
    ok(box->inbox_user && box->inbox_any, "and is the user's inbox");
    mailbox_free(&box);
    box = box_alloc(user, "inbox/sub");
    is_str(mailbox_get_vname(box), "INBOX/sub", "also as a parent");
    ok(!box->inbox_user, "whose children are not the inbox");
    mailbox_free(&box);
    box = box_alloc(user, "inboxes");
    is_str(mailbox_get_vname(box), "inboxes", "but not as the beginning of a name");
    mailbox_free(&box);

    test_bad_name("/x", "Invalid mailbox name: Begins with hierarchy separator");
    test_bad_name("x/", "Invalid mailbox name: Ends with hierarchy separator");
    test_bad_name("x//y", "Invalid mailbox name: Has adjacent hierarchy separators");
    test_bad_name("x.y", "Invalid mailbox name: Character not allowed in mailbox name: '.'");
}

static void test_missing(void)
{
    enum mailbox_existence existence;
    struct mailbox *box = box_alloc(user, "None");

    is_int(mailbox_open(box), -1, "a mailbox that is not there cannot be opened");
    is_str(last_error(box, MAIL_ERROR_NOTFOUND), "Mailbox doesn't exist: None", "and is named");
    is_int(mailbox_exists(box, TRUE, &existence), 0, "asked whether it exists");
    is_int(existence, MAILBOX_EXISTENCE_NONE, "it does not");
    mailbox_free(&box);
}

static void test_open_error(void)
{
    enum mailbox_existence existence;
    struct mailbox *box = box_alloc(user, "INBOX");

    box->open_error = MAIL_ERROR_PERM;
    is_int(mailbox_open(box), -1, "what was found wrong at allocation comes out at opening");
    ok(strncmp(last_error(box, MAIL_ERROR_PERM), "Internal error occurred.", 24) == 0,
       "as an internal error");
    is_int(mailbox_exists(box, FALSE, &existence), -1, "also when asked whether it exists");
    box->open_error = MAIL_ERROR_NOTFOUND;
    is_int(mailbox_open(box), -1, "or as a mailbox that is not there");
    is_str(last_error(box, MAIL_ERROR_NOTFOUND), "Mailbox doesn't exist: INBOX", "by its name");
    mailbox_free(&box);
}

static void test_autocreate(void)
{
    enum mailbox_existence existence;
    struct mailbox *box = box_alloc(user, "Trash");

    is_int(mailbox_exists(box, FALSE, &existence), 0, "a mailbox for which auto is set");
    is_int(existence, MAILBOX_EXISTENCE_NONE, "is not there at first");
    is_int(mailbox_exists(box, TRUE, &existence), 0, "asked with those of the configuration");
    is_int(existence, MAILBOX_EXISTENCE_SELECT, "it counts as existing");
    ok(!mailbox_is_subscribed(box), "nobody is subscribed to it");
    is_int(mailbox_open(box), 0, "opening creates it");
    ok(box->opened, "and opens it");
    is_int(mailbox_exists(box, FALSE, &existence), 0, "from then on");
    is_int(existence, MAILBOX_EXISTENCE_SELECT, "it exists");
    ok(mailbox_is_subscribed(box), "and is subscribed to, as auto=subscribe says");
    ok(mailbox_has_special_use(box, "\\trash"), "it has its special use");
    mailbox_free(&box);

    box = mailbox_alloc_for_user(user, "\\Trash", MAILBOX_FLAG_SPECIAL_USE);
    is_str(mailbox_get_vname(box), "Trash", "by which it can be found");
    mailbox_free(&box);
    box = mailbox_alloc_for_user(user, "\\Sent", MAILBOX_FLAG_SPECIAL_USE);
    is_int(mailbox_open(box), -1, "a special use that no mailbox has is not found");
    mailbox_free(&box);
}

static void test_create(void)
{
    struct mailbox *box = box_alloc(user, "Work/Old");

    is_int(mailbox_create(box, NULL, FALSE), 0, "a mailbox is created");
    is_int(mailbox_create(box, NULL, FALSE), -1, "once");
    is_str(last_error(box, MAIL_ERROR_EXISTS), "Mailbox already exists", "because it exists");
    is_int(mailbox_open(box), 0, "it can be opened");
    mailbox_close(box);
    is_int(mailbox_open(box), 0, "closed and opened again");
    mailbox_free(&box);

    box = box_alloc(user, "con\ttrol");
    is_int(mailbox_create(box, NULL, FALSE), -1, "a name with a tab is not created");
    is_str(last_error(box, MAIL_ERROR_PARAMS),
           "Control characters not allowed in new mailbox names", "and it is told why");
    mailbox_free(&box);
}

static void test_equality(void)
{
    struct mailbox *box1 = box_alloc(user, "INBOX"), *box2 = box_alloc(user, "Trash");

    ok(mailbox_equals(box1, mailbox_get_namespace(box2), "inbox"), "INBOX is INBOX in any case");
    ok(!mailbox_equals(box2, mailbox_get_namespace(box1), "trash"), "other names are not");
    ok(mailbox_backends_equal(box1, box1) && !mailbox_backends_equal(box1, box2),
       "mailboxes are told apart by their files");
    mailbox_free(&box1);
    mailbox_free(&box2);
}

static void test_guid(void)
{
    struct mailbox *box = box_open(user, "Trash"), *found;
    struct mailbox_metadata metadata;
    guid_128_t other = {1};

    is_int(mailbox_get_metadata(box, MAILBOX_METADATA_GUID, &metadata), 0, "a mailbox has a GUID");
    found = mailbox_alloc_guid(box->list, metadata.guid, 0);
    is_str(mailbox_get_vname(found), "Trash", "by which it is found");
    mailbox_free(&found);
    found = mailbox_alloc_guid(box->list, other, 0);
    is_int(mailbox_open(found), -1, "a GUID that no mailbox has is not found");
    mailbox_free(&found);
    mailbox_free(&box);
}

enum { RIGHT_PANIC = 42 };

/* Ends the process with RIGHT_PANIC when the panic's text ends as it shall. */
static void judge_panic(const char *file ATTR_UNUSED, int level, const char *text, void *context)
{
    const char *wanted = context;
    size_t length = strlen(text), wanted_length = strlen(wanted);

    if (level == 60 && length >= wanted_length &&
        strcmp(text + length - wanted_length, wanted) == 0)
        _exit(RIGHT_PANIC);
}

static void close_with_transaction(void)
{
    static char text[] = "Trying to close mailbox INBOX with open transactions";

    storage_log_to(judge_panic, text);
    (void)mailbox_transaction_begin(opened, 0, "test");
    mailbox_close(opened);
}

static void sync_with_transaction(void)
{
    static char text[] = "Trying to sync mailbox INBOX with open transactions";

    storage_log_to(judge_panic, text);
    (void)mailbox_transaction_begin(opened, 0, "test");
    (void)mailbox_sync(opened, 0);
}

static void test_panics(void)
{
    opened = box_open(user, "INBOX");
    is_int(child_end(close_with_transaction), RIGHT_PANIC,
           "closing with an open transaction panics, and says so");
    is_int(child_end(sync_with_transaction), RIGHT_PANIC, "so does syncing");
    mailbox_free(&opened);
}

int main(void)
{
    struct mail_namespace_settings *ns;
    struct mailbox_settings *trash;
    const char *error;

    session_begin();
    ns = storage_settings_add_namespace(session_settings, "inbox");
    storage_settings_set_namespace(session_settings, ns, "inbox", "yes", &error);
    storage_settings_set_namespace(session_settings, ns, "separator", "/", &error);
    trash = storage_settings_add_mailbox(session_settings, ns, "Trash");
    storage_settings_set_mailbox(session_settings, trash, "autocreate", "subscribe", &error);
    storage_settings_set_mailbox(session_settings, trash, "special_use", "\\Trash", &error);
    user = session_user();
    test_names();
    test_missing();
    test_open_error();
    test_autocreate();
    test_create();
    test_equality();
    test_guid();
    test_panics();
    session_end(&user);
    return done();
}
