/*
 * A user with mails in ./Maildir, for tests of mailboxes: real storages, real files, plugins that are
 * functions of the test program.
 */
#ifndef TEST_SESSION_H
#define TEST_SESSION_H

#include "lib.h"

#include "istream.h"
#include "mail-search-build.h"
#include "mail-storage-private.h"
#include "model/modules.h"
#include "model/settings.h"
#include "tap.h"

static pool_t session_pool;
static struct storage_settings *session_settings;

static inline void session_set(const char *key, const char *value)
{
    const char *error;

    if (storage_settings_set(session_settings, key, value, &error) < 0)
        i_fatal("%s: %s", key, error);
}

/** The core, begun: add modules, settings, then session_user(). */
static inline void session_begin(void)
{
    lib_init();
    mail_storage_init();
    mail_storage_register_all();
    session_pool = pool_alloconly_create("test settings", 4096);
    session_settings = storage_settings_create(session_pool);
    session_set("mail_location", "maildir:~/Maildir");
}

/** Begins a plugin whose init is a function of this program; its name is made active for users. */
static inline void session_plugin(const char *name, void (*init)(struct module *),
                                  void (*deinit)(void))
{
    const char *have = session_settings->user.mail_plugins;

    modules_add(t_strdup_printf("/nowhere/lib50_%s_plugin.so", name),
                t_strconcat(name, "_plugin", NULL), NULL, init, deinit);
    session_set("mail_plugins", t_strdup_printf("%s %s", have == NULL ? "" : have, name));
}

static inline struct mail_user *session_user(void)
{
    struct mail_user *user;
    const char *error;
    char home[PATH_MAX];

    modules_init_all();
    if (getcwd(home, sizeof(home)) == NULL)
        i_fatal("getcwd() failed");
    user = mail_user_alloc(NULL, "kim@example.org", NULL, &session_settings->user);
    mail_user_set_home(user, home);
    if (mail_user_init(user, &error) < 0 || mail_namespaces_init(user, &error) < 0)
        i_fatal("user: %s", error);
    return user;
}

static inline void session_end(struct mail_user **user)
{
    mail_user_unref(user);
    modules_deinit_all();
    mail_storage_deinit();
    pool_unref(&session_pool);
    lib_deinit();
}

/* ---- Shorthands ------------------------------------------------------------------------------ */

static inline struct mailbox *box_alloc(struct mail_user *user, const char *vname)
{
    return mailbox_alloc(mail_namespace_find(user->namespaces, vname)->list, vname, 0);
}

/** An open, synced mailbox, which is created when it is missing. */
static inline struct mailbox *box_open(struct mail_user *user, const char *vname)
{
    struct mailbox *box = box_alloc(user, vname);
    enum mailbox_existence existence;

    if (mailbox_exists(box, TRUE, &existence) < 0)
        i_fatal("%s: %s", vname, mailbox_get_last_internal_error(box, NULL));
    if (existence == MAILBOX_EXISTENCE_NONE && mailbox_create(box, NULL, FALSE) < 0)
        i_fatal("%s: %s", vname, mailbox_get_last_internal_error(box, NULL));
    if (mailbox_open(box) < 0 || mailbox_sync(box, 0) < 0)
        i_fatal("%s: %s", vname, mailbox_get_last_internal_error(box, NULL));
    return box;
}

static inline int box_sync(struct mailbox *box)
{
    return mailbox_sync(box, MAILBOX_SYNC_FLAG_FULL_READ);
}

static inline uint32_t box_count(struct mailbox *box)
{
    struct mailbox_status status;

    mailbox_get_open_status(box, STATUS_MESSAGES, &status);
    return status.messages;
}

/** Saves `text` with a save context that may have been given flags; the context is used up. */
static inline int save_text(struct mail_save_context **save, const char *text)
{
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    int result = mailbox_save_begin(save, input);

    while (result == 0) {
        result = mailbox_save_continue(*save);
        if (i_stream_read(input) <= 0)
            break;
    }
    if (result == 0)
        result = mailbox_save_finish(save);
    else if (*save != NULL)
        mailbox_save_cancel(save);
    i_stream_unref(&input);
    return result;
}

/** Saves a mail in a transaction of its own. 0, or -1. */
static inline int box_save(struct mailbox *box, const char *text)
{
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    struct mail_save_context *save = mailbox_save_alloc(t);

    if (save_text(&save, text) < 0) {
        mailbox_transaction_rollback(&t);
        return -1;
    }
    return mailbox_transaction_commit(&t);
}

#endif
