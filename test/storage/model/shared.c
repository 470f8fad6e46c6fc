/*
 * Shared namespaces: the mails of other users below one prefix.
 */
#include "lib.h"

#include "mailbox/session.h"
#include "str.h"

#include <sys/stat.h>

static struct mail_user *user;
static unsigned int users_created, namespaces_added;

static void count_user(struct mail_user *created)
{
    users_created++;
    if (users_created > 1)
        ok(created->autocreated && created->creator == user,
           "plugins see the other user as one that the core made");
}

static void count_namespaces(struct mail_namespace *namespaces ATTR_UNUSED)
{
    namespaces_added++;
}

static const struct mail_storage_hooks hooks = {.mail_user_created = count_user,
                                                .mail_namespaces_added = count_namespaces};

static void set_namespace(struct mail_namespace_settings *ns, const char *key, const char *value)
{
    const char *error;

    if (storage_settings_set_namespace(session_settings, ns, key, value, &error) < 0)
        i_fatal("%s", error);
}

static void begin(const char *prefix)
{
    struct mail_namespace_settings *ns;

    session_begin();
    ns = storage_settings_add_namespace(session_settings, "1");
    set_namespace(ns, "inbox", "yes");
    set_namespace(ns, "separator", "/");
    set_namespace(ns, "location", "maildir:~/users/kim");
    ns = storage_settings_add_namespace(session_settings, "2");
    set_namespace(ns, "type", "shared");
    set_namespace(ns, "prefix", prefix);
    set_namespace(ns, "separator", "/");
    set_namespace(ns, "location", "maildir:%h/users/%%n");
    set_namespace(ns, "subscriptions", "no");
}

static int open_box(const char *vname)
{
    struct mailbox *box = box_alloc(user, vname);
    int ret = mailbox_open(box);

    mailbox_free(&box);
    return ret;
}

static void another_user(void)
{
    struct mail_namespace *ns;
    struct mailbox *box;

    is_str(user->namespaces->next->prefix, "shared/",
           "the root ends where the other user's name is");
    ok(mail_namespace_is_shared_user_root(user->namespaces->next), "and is known as one");
    i_assert(mkdir("users/lee", 0700) == 0 && mkdir("users/lee/cur", 0700) == 0 &&
             mkdir("users/lee/new", 0700) == 0 && mkdir("users/lee/tmp", 0700) == 0 &&
             mkdir("users/lee/.Work", 0700) == 0 && mkdir("users/lee/.Work/cur", 0700) == 0 &&
             mkdir("users/lee/.Work/new", 0700) == 0 && mkdir("users/lee/.Work/tmp", 0700) == 0);

    box = box_alloc(user, "shared/lee@example.org/Work");
    is_int(mailbox_open(box), 0, "another user's mailbox opens");
    is_str(mailbox_get_path(box), t_strconcat(user->_home, "/users/lee/.Work", NULL),
           "it is that user's");
    ns = mailbox_get_namespace(box);
    ok(ns->type == MAIL_NAMESPACE_TYPE_SHARED && ns->user == user && ns->owner != user &&
           strcmp(ns->owner->username, "lee@example.org") == 0,
       "in a namespace of that user's");
    ok((ns->flags & NAMESPACE_FLAG_AUTOCREATED) != 0 &&
           (ns->flags & NAMESPACE_FLAG_INBOX_USER) == 0,
       "which the core has made");
    ok(!box->inbox_user, "it is not this user's INBOX");
    mailbox_free(&box);
    is_int(users_created, 2, "the other user was told to plugins");
    is_int(namespaces_added, 2, "and the namespace");

    is_int(open_box("shared/lee@example.org/Work"), 0, "it opens again");
    is_int(users_created, 2, "in the same namespace");
    box = box_alloc(user, "shared/lee@example.org/INBOX");
    is_int(mailbox_open(box), 0, "the other user's INBOX opens");
    mailbox_free(&box);
    ok(mail_user_find(user, "lee@example.org") != NULL, "the owner is found by name");
}

static void nobody(void)
{
    static const char *const names[] = {"shared/nobody@example.org/x",
                                        "shared/../x",
                                        "shared/..@example.org/x",
                                        "shared/./x",
                                        "shared/a b/x",
                                        "shared/"};

    for (unsigned int i = 0; i < N_ELEMENTS(names); i++) {
        struct mailbox *box = box_alloc(user, names[i]);
        enum mail_error error;

        ok(mailbox_open(box) < 0, "%s does not open", names[i]);
        (void)mailbox_get_last_error(box, &error);
        is_int(error, MAIL_ERROR_NOTFOUND, "it is not there");
        mailbox_free(&box);
    }
    ok(namespaces_added == 2 && users_created == 2, "and nothing was made for it");
    ok(access("users/nobody", F_OK) < 0, "no directory either");
}

static void bad_prefix(void)
{
    const char *error = "";
    char home[PATH_MAX];

    begin("shared/x%%u/");
    i_assert(getcwd(home, sizeof(home)) != NULL);
    user = mail_user_alloc(NULL, "kim@example.org", NULL, &session_settings->user);
    mail_user_set_home(user, home);
    i_assert(mail_user_init(user, &error) == 0);
    is_int(mail_namespaces_init(user, &error), -1, "the user's name must be a level of the prefix");
    ok(strstr(error, "shared/x%%u/") != NULL, "the error shows what is there: %s", error);
    session_end(&user);
}

int main(void)
{
    begin("shared/%%u/");
    mail_storage_hooks_add_internal(&hooks);
    user = session_user();
    another_user();
    nobody();
    mail_user_unref(&user);
    mail_storage_hooks_remove_internal(&hooks);
    mail_storage_deinit();
    pool_unref(&session_pool);
    bad_prefix();
    lib_deinit();
    return done();
}
