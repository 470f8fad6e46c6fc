/*
 * Listing mailboxes: of one list and of all namespaces, with patterns, subscriptions, special uses
 * and mailboxes that exist only in the configuration.
 */
#include "lib.h"

#include "mailbox-list-private.h"
#include "mailbox/session.h"
#include "model/lists.h"
#include "str.h"

static struct mail_user *user;

static struct mail_namespace_settings *add_namespace(const char *name, const char *prefix,
                                                     const char *settings)
{
    struct mail_namespace_settings *ns = storage_settings_add_namespace(session_settings, name);
    const char *error;

    if (storage_settings_set_namespace(session_settings, ns, "prefix", prefix, &error) < 0 ||
        storage_settings_set_namespace(session_settings, ns, "separator", "/", &error) < 0)
        i_fatal("%s", error);
    for (const char *const *setting = t_strsplit_spaces(settings, " "); *setting != NULL;
         setting++) {
        const char *equals = strchr(*setting, '=');

        if (storage_settings_set_namespace(session_settings, ns, t_strdup_until(*setting, equals),
                                           equals + 1, &error) < 0)
            i_fatal("%s", error);
    }
    return ns;
}

static void add_mailbox(struct mail_namespace_settings *ns, const char *name,
                        const char *autocreate, const char *special_use)
{
    struct mailbox_settings *box = storage_settings_add_mailbox(session_settings, ns, name);
    const char *error;

    if (storage_settings_set_mailbox(session_settings, box, "autocreate", autocreate, &error) < 0 ||
        storage_settings_set_mailbox(session_settings, box, "special_use", special_use, &error) < 0)
        i_fatal("%s", error);
}

static void create(const char *vname, bool subscribe)
{
    struct mailbox *box = box_alloc(user, vname);

    if (mailbox_create(box, NULL, FALSE) < 0 ||
        (subscribe && mailbox_set_subscribed(box, TRUE) < 0))
        i_fatal("%s: %s", vname, mailbox_get_last_internal_error(box, NULL));
    mailbox_free(&box);
}

/* ---- What a listing shows, as text ---------------------------------------------------------- */

static const char *flags_text(enum mailbox_info_flags flags)
{
    static const struct {
        enum mailbox_info_flags flag;
        char letter;
    } letters[] = {{MAILBOX_NOSELECT, 'n'},
                   {MAILBOX_NONEXISTENT, '-'},
                   {MAILBOX_CHILDREN, '+'},
                   {MAILBOX_SUBSCRIBED, 's'},
                   {MAILBOX_CHILD_SUBSCRIBED, 'c'}};
    string_t *text = t_str_new(8);

    for (unsigned int i = 0; i < N_ELEMENTS(letters); i++) {
        if ((flags & letters[i].flag) != 0)
            str_append_c(text, letters[i].letter);
    }
    return str_c(text);
}

static int compare_texts(const char *const *a, const char *const *b)
{
    return strcmp(*a, *b);
}

/* Names in order, each with its flags in parentheses if there are any, and its special use. */
static const char *list(const char *pattern, enum mailbox_list_iter_flags flags)
{
    const char *const patterns[] = {pattern, NULL};
    struct mailbox_list_iterate_context *ctx = mailbox_list_iter_init_namespaces(
        user->namespaces, patterns, MAIL_NAMESPACE_TYPE_MASK_ALL, flags);
    ARRAY_TYPE(const_string) names;
    const struct mailbox_info *info;

    t_array_init(&names, 16);
    while ((info = mailbox_list_iter_next(ctx)) != NULL) {
        const char *text = flags_text(info->flags);

        i_assert(mail_namespace_find(user->namespaces, info->vname) == info->ns);
        text = t_strdup_printf("%s%s%s%s%s%s", info->vname, *text == '\0' ? "" : "(", text,
                               *text == '\0' ? "" : ")", info->special_use == NULL ? "" : "=",
                               info->special_use == NULL ? "" : info->special_use);
        array_push_back(&names, &text);
    }
    if (mailbox_list_iter_deinit(&ctx) < 0)
        return t_strconcat("failed: ", mailbox_list_get_last_error(user->namespaces->list, NULL),
                           NULL);
    array_sort(&names, compare_texts);
    return t_array_const_string_join(&names, " ");
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static void begin(void)
{
    struct mail_namespace_settings *ns;

    session_begin();
    ns = add_namespace("1", "", "inbox=yes location=maildir:~/Maildir");
    add_mailbox(ns, "Trash", "create", "\\Trash");
    add_mailbox(ns, "Sent", "no", "\\Sent");
    add_mailbox(ns, "Lists/News", "subscribe", "");
    (void)add_namespace("2", "Arch/", "location=maildir:~/Arch subscriptions=no");
    (void)add_namespace("3", "Hid/", "location=maildir:~/Hid list=no hidden=yes");
    (void)add_namespace("4", "Kids/", "location=maildir:~/Kids list=children");
    user = session_user();
}

static void names_and_patterns(void)
{
    is_str(list("*", MAILBOX_LIST_ITER_RETURN_CHILDREN), "Arch(-) INBOX Lists(-+) Lists/News Trash",
           "a new user has the INBOX, prefixes that are listed, and what is created on use");
    create("a", FALSE);
    create("a/b/c", FALSE);
    create("Sent", TRUE);
    create("Arch/2024", TRUE);
    create("Hid/x", TRUE);
    create("Kids/one", FALSE);
    is_str(list("*", MAILBOX_LIST_ITER_RETURN_CHILDREN),
           "Arch(-+) Arch/2024 INBOX Kids(-+) Kids/one Lists(-+) Lists/News Sent Trash a(+) "
           "a/b(-+) a/b/c",
           "all mailboxes of all namespaces that are listed are one tree");
    is_str(list("%", MAILBOX_LIST_ITER_RETURN_CHILDREN),
           "Arch(-+) INBOX Kids(-+) Lists(-+) Sent Trash a(+)", "%% stops at the separator");
    is_str(list("a/%", MAILBOX_LIST_ITER_RETURN_CHILDREN), "a/b(-+)", "also below a name");
    is_str(list("Hid/*", 0), "Hid/x", "a hidden namespace is listed when it is named");
    is_str(list("*/x", 0), "", "and not by wildcards");
    is_str(list("inbox", 0), "INBOX", "INBOX is found in any case");
    is_str(list("*", MAILBOX_LIST_ITER_NO_AUTO_BOXES),
           "Arch(-+) Arch/2024 INBOX Kids(-+) Kids/one Sent a(+) a/b(-+) a/b/c",
           "mailboxes of the configuration can be left out");
    is_str(list("*", MAILBOX_LIST_ITER_STAR_WITHIN_NS | MAILBOX_LIST_ITER_NO_AUTO_BOXES),
           "INBOX Sent a(+) a/b(-+) a/b/c", "and other namespaces");
}

static void created_on_use(void)
{
    create("Lists/News/today", FALSE);
    is_str(list("Lists/*", MAILBOX_LIST_ITER_RETURN_CHILDREN), "Lists/News(+) Lists/News/today",
           "a mailbox that is created on use is one with its files");
    create("Trash", FALSE);
    is_str(list("Tra%", 0), "Trash", "and is shown once when it is there");
}

static void special_uses(void)
{
    is_str(list("*", MAILBOX_LIST_ITER_SELECT_SPECIALUSE), "Sent=\\Sent Trash=\\Trash",
           "only mailboxes with a special use");
    is_str(list("%", MAILBOX_LIST_ITER_RETURN_SPECIALUSE | MAILBOX_LIST_ITER_NO_AUTO_BOXES),
           "Arch(-+) INBOX Kids(-+) Lists(-+) Sent=\\Sent Trash=\\Trash a(+)", "or all, with it");
}

static void subscriptions(void)
{
    struct mailbox *box = box_alloc(user, "gone");

    i_assert(mailbox_create(box, NULL, FALSE) == 0 && mailbox_set_subscribed(box, TRUE) == 0);
    i_assert(mailbox_delete(box) == 0);
    mailbox_free(&box);
    is_str(list("*", MAILBOX_LIST_ITER_SELECT_SUBSCRIBED | MAILBOX_LIST_ITER_RETURN_SUBSCRIBED),
           "Arch/2024(s) Lists/News(s) Sent(s) gone(-s)",
           "subscriptions are listed whether the mailbox is there or not");
    is_str(list("%", MAILBOX_LIST_ITER_RETURN_SUBSCRIBED | MAILBOX_LIST_ITER_NO_AUTO_BOXES),
           "Arch(-+) INBOX Kids(-+) Lists(-+) Sent(s) Trash a(+)",
           "or all mailboxes with what is subscribed to");
    is_str(list("%", MAILBOX_LIST_ITER_SELECT_SUBSCRIBED | MAILBOX_LIST_ITER_SELECT_RECURSIVEMATCH),
           "Arch(-c) Lists(-+c) Sent(s) gone(-s)",
           "names above one that is subscribed to are told apart");
    is_str(list("Hid/*", MAILBOX_LIST_ITER_SELECT_SUBSCRIBED), "Hid/x(s)",
           "each namespace keeps its own");
    is_int(mailbox_list_is_subscribed(mail_namespace_find(user->namespaces, "Arch/2024")->list,
                                      "Arch/2024"),
           1, "or leaves them to one above");
}

static void one_list(void)
{
    struct mailbox_list *inbox_list = mail_namespace_find_inbox(user->namespaces)->list;
    enum mailbox_info_flags flags;

    is_int(mailbox_list_mailbox(inbox_list, "a", &flags), 1, "a mailbox can be asked for");
    ok((flags & (MAILBOX_NONEXISTENT | MAILBOX_NOSELECT)) == 0, "it can be selected");
    is_int(mailbox_list_mailbox(inbox_list, "nobody", &flags), 0, "or is not there");
    is_int(mailbox_has_children(inbox_list, "a"), 1, "a has mailboxes below it");
    is_int(mailbox_has_children(inbox_list, "Sent"), 0, "Sent has none");
    is_str(mailbox_list_join_refpattern(inbox_list, "a/", "%"), "a/%",
           "a pattern follows its "
           "reference");
}

/* A name under the prefix of another namespace is that namespace's. */
static void hidden_behind_prefixes(void)
{
    struct mailbox_list *inbox_list = mail_namespace_find_inbox(user->namespaces)->list;
    struct mailbox *box = mailbox_alloc(inbox_list, "Arch/secret", 0);

    if (mailbox_create(box, NULL, FALSE) < 0)
        i_fatal("%s", mailbox_get_last_internal_error(box, NULL));
    mailbox_free(&box);
    is_str(list("Arch/*", 0), "Arch/2024", "what one namespace holds behind another is not shown");
}

int main(void)
{
    begin();
    names_and_patterns();
    created_on_use();
    special_uses();
    subscriptions();
    one_list();
    hidden_behind_prefixes();
    session_end(&user);
    return done();
}
