/*
 * Namespaces: which a user gets from which settings, what is refused and with which words, and
 * which namespace a name belongs to. Those here hold no mails: their location is of the driver
 * "fail".
 */
#include "lib.h"

#include "mailbox/session.h"

#define NOTHING "fail::LAYOUT=none"

static pool_t pool;
static struct storage_settings *set;

static void begin_settings(void)
{
    pool = pool_alloconly_create("test", 4096);
    set = storage_settings_create(pool);
}

static void set_namespace(struct mail_namespace_settings *ns, const char *key, const char *value)
{
    const char *error;

    if (storage_settings_set_namespace(set, ns, key, value, &error) < 0)
        i_fatal("%s: %s", key, error);
}

/* "prefix [key=value …]" */
static struct mail_namespace_settings *add(const char *name, const char *prefix,
                                           const char *settings)
{
    struct mail_namespace_settings *ns = storage_settings_add_namespace(set, name);

    set_namespace(ns, "prefix", prefix);
    set_namespace(ns, "separator", "/");
    set_namespace(ns, "location", NOTHING);
    for (const char *const *setting = t_strsplit_spaces(settings, " "); *setting != NULL;
         setting++) {
        const char *equals = strchr(*setting, '=');

        set_namespace(ns, t_strdup_until(*setting, equals), equals + 1);
    }
    return ns;
}

/* NULL and *error_r when the namespaces are refused. */
static struct mail_user *user_with_these(const char **error_r)
{
    struct mail_user *user = mail_user_alloc(NULL, "kim@example.org", NULL, &set->user);

    mail_user_set_home(user, "/nowhere/kim");
    if (mail_user_init(user, error_r) < 0)
        i_fatal("%s", *error_r);
    if (mail_namespaces_init(user, error_r) < 0)
        mail_user_unref(&user);
    return user;
}

static void end(struct mail_user **user)
{
    mail_user_unref(user);
    pool_unref(&pool);
}

/* ---- What is refused ------------------------------------------------------------------------ */

static const struct {
    const char *what;
    const char *prefixes[2], *settings[2];
    const char *error;
} refused[] = {
    {"no namespace with the INBOX", {"a/", "b/"}, {"", ""}, "inbox=yes namespace missing"},
    {"two of them",
     {"", "b/"},
     {"inbox=yes", "inbox=yes"},
     "There can be only one namespace with inbox=yes"},
    {"the same prefix twice",
     {"b/", "b/"},
     {"inbox=yes", ""},
     "Duplicate namespace prefix: \"b/\""},
    {"a prefix without separator at its end",
     {"", "b"},
     {"inbox=yes", ""},
     "list=yes requires prefix=b to end with separator /"},
    {"two separators in one tree",
     {"", "b."},
     {"inbox=yes", "separator=."},
     "All list=yes namespaces must use the same separator"},
    {"a separator of two characters",
     {"", "b/"},
     {"inbox=yes", "separator=// list=no"},
     "Hierarchy separator must be only one character long"},
    {"nothing that is listed",
     {"", "b/"},
     {"inbox=yes list=no", "list=no"},
     "no list=yes namespaces"},
    {"nothing that is visible",
     {"", "b/"},
     {"inbox=yes hidden=yes", "hidden=yes"},
     "no hidden=no namespaces"},
    {"no place for subscriptions",
     {"", "b/"},
     {"inbox=yes subscriptions=no", "subscriptions=no"},
     "no subscriptions=yes namespaces"},
    {"an alias of nothing",
     {"", "b/"},
     {"inbox=yes", "alias_for=c/"},
     "Invalid namespace alias_for: c/"},
    {"an alias of itself",
     {"", "b/"},
     {"inbox=yes", "alias_for=b/"},
     "Invalid namespace alias_for: b/"},
    {"the INBOX in a shared namespace",
     {"", "b/"},
     {"inbox=yes", "type=shared inbox=yes"},
     "inbox=yes not allowed for shared namespace b/"},
    {"an unknown driver",
     {"", "b/"},
     {"inbox=yes", "location=carrierpigeon:/srv"},
     "Namespace 'b/': Unknown mail storage driver carrierpigeon"},
    {"a path without a driver",
     {"", "b/"},
     {"inbox=yes", "location=/srv/mail"},
     "Namespace 'b/': Ambiguous mail location setting, don't know what to do with it: /srv/mail"},
    {"an unknown part of a location",
     {"", "b/"},
     {"inbox=yes", "location=fail::LAYOUT=none:INDXE=/x"},
     "Unknown setting: INDXE=/x in mail location :LAYOUT=none:INDXE=/x"},
    {"an unknown layout",
     {"", "b/"},
     {"inbox=yes", "location=fail::LAYOUT=hexagonal"},
     "Namespace 'b/': Mailbox list driver hexagonal: Unknown driver name"},
};

static void refusals(void)
{
    for (unsigned int i = 0; i < N_ELEMENTS(refused); i++) {
        struct mail_user *user;
        const char *error = "";

        begin_settings();
        add("1", refused[i].prefixes[0], refused[i].settings[0]);
        add("2", refused[i].prefixes[1], refused[i].settings[1]);
        user = user_with_these(&error);
        ok(user == NULL && strstr(error, refused[i].error) != NULL, "%s: %s", refused[i].what,
           error);
        if (user != NULL)
            mail_user_unref(&user);
        pool_unref(&pool);
    }
}

static void ignored_failures(void)
{
    struct mail_user *user;
    const char *error = "";

    begin_settings();
    add("1", "", "inbox=yes");
    add("2", "b/", "location=carrierpigeon:/srv ignore_on_failure=yes");
    add("3", "c/", "location=carrierpigeon:/srv disabled=yes");
    user = user_with_these(&error);
    ok(user != NULL && mail_namespace_find_prefix(user->namespaces, "b/") == NULL,
       "ignore_on_failure leaves a namespace out that cannot be made, disabled any");
    end(&user);
}

/* ---- What there is -------------------------------------------------------------------------- */

static void order_and_fields(void)
{
    struct mail_namespace *ns;
    struct mail_user *user;
    const char *error;

    begin_settings();
    add("1", "archive/old/", "type=public subscriptions=no list=children hidden=yes");
    add("2", "inbox/", "inbox=yes");
    add("3", "a/", "type=private");
    user = user_with_these(&error);
    ns = user->namespaces;
    ok(*ns->prefix == '\0' && (ns->flags & NAMESPACE_FLAG_AUTOCREATED) != 0 &&
           (ns->flags & NAMESPACE_FLAG_HIDDEN) != 0,
       "without a namespace of the empty prefix a hidden one is made");
    ok(strcmp(ns->next->prefix, "a/") == 0 && strcmp(ns->next->next->prefix, "inbox/") == 0 &&
           strcmp(ns->next->next->next->prefix, "archive/old/") == 0,
       "shorter prefixes come first");
    ns = mail_namespace_find_inbox(user->namespaces);
    ok(strcmp(ns->prefix, "inbox/") == 0 && ns->owner == user && ns->user == user &&
           (ns->flags & NAMESPACE_FLAG_INBOX_ANY_MASK) == NAMESPACE_FLAG_INBOX_ANY_MASK,
       "the INBOX is the user's own");
    ns = mail_namespace_find_prefix(user->namespaces, "archive/old/");
    ok(ns->owner == NULL && ns->type == MAIL_NAMESPACE_TYPE_PUBLIC,
       "a public namespace is nobody's");
    ok((ns->flags & NAMESPACE_FLAG_LIST_CHILDREN) != 0 &&
           (ns->flags & NAMESPACE_FLAG_SUBSCRIPTIONS) == 0 && ns->prefix_len == 12,
       "flags come from the settings");
    ok(user->namespaces_created, "and the user knows that all are there");
    end(&user);
}

static void finding(void)
{
    struct mail_namespace *nss;
    struct mail_user *user;
    const char *error;

    begin_settings();
    add("1", "", "inbox=yes");
    add("2", "a/", "subscriptions=no");
    add("3", "a/b/", "hidden=yes");
    user = user_with_these(&error);
    nss = user->namespaces;
    is_str(mail_namespace_find(nss, "x/y")->prefix, "", "a name belongs to the empty prefix");
    is_str(mail_namespace_find(nss, "a/x")->prefix, "a/", "or to the longest that it begins with");
    is_str(mail_namespace_find(nss, "a/b/c")->prefix, "a/b/", "however many there are");
    is_str(mail_namespace_find(nss, "a")->prefix, "a/", "the prefix itself is a name in it");
    is_str(mail_namespace_find(nss, "ab")->prefix, "", "a longer level is not");
    is_str(mail_namespace_find(nss, "inbox")->prefix, "", "INBOX is where inbox=yes is");
    is_str(mail_namespace_find_visible(nss, "a/b/c")->prefix, "a/", "hidden ones can be left out");
    is_str(mail_namespace_find_subscribable(nss, "a/x")->prefix, "",
           "those without subscriptions of their own too");
    is_str(mail_namespace_find_unsubscribable(nss, "a/x")->prefix, "a/", "or those with some");
    ok(mail_namespace_find_unsubscribable(nss, "x") == NULL, "then there may be none");
    ok(mail_namespace_find_prefix(nss, "a/b/") != NULL &&
           mail_namespace_find_prefix(nss, "a/b") == NULL &&
           mail_namespace_find_prefix_nosep(nss, "a/b") != NULL,
       "a prefix can be looked for with and without its separator");
    is_int(mail_namespaces_get_root_sep(nss), '/', "the separator of the tree is known");
    end(&user);
}

static void inbox_prefix(void)
{
    struct mail_namespace *nss;
    struct mail_user *user;
    const char *error;

    begin_settings();
    add("1", "INBOX/", "inbox=yes");
    user = user_with_these(&error);
    nss = user->namespaces;
    is_str(mail_namespace_find(nss, "INBOX")->prefix, "INBOX/", "INBOX is in INBOX/");
    is_str(mail_namespace_find(nss, "Inbox/x")->prefix, "INBOX/",
           "in any case, also what is below");
    ok(mail_namespace_prefix_is_inbox(mail_namespace_find_inbox(nss)) &&
           !mail_namespace_is_inbox_noinferiors(mail_namespace_find_inbox(nss)),
       "such a prefix is known to be the INBOX's");
    end(&user);
}

static void aliases(void)
{
    const char *error, *name = "old/x/y";
    struct mail_namespace *ns;
    struct mail_user *user;

    begin_settings();
    add("1", "", "inbox=yes");
    add("2", "mail/", "");
    add("3", "old/", "alias_for=mail/ hidden=yes list=no");
    user = user_with_these(&error);
    ns = mail_namespace_find_unalias(user->namespaces, &name);
    is_str(ns->prefix, "mail/", "an alias leads to the namespace that it is one of");
    is_str(name, "mail/x/y", "and the name is that in there");
    ok(ns->alias_chain_next == mail_namespace_find_prefix(user->namespaces, "old/"),
       "which knows its aliases");
    end(&user);
}

static void nothing_configured(void)
{
    struct mail_user *user;
    const char *error = "";

    begin_settings();
    i_assert(storage_settings_set(set, "mail_location", NOTHING, &error) == 0);
    user = user_with_these(&error);
    ok(user != NULL && user->namespaces->next == NULL &&
           (user->namespaces->flags & NAMESPACE_FLAG_INBOX_USER) != 0,
       "without settings there is one namespace, at mail_location, with the INBOX");
    end(&user);

    begin_settings();
    user = user_with_these(&error);
    ok(user == NULL && strstr(error, "mail_location is not set") != NULL &&
           strstr(error, "/nowhere/kim") != NULL,
       "without mail_location either: %s", error);
    pool_unref(&pool);
}

static void empty(void)
{
    struct mail_namespace *ns;
    struct mail_user *user;
    struct mailbox *box;
    const char *error;

    begin_settings();
    user = mail_user_alloc(NULL, "nobody", NULL, &set->user);
    i_assert(mail_user_init(user, &error) == 0);
    ns = mail_namespaces_init_empty(user);
    ok(ns == user->namespaces && ns->list != NULL && ns->storage != NULL,
       "a user can have a namespace that holds nothing");
    box = mailbox_alloc(ns->list, "x", 0);
    is_int(mailbox_open(box), -1, "its mailboxes cannot be opened");
    is_str(mailbox_get_last_error(box, NULL), "Mailbox doesn't exist: x", "because there are none");
    is_int(mailbox_create(box, NULL, FALSE), -1, "nor made");
    is_str(mailbox_get_last_error(box, NULL), "Unknown namespace: mailbox x cannot be created",
           "there");
    mailbox_free(&box);
    end(&user);
}

/* ---- Hooks that refuse ---------------------------------------------------------------------- */

static unsigned int added_calls, created_calls;

static void refuse_added(struct mail_namespace *namespaces)
{
    added_calls++;
    namespaces->user->error = "these namespaces are not for you";
}

static void count_created(struct mail_namespace *namespaces)
{
    i_assert(!namespaces->user->namespaces_created);
    created_calls++;
}

static void refusing_hooks(void)
{
    static const struct mail_storage_hooks hooks = {.mail_namespaces_added = refuse_added,
                                                    .mail_namespaces_created = count_created};
    static const struct mail_storage_hooks later = {.mail_namespaces_added = refuse_added};
    const char *error = "";
    struct mail_user *user;

    mail_storage_hooks_add_internal(&hooks);
    mail_storage_hooks_add_internal(&later);
    begin_settings();
    add("1", "", "inbox=yes");
    user = user_with_these(&error);
    ok(user == NULL, "a hook can refuse the namespaces");
    is_str(error, "these namespaces are not for you", "in its own words");
    ok(added_calls == 1 && created_calls == 0, "hooks after it are not called");
    mail_storage_hooks_remove_internal(&hooks);
    mail_storage_hooks_remove_internal(&later);
    pool_unref(&pool);
}

int main(void)
{
    lib_init();
    mail_storage_init();
    mail_storage_register_all();
    refusals();
    ignored_failures();
    order_and_fields();
    finding();
    inbox_prefix();
    aliases();
    nothing_configured();
    empty();
    refusing_hooks();
    mail_storage_deinit();
    lib_deinit();
    return done();
}
