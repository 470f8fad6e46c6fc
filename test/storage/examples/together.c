/*
 * The example plugins in one user, as a session would have them: each sees what the others do, and
 * the sanitizers see all of it.
 */
#include "mailbox/session.h"

#include "../../../plugins-example/mail-log/plugin.c"
#include "../../../plugins-example/quota/plugin.c"
#include "../../../plugins-example/quota/usage.c"
#include "../../../plugins-example/readonly/plugin.c"
#include "../../../plugins-example/trash/plugin.c"
#include "notify/notify.h"

static struct mail_user *user;

static void add(const char *file, const char *name, void (*init)(struct module *module),
                void (*deinit)(void))
{
    modules_add(t_strconcat("/nowhere/", file, NULL), name, NULL, init, deinit);
}

static void set_namespaces(void)
{
    static const char *const settings[][3] = {
        {"1", "inbox", "yes"},
        {"1", "separator", "/"},
        {"2", "prefix", "Archive/"},
        {"2", "separator", "/"},
        {"2", "location", "maildir:~/Archive"},
    };
    struct mail_namespace_settings *ns = NULL;
    const char *error;

    for (size_t i = 0; i < N_ELEMENTS(settings); i++) {
        if (ns == NULL || strcmp(ns->name, settings[i][0]) != 0)
            ns = storage_settings_add_namespace(session_settings, settings[i][0]);
        if (storage_settings_set_namespace(session_settings, ns, settings[i][1], settings[i][2],
                                           &error) < 0)
            i_fatal("%s", error);
    }
}

/* Expunges all mails of a box, or moves them to another. 0, or -1. */
static int each_mail(struct mailbox *box, struct mailbox *dest)
{
    struct mailbox_transaction_context *to =
        dest == NULL ? NULL : mailbox_transaction_begin(dest, 0, "test");
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    struct mail_save_context *save;
    int ret = 0;

    for (uint32_t seq = 1; seq <= box_count(box) && ret == 0; seq++) {
        mail_set_seq(mail, seq);
        if (dest == NULL) {
            mail_expunge(mail);
        } else {
            save = mailbox_save_alloc(to);
            mailbox_save_copy_flags(save, mail);
            ret = mailbox_move(&save, mail);
        }
    }
    mail_free(&mail);
    if (to != NULL && ret < 0)
        mailbox_transaction_rollback(&to);
    else if (to != NULL)
        ret = mailbox_transaction_commit(&to);
    if (ret < 0)
        mailbox_transaction_rollback(&t);
    else
        ret = mailbox_transaction_commit(&t);
    if (box_sync(box) < 0 || (dest != NULL && box_sync(dest) < 0))
        ret = -1;
    return ret;
}

static int save_one(struct mailbox *box)
{
    return box_save(box, "Message-ID: <1@example.org>\nSubject: one\n\nhello\n");
}

static void test_full(struct mailbox *box)
{
    enum mail_error error;

    for (unsigned int i = 0; i < 3; i++)
        ok(save_one(box) == 0, "a mail is saved");
    ok(save_one(box) < 0, "one too many is not");
    (void)mailbox_get_last_error(box, &error);
    is_int(error, MAIL_ERROR_NOQUOTA, "because of the quota");
    is_int(box_sync(box), 0, "after a sync");
    is_int(box_count(box), 3, "the others are there");
}

static void test_move(struct mailbox *box, struct mailbox *work)
{
    is_int(each_mail(box, work), 0, "mails are moved, although the user can keep no more");
    is_int(box_count(box), 0, "they are gone here");
    is_int(box_count(work), 3, "and there");
    is_int(each_mail(work, box), 0, "and moved back");
}

static void test_expunge(struct mailbox *box, struct mailbox *trash)
{
    is_int(each_mail(box, NULL), 0, "mails are expunged, which adds none");
    is_int(box_sync(trash), 0, "after a sync");
    is_int(box_count(trash), 3, "Trash has them, once each");
    ok(save_one(box) < 0, "so there is no room yet");
    is_int(each_mail(trash, NULL), 0, "they are expunged there");
    is_int(box_count(trash), 0, "and gone");
    ok(save_one(box) == 0, "so there is room");
    is_int(box_sync(box), 0, "for a mail");
}

static void test_readonly(struct mailbox *box)
{
    struct mailbox *archive = box_alloc(user, "Archive/Old");
    enum mail_error error;

    ok(mailbox_create(archive, NULL, FALSE) < 0, "a mailbox of the archive cannot be created");
    (void)mailbox_get_last_error(archive, &error);
    is_int(error, MAIL_ERROR_PERM, "because it may not be");
    ok(mailbox_rename(box, archive) < 0, "nor can one become one");
    (void)mailbox_get_last_error(box, &error);
    is_int(error, MAIL_ERROR_PERM, "for the same reason");
    mailbox_free(&archive);
}

int main(void)
{
    struct mailbox *box, *work, *trash;

    session_begin();
    set_namespaces();
    add("lib01_readonly_plugin.so", "readonly_plugin", readonly_plugin_init,
        readonly_plugin_deinit);
    add("lib05_trash_plugin.so", "trash_plugin", trash_plugin_init, trash_plugin_deinit);
    add("lib10_quota_plugin.so", "quota_plugin", quota_plugin_init, quota_plugin_deinit);
    add("lib20_mail_log_plugin.so", "mail_log_plugin", mail_log_plugin_init,
        mail_log_plugin_deinit);
    notify_builtin_add();
    session_set("mail_plugins", "readonly trash quota mail_log notify");
    storage_settings_add_plugin_setting(session_settings, "readonly", "Archive/");
    storage_settings_add_plugin_setting(session_settings, "trash", "Trash");
    storage_settings_add_plugin_setting(session_settings, "quota_mails", "3");
    user = session_user();
    box = box_open(user, "INBOX");
    work = box_open(user, "Work");
    trash = box_open(user, "Trash");
    test_full(box);
    test_move(box, work);
    test_expunge(box, trash);
    test_readonly(work);
    mailbox_free(&trash);
    mailbox_free(&work);
    mailbox_free(&box);
    session_end(&user);
    return done();
}
