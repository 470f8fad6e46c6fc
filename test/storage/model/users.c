/*
 * Mail users: settings and their variables, homes, which plugins' hooks they get and in which
 * order, the end.
 */
#include "lib.h"

#include "mailbox/session.h"
#include "model/modules.h"
#include "module-dir.h"
#include "str.h"

#include <sys/stat.h>

static string_t *trace;

static const char *take_trace(void)
{
    const char *text = t_strdup(str_c(trace));

    str_truncate(trace, 0);
    return text;
}

static struct mail_user *new_user(const char *name)
{
    return mail_user_alloc(NULL, name, NULL, &session_settings->user);
}

/* ---- Settings ------------------------------------------------------------------------------- */

static void plugin_settings(void)
{
    struct mail_user *user;
    const char *error;

    storage_settings_add_plugin_setting(session_settings, "quota", "maildir:User quota");
    storage_settings_add_plugin_setting(session_settings, "empty", "");
    storage_settings_add_plugin_setting(session_settings, "off", "no");
    storage_settings_add_plugin_setting(session_settings, "zero", "0");
    storage_settings_add_plugin_setting(session_settings, "on", "yes");
    storage_settings_add_plugin_setting(session_settings, "dir", "/x/%d/%n");
    storage_settings_add_plugin_setting(session_settings, "quota", "the second");
    user = new_user("kim@example.org");
    mail_user_set_home(user, "/home/kim");
    is_int(mail_user_init(user, &error), 0, "a user is made");
    is_str(mail_user_plugin_getenv(user, "quota"), "maildir:User quota",
           "a plugin setting is found by its key; the first of the same key counts");
    is_str(mail_user_plugin_getenv(user, "nothing"), NULL, "one that is not set is NULL");
    ok(mail_user_plugin_getenv_bool(user, "empty"), "as a boolean an empty value is true");
    ok(!mail_user_plugin_getenv_bool(user, "off") && !mail_user_plugin_getenv_bool(user, "zero") &&
           !mail_user_plugin_getenv_bool(user, "nothing"),
       "no, 0 and missing are false");
    ok(mail_user_plugin_getenv_bool(user, "on"), "yes is true");
    is_str(mail_user_plugin_getenv(user, "dir"), "/x/example.org/kim",
           "variables of the user are expanded in it");
    mail_user_unref(&user);
}

static void unknown_variables(void)
{
    struct mail_user *user;
    const char *error = "";

    session_set("mail_location", "maildir:/srv/%{unheard_of}");
    user = new_user("kim@example.org");
    is_int(mail_user_init(user, &error), -1, "a variable that nobody knows fails the user");
    ok(strstr(error, "kim@example.org") != NULL && strstr(error, "mail_location") != NULL &&
           strstr(error, "unheard_of") != NULL,
       "the error names user, setting and variable: %s", error);
    mail_user_unref(&user);
    session_set("mail_location", "maildir:~/Maildir");
}

static void bad_values(void)
{
    struct mail_namespace_settings *ns;
    pool_t pool = pool_alloconly_create("test", 1024);
    struct storage_settings *set = storage_settings_create(pool);
    const char *error;

    is_int(storage_settings_set(set, "mail_debug", "perhaps", &error), -1, "perhaps is no boolean");
    ok(strstr(error, "mail_debug") != NULL, "the error names the setting: %s", error);
    is_int(storage_settings_set(set, "mail_locatoin", "x", &error), -1, "a misspelled key fails");
    is_str(error, "Unknown setting: mail_locatoin", "and is named");
    is_int(storage_settings_set(set, "mail_fsync", "never", &error), 0, "mail_fsync is taken");
    is_int(set->mail.parsed_fsync_mode, FSYNC_MODE_NEVER, "and parsed");
    is_int(storage_settings_set(set, "mail_fsync", "sometimes", &error), -1, "or refused");
    is_int(storage_settings_set(set, "hostname", "mx.example.org", &error), 0, "hostname is taken");
    ok(strcmp(set->user.hostname, "mx.example.org") == 0 &&
           strcmp(set->mail.hostname, "mx.example.org") == 0,
       "by both structs that have it");
    ns = storage_settings_add_namespace(set, "inbox");
    is_int(storage_settings_set_namespace(set, ns, "list", "maybe", &error), -1,
           "a choice takes its words only");
    is_str(error, "list: Invalid value: maybe (it can be: yes, no, children)", "and names them");
    pool_unref(&pool);
}

static void settings_are_copied(void)
{
    struct mail_user *user = new_user("kim@example.org");

    session_set("mail_plugins", "later");
    is_str(user->set->mail_plugins, "",
           "a user keeps the settings that were there when it was made");
    session_set("mail_plugins", "");
    mail_user_unref(&user);
}

/* ---- Homes ---------------------------------------------------------------------------------- */

static void homes(void)
{
    struct mail_user *user = new_user("kim@example.org");
    const char *home = "unchanged", *path = "~/x";

    is_int(mail_user_get_home(user, &home), 0, "a user without a home has none");
    is_str(home, NULL, "and its path is NULL");
    is_int(mail_user_try_home_expand(user, &path), -1, "~ cannot be expanded then");
    is_str(mail_user_home_expand(user, "~/x"), "~/x", "or stays as it is");
    mail_user_unref(&user);

    session_set("mail_home", "/home/%d/%n");
    user = new_user("kim@example.org");
    is_int(mail_user_get_home(user, &home), 1, "mail_home gives it one");
    is_str(home, "/home/example.org/kim", "with its variables expanded");
    is_str(mail_user_home_expand(user, "~/mail"), "/home/example.org/kim/mail", "~ is that");
    is_str(mail_user_home_expand(user, "/mail"), "/mail", "other paths are left alone");
    mail_user_unref(&user);
    session_set("mail_home", "");
}

static struct mail_user *lock_user;

static void try_lock(void)
{
    struct file_lock *lock;
    const char *error = "";

    _exit(mail_user_lock_file_create(lock_user, "vacation.lock", 0, &lock, &error) == 0 &&
                  strstr(error, "vacation.lock") != NULL
              ? 7
              : 1);
}

static void locks(void)
{
    struct mail_user *user = new_user("kim@example.org");
    struct file_lock *lock;
    const char *error;
    char home[PATH_MAX];
    struct stat st;

    i_assert(getcwd(home, sizeof(home)) != NULL);
    mail_user_set_home(user, t_strconcat(home, "/new/home", NULL));
    is_int(mail_user_lock_file_create(user, "vacation.lock", 5, &lock, &error), 1,
           "a lock file is made, with the home that was missing");
    ok(stat("new/home/vacation.lock", &st) == 0, "it lies in the home");
    lock_user = user;
    is_int(child_end(try_lock), 7, "another process does not get it, and is told which file");
    file_lock_free(&lock);
    ok(stat("new/home/vacation.lock", &st) < 0, "it is gone when it was given back");
    is_int(mail_user_lock_file_create(user, "vacation.lock", 0, &lock, &error), 1,
           "and free again");
    file_lock_free(&lock);
    mail_user_unref(&user);
}

/* ---- Hooks ---------------------------------------------------------------------------------- */

#define TRACER(name)                                            \
    static void name##_created(struct mail_user *user)          \
    {                                                           \
        i_assert(user->initialized && user->settings_expanded); \
        i_assert(user->namespaces == NULL);                     \
        str_append(trace, #name " ");                           \
    }                                                           \
    static const struct mail_storage_hooks name##_hooks = {.mail_user_created = name##_created};

TRACER(first)
TRACER(second)
TRACER(third)
TRACER(forced)
TRACER(core)

static void add_tracer(const char *file, const char *name, const struct mail_storage_hooks *hooks,
                       bool always)
{
    struct module *module = modules_add(file, name, NULL, NULL, NULL);

    if (always)
        mail_storage_hooks_add_forced(module, hooks);
    else
        mail_storage_hooks_add(module, hooks);
}

static const char *hooks_of_user(const char *plugins)
{
    struct mail_user *user;
    const char *error;

    session_set("mail_plugins", plugins);
    user = new_user("kim@example.org");
    if (mail_user_init(user, &error) < 0)
        i_fatal("%s", error);
    mail_user_unref(&user);
    return take_trace();
}

static void hook_order(void)
{
    mail_storage_hooks_add_internal(&core_hooks);
    add_tracer("/p/lib90_third_plugin.so", "third_plugin", &third_hooks, FALSE);
    add_tracer("/q/10_first_plugin.so", "first_plugin", &first_hooks, FALSE);
    add_tracer("/p/lib20_second_plugin.so", "second_plugin", &second_hooks, FALSE);
    add_tracer("/p/lib15_forced_plugin.so", "forced_plugin", &forced_hooks, TRUE);

    is_str(hooks_of_user("third second first"), "first forced second third core ",
           "hooks run in the order of file names without lib, the core's own last");
    is_str(hooks_of_user("third,first"), "first forced third core ",
           "only of the plugins that the user's settings name, by commas too");
    is_str(hooks_of_user(""), "forced core ", "forced ones for every user");
    is_str(hooks_of_user("third_plugin lib90_third_plugin.so"), "forced core ",
           "the name is the plugin's, not the file's");
    session_set("mail_plugins", "first second third");
}

static void hooks_are_fixed(void)
{
    struct mail_user *before = new_user("kim@example.org"), *after;
    const char *error;

    i_assert(mail_user_init(before, &error) == 0);
    is_str(take_trace(), "first forced second third core ", "all hooks are there");
    mail_storage_hooks_remove(&second_hooks);
    mail_storage_hooks_remove(&first_hooks);
    mail_storage_hooks_remove(&third_hooks);
    after = new_user("lee@example.org");
    i_assert(mail_user_init(after, &error) == 0);
    is_str(take_trace(), "forced core ", "hooks can be removed in any order");
    is_int(array_count(&before->hooks), 5, "a user that is there keeps those it had");
    is_int(array_count(&after->hooks), 2, "a new one does not get them");
    mail_user_unref(&before);
    mail_user_unref(&after);
    mail_storage_hooks_remove_internal(&core_hooks);
    mail_storage_hooks_remove(&forced_hooks);
}

static void remove_twice(void)
{
    mail_storage_hooks_remove(&first_hooks);
}

/* ---- A plugin that refuses, and overrides the end ------------------------------------------- */

struct ender_user {
    union mail_user_module_context module_ctx;
    int number;
};

static MODULE_CONTEXT_DEFINE_INIT(ender_user_module, &mail_user_module_register);
#define ENDER_CONTEXT(obj) MODULE_CONTEXT_REQUIRE(obj, ender_user_module)

static void ender_deinit_pre(struct mail_user *user)
{
    struct ender_user *euser = ENDER_CONTEXT(user);

    str_append(trace, user->deinitializing ? "pre " : "not-deinitializing ");
    /* A method may take and give back a reference. */
    mail_user_ref(user);
    euser->module_ctx.super.deinit_pre(user);
    mail_user_unref(&(struct mail_user *){user});
}

static void ender_deinit(struct mail_user *user)
{
    struct ender_user *euser = ENDER_CONTEXT(user);

    str_printfa(trace, "deinit %d ", euser->number);
    euser->module_ctx.super.deinit(user);
    str_append(trace, "after ");
}

static void ender_created(struct mail_user *user)
{
    struct mail_user_vfuncs *v = user->vlast;
    struct ender_user *euser = p_new(user->pool, struct ender_user, 1);

    euser->number = 42;
    euser->module_ctx.super = *v;
    user->vlast = &euser->module_ctx.super;
    v->deinit = ender_deinit;
    v->deinit_pre = ender_deinit_pre;
    MODULE_CONTEXT_SET(user, ender_user_module, euser);
    if (mail_user_plugin_getenv(user, "refuse") != NULL)
        user->error = p_strdup(user->pool, "ender does not like this user");
}

static const struct mail_storage_hooks ender_hooks = {.mail_user_created = ender_created};

static void ends(void)
{
    struct mail_user *user, *copy;
    const char *error = "";

    add_tracer("/p/lib30_ender_plugin.so", "ender_plugin", &ender_hooks, FALSE);
    session_set("mail_plugins", "ender");
    user = new_user("kim@example.org");
    i_assert(mail_user_init(user, &error) == 0);
    ok(user->vlast == NULL, "vlast is NULL after the hooks");
    mail_user_ref(user);
    copy = user;
    mail_user_unref(&copy);
    ok(copy == NULL && str_len(trace) == 0, "a user lives until its last reference is given back");
    mail_user_deinit(&user);
    is_str(take_trace(), "pre deinit 42 after ", "then come deinit_pre and deinit, in that order");

    storage_settings_add_plugin_setting(session_settings, "refuse", "");
    user = new_user("kim@example.org");
    is_int(mail_user_init(user, &error), -1, "a plugin can refuse a user");
    is_str(error, "ender does not like this user", "in its own words");
    mail_user_unref(&user);
    is_str(take_trace(), "pre deinit 42 after ", "and still sees the end");
    mail_storage_hooks_remove(&ender_hooks);
    session_set("mail_plugins", "");
}

static void copies(void)
{
    struct mail_user_connection_data conn = {.local_port = 24, .secured = TRUE};
    struct mail_user *user = new_user("kim@example.org"), *copy;
    const char *error;

    mail_user_set_vars(user, "lmtp", &conn);
    mail_user_set_home(user, "/home/kim");
    i_assert(mail_user_init(user, &error) == 0);
    copy = mail_user_dup(user);
    ok(copy != user && !copy->initialized, "a copy is a new user");
    is_str(copy->username, "kim@example.org", "of the same name");
    ok(strcmp(copy->service, "lmtp") == 0 && copy->conn.local_port == 24 && copy->conn.secured,
       "with the same service and connection");
    ok(mail_user_find(user, "kim@example.org") == user && mail_user_find(user, "lee") == NULL,
       "a user finds itself by name, and nobody else");
    mail_user_unref(&copy);
    mail_user_unref(&user);
}

int main(void)
{
    session_begin();
    trace = str_new(default_pool, 128);
    plugin_settings();
    unknown_variables();
    bad_values();
    settings_are_copied();
    homes();
    locks();
    hook_order();
    hooks_are_fixed();
    ok(panics(remove_twice), "removing hooks that are not there panics");
    ends();
    copies();
    str_free(&trace);
    modules_deinit_all();
    mail_storage_deinit();
    pool_unref(&session_pool);
    lib_deinit();
    return done();
}
