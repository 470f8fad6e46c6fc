/*
 * All namespaces of a user, from the settings; one at mail_location when there are none.
 *
 * A name must always belong to some namespace. So when none has the empty prefix, a hidden one is
 * made that has it and holds nothing.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "model/hooks.h"
#include "model/namespaces.h"
#include "model/settings-private.h"

#define NOTHING_LOCATION "fail::LAYOUT=none"

static const char *yes_no(bool value)
{
    return value ? "yes" : "no";
}

/* The user's variables are expanded by now: a % that is left stands for the other user. */
static bool is_for_each_user(const struct mail_namespace *ns)
{
    return ns->type == MAIL_NAMESPACE_TYPE_SHARED &&
           (strchr(ns->prefix, '%') != NULL || strchr(ns->set->location, '%') != NULL);
}

int mail_namespaces_init_add(struct mail_user *user, struct mail_namespace_settings *ns_set,
                             struct mail_namespace_settings *unexpanded_ns_set,
                             struct mail_namespace **ns_p, const char **error_r)
{
    struct mail_storage *storage;
    struct mail_namespace *ns;
    const char *error;
    int ret;

    if (mail_namespace_alloc(user, user->set, ns_set, unexpanded_ns_set, &ns, error_r) < 0)
        return -1;
    e_debug(user->event,
            "Namespace %s: type=%s, prefix=%s, sep=%s, inbox=%s, hidden=%s, list=%s, "
            "subscriptions=%s, location=%s",
            ns->set->name, ns->set->type, ns->prefix, ns->set->separator, yes_no(ns->set->inbox),
            yes_no(ns->set->hidden), ns->set->list, yes_no(ns->set->subscriptions),
            ns->set->location);
    if (is_for_each_user(ns)) {
        ns->flags |= NAMESPACE_FLAG_NOQUOTA | NAMESPACE_FLAG_NOACL;
        ret = mail_storage_create_full(ns, "shared", NULL, 0, &storage, &error);
    } else {
        ret = mail_storage_create(ns, NULL, 0, &error);
    }
    if (ret < 0) {
        *error_r = t_strdup_printf("Namespace '%s': %s", ns->prefix, error);
        mail_namespace_free(ns);
        return -1;
    }
    ns->next = *ns_p;
    *ns_p = ns;
    return 0;
}

static int add_nothing(struct mail_user *user, bool inbox, struct mail_namespace **ns_p,
                       const char **error_r)
{
    struct mail_namespace_settings set = mail_namespace_default_settings;

    set.location = NOTHING_LOCATION;
    set.inbox = inbox;
    set.hidden = !inbox;
    set.list = inbox ? "yes" : "no";
    set.subscriptions = inbox;
    /* As the others write it, so that names are split in the same way. */
    set.separator =
        *ns_p == NULL ? "/" : t_strdup_printf("%c", mail_namespaces_get_root_sep(*ns_p));
    if (mail_namespaces_init_add(user, &set, NULL, ns_p, error_r) < 0)
        return -1;
    (*ns_p)->flags |= NAMESPACE_FLAG_AUTOCREATED;
    return 0;
}

void mail_user_add_namespace(struct mail_user *user, struct mail_namespace **namespaces)
{
    struct mail_namespace **place, *next;

    for (struct mail_namespace *ns = *namespaces; ns != NULL; ns = next) {
        next = ns->next;
        place = &user->namespaces;
        while (*place != NULL && (*place)->prefix_len <= ns->prefix_len)
            place = &(*place)->next;
        ns->next = *place;
        *place = ns;
    }
    *namespaces = user->namespaces;
    hook_mail_namespaces_added(user->namespaces);
}

int mail_namespaces_init_finish(struct mail_namespace *namespaces, const char **error_r)
{
    struct mail_user *user = namespaces->user;

    if (mail_namespaces_check(namespaces, error_r) < 0 ||
        (mail_namespace_find_prefix(namespaces, "") == NULL &&
         add_nothing(user, FALSE, &namespaces, error_r) < 0)) {
        mail_namespaces_deinit(&namespaces);
        return -1;
    }
    mail_user_add_namespace(user, &namespaces);
    if (user->error == NULL)
        hook_mail_namespaces_created(user->namespaces);
    if (user->error != NULL) {
        *error_r = t_strdup(user->error);
        mail_namespaces_deinit(&user->namespaces);
        return -1;
    }
    user->namespaces_created = TRUE;
    return 0;
}

static int compare_settings(struct mail_namespace_settings *const *a,
                            struct mail_namespace_settings *const *b)
{
    if ((*a)->order != (*b)->order)
        return (*a)->order < (*b)->order ? -1 : 1;
    return strcmp((*a)->name, (*b)->name);
}

static struct mail_namespace_settings *find_unexpanded(const struct mail_user *user,
                                                       const char *name)
{
    struct mail_namespace_settings *set;

    array_foreach_elem(&user->unexpanded_set->namespaces, set)
    {
        if (strcmp(set->name, name) == 0)
            return set;
    }
    return NULL;
}

/* Those of the settings, made one by one; 0 also when there are none. */
static int add_configured(struct mail_user *user, struct mail_namespace **namespaces,
                          const char **error_r)
{
    struct mail_namespace_settings *set;
    const char *error;

    array_sort(&user->set->namespaces, compare_settings);
    array_foreach_elem(&user->set->namespaces, set)
    {
        if (set->disabled)
            continue;
        if (mail_namespaces_init_add(user, set, find_unexpanded(user, set->name), namespaces,
                                     &error) == 0)
            continue;
        if (!set->ignore_on_failure) {
            *error_r = error;
            mail_namespaces_deinit(namespaces);
            return -1;
        }
        e_debug(user->event, "Skipping a namespace (ignore_on_failure=yes): %s", error);
    }
    return 0;
}

int mail_namespaces_init(struct mail_user *user, const char **error_r)
{
    struct mail_namespace *namespaces = NULL;

    i_assert(user->initialized && user->namespaces == NULL);
    if (add_configured(user, &namespaces, error_r) < 0)
        return -1;
    return namespaces == NULL ? mail_namespaces_init_location(user, NULL, error_r)
                              : mail_namespaces_init_finish(namespaces, error_r);
}

int mail_namespaces_init_location(struct mail_user *user, const char *location,
                                  const char **error_r)
{
    struct mail_namespace_settings set = mail_namespace_default_settings;
    struct mail_namespace *namespaces = NULL;

    set.name = "inbox";
    set.inbox = TRUE;
    set.location = location == NULL ? "" : location;
    if (mail_namespaces_init_add(user, &set, NULL, &namespaces, error_r) < 0)
        return -1;
    return mail_namespaces_init_finish(namespaces, error_r);
}

struct mail_namespace *mail_namespaces_init_empty(struct mail_user *user)
{
    struct mail_namespace *ns = NULL;
    const char *error;

    if (add_nothing(user, TRUE, &ns, &error) < 0)
        i_panic("A namespace that holds nothing cannot be made: %s", error);
    user->namespaces = ns;
    return ns;
}
