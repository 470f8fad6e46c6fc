/*
 * Deleting and renaming mailboxes.
 */
#include "session.h"

#include <sys/stat.h>

#include "str.h"

struct seen_mailbox {
    union mailbox_module_context module_ctx;
};

struct seen_list {
    union mailbox_list_module_context module_ctx;
};

static MODULE_CONTEXT_DEFINE_INIT(seen_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(seen_list_module, &mailbox_list_module_register);
#define SEEN(box) ((struct seen_mailbox *)MODULE_CONTEXT_REQUIRE(box, seen_module))
#define SEEN_LIST(list) ((struct seen_list *)MODULE_CONTEXT_REQUIRE(list, seen_list_module))

static struct mail_user *user;
static string_t *trace;
static bool save_while_deleting;

/* ---- A plugin that writes down what it sees --------------------------------------------------- */

static int seen_open(struct mailbox *box)
{
    str_append(trace, "open ");
    return SEEN(box)->module_ctx.super.open(box);
}

static void seen_close(struct mailbox *box)
{
    str_append(trace, "close ");
    SEEN(box)->module_ctx.super.close(box);
}

static void seen_free(struct mailbox *box)
{
    str_append(trace, "free ");
    SEEN(box)->module_ctx.super.free(box);
}

static int seen_delete_box(struct mailbox *box)
{
    int result;

    str_printfa(trace, "delete_box%s{ ", box->deleting ? "+deleting" : "");
    result = SEEN(box)->module_ctx.super.delete_box(box);
    str_append(trace, "} ");
    return result;
}

static struct mailbox_sync_context *seen_sync_init(struct mailbox *box,
                                                   enum mailbox_sync_flags flags)
{
    str_append(trace, "sync ");
    return SEEN(box)->module_ctx.super.sync_init(box, flags);
}

static struct mailbox_transaction_context *
seen_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                       const char *reason)
{
    str_append(trace, "begin ");
    return SEEN(box)->module_ctx.super.transaction_begin(box, flags, reason);
}

/* Someone delivers a mail right after all of them were expunged. */
static void save_another(struct mailbox *box)
{
    struct mailbox *same = box_alloc(user, mailbox_get_vname(box));

    save_while_deleting = false;
    if (mailbox_open(same) < 0 || box_save(same, "Subject: late\n\nhello\n") < 0)
        i_fatal("save failed");
    mailbox_free(&same);
}

static int seen_transaction_commit(struct mailbox_transaction_context *t,
                                   struct mail_transaction_commit_changes *changes_r)
{
    struct mailbox *box = t->box;
    int result = SEEN(box)->module_ctx.super.transaction_commit(t, changes_r);

    str_printfa(trace, "commit%s ",
                result == 0 &&
                        (changes_r->changes_mask & MAIL_INDEX_TRANSACTION_CHANGE_EXPUNGE) != 0
                    ? "+expunge"
                    : "");
    if (save_while_deleting)
        save_another(box);
    return result;
}

static int seen_get_status(struct mailbox *box, enum mailbox_status_items items,
                           struct mailbox_status *status_r)
{
    str_append(trace, "status ");
    return SEEN(box)->module_ctx.super.get_status(box, items, status_r);
}

static int seen_get_metadata(struct mailbox *box, enum mailbox_metadata_items items,
                             struct mailbox_metadata *metadata_r)
{
    str_append(trace, "metadata ");
    return SEEN(box)->module_ctx.super.get_metadata(box, items, metadata_r);
}

static int seen_rename_box(struct mailbox *src, struct mailbox *dest)
{
    str_append(trace, "rename_box ");
    return SEEN(src)->module_ctx.super.rename_box(src, dest);
}

static int seen_list_delete(struct mailbox_list *list, const char *name)
{
    str_append(trace, "list.delete ");
    return SEEN_LIST(list)->module_ctx.super.delete_mailbox(list, name);
}

static int seen_list_rename(struct mailbox_list *list, const char *name,
                            struct mailbox_list *newlist, const char *newname)
{
    str_append(trace, "list.rename ");
    return SEEN_LIST(list)->module_ctx.super.rename_mailbox(list, name, newlist, newname);
}

static void seen_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    struct seen_mailbox *seen = p_new(box->pool, struct seen_mailbox, 1);

    seen->module_ctx.super = *v;
    box->vlast = &seen->module_ctx.super;
    v->open = seen_open;
    v->close = seen_close;
    v->free = seen_free;
    v->delete_box = seen_delete_box;
    v->rename_box = seen_rename_box;
    v->sync_init = seen_sync_init;
    v->transaction_begin = seen_transaction_begin;
    v->transaction_commit = seen_transaction_commit;
    v->get_status = seen_get_status;
    v->get_metadata = seen_get_metadata;
    MODULE_CONTEXT_SET(box, seen_module, seen);
}

static void seen_list_created(struct mailbox_list *list)
{
    struct mailbox_list_vfuncs *v = list->vlast;
    struct seen_list *seen = p_new(list->pool, struct seen_list, 1);

    seen->module_ctx.super = *v;
    list->vlast = &seen->module_ctx.super;
    v->delete_mailbox = seen_list_delete;
    v->rename_mailbox = seen_list_rename;
    MODULE_CONTEXT_SET(list, seen_list_module, seen);
}

static const struct mail_storage_hooks hooks = {
    .mailbox_allocated = seen_allocated,
    .mailbox_list_created = seen_list_created,
};

static void seen_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

static void seen_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

/* ---- The tests ------------------------------------------------------------------------------- */

static void make_box(const char *vname)
{
    struct mailbox *box = box_open(user, vname);

    if (box_save(box, "Subject: one\n\nhello\n") < 0)
        i_fatal("save failed");
    mailbox_free(&box);
    str_truncate(trace, 0);
}

static bool exists(const char *vname)
{
    struct mailbox *box = box_alloc(user, vname);
    enum mailbox_existence existence;
    bool found =
        mailbox_exists(box, FALSE, &existence) == 0 && existence == MAILBOX_EXISTENCE_SELECT;

    mailbox_free(&box);
    return found;
}

static void test_delete(void)
{
    struct mailbox *box;

    make_box("Old");
    box = box_alloc(user, "Old");
    is_int(mailbox_delete(box), 0, "a mailbox is deleted");
    mailbox_free(&box);
    is_str(str_c(trace),
           "open delete_box+deleting{ sync begin commit+expunge sync sync status metadata close "
           "list.delete } free ",
           "its mails are expunged first, then it is marked, looked at again, and goes");
    ok(!exists("Old"), "it is gone");
}

static void test_delete_inbox(void)
{
    struct mailbox *box = box_alloc(user, "INBOX");
    enum mail_error error;

    is_int(mailbox_delete(box), -1, "INBOX cannot be deleted");
    is_str(mailbox_get_last_error(box, &error), "INBOX can't be deleted.", "and stays");
    is_int(error, MAIL_ERROR_NOTPOSSIBLE, "because it never can be");
    mailbox_free(&box);
}

static void test_delete_missing(void)
{
    struct mailbox *box = box_alloc(user, "None");
    enum mail_error error;

    is_int(mailbox_delete(box), -1, "a mailbox that is not there cannot be deleted");
    (void)mailbox_get_last_error(box, &error);
    is_int(error, MAIL_ERROR_NOTFOUND, "because it is not there");
    mailbox_free(&box);
}

static void test_delete_not_empty(void)
{
    struct mailbox *box;
    enum mail_error error;

    make_box("Full");
    box = box_alloc(user, "Full");
    is_int(mailbox_delete_empty(box), -1, "a mailbox with mails is not deleted as an empty one");
    is_str(mailbox_get_last_error(box, &error), "Mailbox isn't empty, can't delete it",
           "which is told");
    mailbox_free(&box);
    ok(exists("Full"), "it stays");

    save_while_deleting = true;
    box = box_alloc(user, "Full");
    is_int(mailbox_delete(box), -1, "a mail that comes meanwhile stops the deletion");
    is_str(mailbox_get_last_error(box, &error),
           "New mails were added to the mailbox during its deletion", "which is told");
    ok(!box->marked_deleted, "the mark is taken away");
    is_int(mailbox_delete(box), 0, "and it can be tried again");
    mailbox_free(&box);
}

static int rename_box(const char *from, const char *to, const char **text_r)
{
    struct mailbox *src = box_alloc(user, from), *dest = box_alloc(user, to);
    int result = mailbox_rename(src, dest);

    *text_r = result == 0 ? "" : t_strdup(mailbox_get_last_error(src, NULL));
    mailbox_free(&src);
    mailbox_free(&dest);
    return result;
}

static void test_rename(void)
{
    struct mailbox *box;
    const char *text;

    make_box("Before");
    make_box("Before/Child");
    is_int(rename_box("Before", "After", &text), 0, "a mailbox is renamed");
    is_str(str_c(trace), "rename_box list.rename free free ", "by its list");
    ok(!exists("Before") && exists("After"), "it has the new name");
    ok(!exists("Before/Child") && exists("After/Child"), "and so has its child");
    box = box_open(user, "After");
    is_int(box_count(box), 1, "the mail is still there");
    mailbox_free(&box);

    is_int(rename_box("After", "After", &text), -1, "to itself it cannot be renamed");
    is_str(text, "Can't rename mailbox to itself.", "which is told");
    make_box("Other");
    is_int(rename_box("After", "Other", &text), -1, "nor to one that exists");
    ok(strstr(text, "exists") != NULL, "which is told: %s", text);
    is_int(rename_box("After", "Wrong//Name", &text), -1, "nor to a name that cannot be");
    is_str(text, "Invalid mailbox name: Has adjacent hierarchy separators",
           "which is told at the source");
    is_int(rename_box("INBOX", "Else", &text), -1, "INBOX cannot be renamed");
    is_str(text, "Renaming INBOX isn't supported.", "which is told");
}

int main(void)
{
    struct mail_namespace_settings *ns;
    const char *error;

    session_begin();
    ns = storage_settings_add_namespace(session_settings, "inbox");
    storage_settings_set_namespace(session_settings, ns, "inbox", "yes", &error);
    storage_settings_set_namespace(session_settings, ns, "separator", "/", &error);
    session_plugin("seen", seen_init, seen_deinit);
    user = session_user();
    trace = str_new(default_pool, 256);
    test_delete();
    test_delete_inbox();
    test_delete_missing();
    test_delete_not_empty();
    test_rename();
    str_free(&trace);
    session_end(&user);
    return done();
}
