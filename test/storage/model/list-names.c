/*
 * The two names of a mailbox, names that cannot be used, location strings, paths, permissions and
 * the lock of a list.
 */
#include "lib.h"

#include "mailbox/session.h"
#include "model/lists.h"
#include "str.h"

#include <sys/stat.h>

static struct mail_user *user;

static void open_user(const char *location, const char *prefix, const char *separator)
{
    struct mail_namespace_settings *ns;
    const char *error;

    session_begin();
    ns = storage_settings_add_namespace(session_settings, "1");
    if (storage_settings_set_namespace(session_settings, ns, "prefix", prefix, &error) < 0 ||
        storage_settings_set_namespace(session_settings, ns, "separator", separator, &error) < 0 ||
        storage_settings_set_namespace(session_settings, ns, "location", location, &error) < 0 ||
        storage_settings_set_namespace(session_settings, ns, "inbox", "yes", &error) < 0)
        i_fatal("%s", error);
    user = session_user();
}

static struct mailbox_list *the_list(void)
{
    return mail_namespace_find_inbox(user->namespaces)->list;
}

/* ---- Names ---------------------------------------------------------------------------------- */

static void both_ways(const char *vname, const char *name)
{
    is_str(mailbox_list_get_storage_name(the_list(), vname), name, "%s is stored as %s", vname,
           name);
    is_str(mailbox_list_get_vname(the_list(), name), vname, "and back");
}

static void maildirpp_names(void)
{
    open_user("maildir:~/Maildir", "", "/");
    both_ways("INBOX", "INBOX");
    both_ways("a", "a");
    both_ways("a/b/c", "a.b.c");
    both_ways("Entwürfe/2024", "Entw&APw-rfe.2024");
    both_ways("a&b", "a&-b");
    both_ways("日本語", "&ZeVnLIqe-");
    is_str(mailbox_list_get_storage_name(the_list(), "inbox"), "INBOX", "inbox is INBOX");
    is_str(mailbox_list_get_vname(the_list(), "&broken"), "&broken",
           "a stored name that is no mUTF-7 is shown as it is");
    session_end(&user);
}

static void prefixed_names(void)
{
    open_user("maildir:~/Maildir", "Mail/", "/");
    both_ways("INBOX", "INBOX");
    both_ways("Mail/a/b", "a.b");
    both_ways("Mail", "");
    is_str(mailbox_list_get_storage_name(the_list(), "x/y"), "x.y",
           "a name without the prefix stays one");
    session_end(&user);
}

static void utf8_names(void)
{
    open_user("maildir:~/Maildir:UTF-8", "", "/");
    both_ways("Entwürfe/a&b", "Entwürfe.a&b");
    session_end(&user);
}

static void escaped_names(void)
{
    open_user("maildir:~/Maildir", "Mail/", "/");
    the_list()->set.storage_name_escape_char = '+';
    both_ways("Mail/a.b/c", "a+2eb.c");
    both_ways("Mail/1+1", "1+2b1");
    both_ways("Mail/~x/.y", "+7ex.+2ey");
    session_end(&user);

    open_user("maildir:~/Maildir:BROKENCHAR=+", "", "/");
    is_str(mailbox_list_get_vname(the_list(), "bro&ken.a"), "bro+26ken/a",
           "with BROKENCHAR what is no mUTF-7 is escaped");
    is_str(mailbox_list_get_storage_name(the_list(), "bro+26ken/a"), "bro&ken.a",
           "so that the name leads back to the mailbox");
    session_end(&user);
}

static void escape_functions(void)
{
    string_t *escaped = t_str_new(32);
    const char *name;

    mailbox_list_name_escape("a%b.c", "%.", escaped);
    is_str(str_c(escaped), "a%25b%2ec", "the first escape character is the escape");
    name = str_c(escaped);
    mailbox_list_name_unescape(&name, '%');
    is_str(name, "a%b.c", "and it can be undone");
    name = "50%";
    mailbox_list_name_unescape(&name, '%');
    is_str(name, "50%", "a lone escape is itself");
}

/* ---- Names that cannot be used -------------------------------------------------------------- */

static void refused(const char *name, const char *wanted)
{
    const char *error = NULL;

    if (mailbox_list_is_valid_name(the_list(), name, &error))
        error = NULL;
    is_str(error, wanted, "'%.20s': %s", name, wanted == NULL ? "fine" : wanted);
}

static void valid_names(void)
{
    char long_name[300];

    memset(long_name, 'x', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    open_user("maildir:~/Maildir", "", "/");
    refused("a.b", NULL);
    refused("Entw&APw-rfe", NULL);
    refused("", "Name is empty");
    refused(".a", "Begins with hierarchy separator");
    refused("a.", "Ends with hierarchy separator");
    refused("a..b", "Has adjacent hierarchy separators");
    refused("~root", "Begins with ~");
    refused("a/b", "Contains a /");
    refused("../../etc", "Begins with hierarchy separator");
    refused("Entw\xc3\xbcrfe", "Not valid mUTF-7");
    refused(long_name, "Mailbox name too long");
    session_end(&user);

    open_user("maildir:~/fs:LAYOUT=fs", "", "/");
    refused("a/b", NULL);
    refused("a/../b", "Contains a . or .. part");
    refused("..", "Contains a . or .. part");
    refused("a/.", "Contains a . or .. part");
    refused("/etc", "Begins with hierarchy separator");
    refused("a//b", "Has adjacent hierarchy separators");
    session_end(&user);

    open_user("maildir:~/Maildir:UTF-8", "Mail/", "/");
    refused("", NULL);
    refused("Entw\xc3\xbcrfe", NULL);
    {
        const char *error;

        ok(!mailbox_list_is_valid_name(the_list(), "\xc3", &error), "half a character is refused");
        is_str(error, "Not valid UTF-8", "as what it is");
    }
    session_end(&user);
}

/* ---- Locations ------------------------------------------------------------------------------ */

static void locations(void)
{
    struct mailbox_list_settings set;
    const char *error = "";

    open_user("maildir:~/Maildir", "", "/");
    is_int(
        mailbox_list_settings_parse(user,
                                    "/var/mail/%u::x//:LAYOUT=fs:INDEX=MEMORY:CONTROL=~/c:"
                                    "INBOX=/in:DIRNAME=dbox:SUBSCRIPTIONS=subs:UTF-8:BROKENCHAR=~",
                                    &set, &error),
        0, "a location is read");
    is_str(set.root_dir, "/var/mail/%u:x", "two colons are one, slashes at the end are none");
    is_str(set.layout, "fs", "LAYOUT");
    is_str(set.index_dir, "", "INDEX=MEMORY");
    is_str(set.control_dir, t_strconcat(user->_home, "/c", NULL), "CONTROL in the home");
    is_str(set.inbox_path, "/in", "INBOX");
    is_str(set.maildir_name, "dbox", "DIRNAME");
    is_str(set.subscription_fname, "subs", "SUBSCRIPTIONS");
    ok(set.utf8 && set.vname_escape_char == '~', "UTF-8 and BROKENCHAR");
    is_int(mailbox_list_settings_parse(user, "/x:UTF-8=yes", &set, &error), -1,
           "UTF-8 has no value");
    is_int(mailbox_list_settings_parse(user, "/x:BROKENCHAR=ab", &set, &error), -1,
           "BROKENCHAR is one character");
    is_str(error, "BROKENCHAR in mail location /x:BROKENCHAR=ab must be one character",
           "and the error says where");
    session_end(&user);
}

/* ---- Directories ---------------------------------------------------------------------------- */

static void roots(void)
{
    struct mailbox_list *list;
    const char *path;
    struct stat st;

    open_user("maildir:~/deep/er/Maildir", "", "/");
    list = the_list();
    ok(stat("deep/er/Maildir", &st) == 0 && (st.st_mode & 0777) == 0700,
       "the root is made when the namespace is");
    is_int(mailbox_list_get_path(list, "a.b", MAILBOX_LIST_PATH_TYPE_MAILBOX, &path), 1,
           "a mailbox has a path");
    is_str(path, t_strconcat(user->_home, "/deep/er/Maildir/.a.b", NULL), "below it");
    is_int(mailbox_list_mkdir_root(list, t_strconcat(user->_home, "/one/two", NULL),
                                   MAILBOX_LIST_PATH_TYPE_CONTROL),
           0, "other roots can be made");
    ok(stat("one/two", &st) == 0, "with those above");
    session_end(&user);

    i_assert(creat("file", 0600) >= 0);
    session_begin();
    session_set("mail_location", "maildir:~/file");
    {
        const char *error = "";
        char home[PATH_MAX];

        i_assert(getcwd(home, sizeof(home)) != NULL);
        user = mail_user_alloc(NULL, "kim@example.org", NULL, &session_settings->user);
        mail_user_set_home(user, home);
        i_assert(mail_user_init(user, &error) == 0);
        is_int(mail_namespaces_init(user, &error), -1, "a file cannot be a root");
        is_str(error, t_strdup_printf("Namespace '': Root mail directory is a file: %s/file", home),
               "and the error says which");
    }
    session_end(&user);
}

static void permissions(void)
{
    struct mailbox_permissions perm;

    open_user("maildir:~/shared", "", "/");
    mailbox_list_get_root_permissions(the_list(), &perm);
    ok(perm.file_create_mode == 0600 && perm.dir_create_mode == 0700, "by default all is private");
    i_assert(mkdir("shared/.team", 0770) == 0 && chmod("shared/.team", 0770) == 0);
    mailbox_list_get_permissions(the_list(), "team", &perm);
    ok(perm.file_create_mode == 0660 && perm.dir_create_mode == 0770 &&
           perm.gid_origin_is_mailbox_path,
       "files get the mode of the mailbox's directory");
    mailbox_list_get_permissions(the_list(), "missing", &perm);
    ok(perm.file_create_mode == 0600 && perm.dir_create_mode == 0700,
       "and of the root when there is none");
    session_end(&user);
}

static void try_lock(void)
{
    the_list()->lock_refcount = 0; /* of the parent process */
    _exit(mailbox_list_lock(the_list()) < 0 &&
                  mailbox_list_get_last_mail_error(the_list()) == MAIL_ERROR_INUSE
              ? 7
              : 1);
}

static void lock(void)
{
    const char *error;

    session_begin();
    session_set("mail_max_lock_timeout", "1");
    i_assert(storage_settings_set(session_settings, "mail_location", "maildir:~/locked", &error) ==
             0);
    user = session_user();
    is_int(mailbox_list_lock(the_list()), 0, "the tree of mailboxes can be locked");
    is_int(mailbox_list_lock(the_list()), 0, "more than once");
    mailbox_list_unlock(the_list());
    is_int(child_end(try_lock), 7, "another process has to wait, and is told in the end");
    mailbox_list_unlock(the_list());
    ok(the_list()->lock == NULL, "it is free when all have given it back");
    session_end(&user);
}

static void log_nothing(const struct failure_context *ctx ATTR_UNUSED,
                        const char *format ATTR_UNUSED, va_list args ATTR_UNUSED)
{
}

int main(void)
{
    lib_init();
    i_set_error_handler(log_nothing);
    maildirpp_names();
    prefixed_names();
    utf8_names();
    escaped_names();
    escape_functions();
    valid_names();
    locations();
    roots();
    permissions();
    lock();
    lib_deinit();
    return done();
}
