/*
 * A namespace's life: made from its settings, connected to storages, referenced, ended.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "model/hooks.h"
#include "model/namespaces.h"
#include "model/settings-private.h"
#include "str.h"
#include "var-expand.h"

/* ---- Making -------------------------------------------------------------------------------- */

static int expand(struct mail_user *user, const char *name, const char *key, const char **text,
                  const char **error_r)
{
    string_t *expanded;
    const char *error;

    if (*text == NULL || strchr(*text, '%') == NULL)
        return 0;
    expanded = t_str_new(128);
    if (var_expand(expanded, *text, mail_user_var_expand_table(user), &error) <= 0) {
        *error_r = t_strdup_printf("Namespace %s: Failed to expand %s = '%s': %s", name, key, *text,
                                   error);
        return -1;
    }
    *text = p_strdup(user->pool, str_c(expanded));
    return 0;
}

static enum mail_namespace_type parse_type(const char *type)
{
    return strcmp(type, "shared") == 0   ? MAIL_NAMESPACE_TYPE_SHARED
           : strcmp(type, "public") == 0 ? MAIL_NAMESPACE_TYPE_PUBLIC
                                         : MAIL_NAMESPACE_TYPE_PRIVATE;
}

static enum namespace_flags parse_flags(const struct mail_namespace_settings *set)
{
    enum namespace_flags flags = 0;

    if (set->inbox)
        flags |= NAMESPACE_FLAG_INBOX_USER | NAMESPACE_FLAG_INBOX_ANY;
    if (set->hidden)
        flags |= NAMESPACE_FLAG_HIDDEN;
    if (strcmp(set->list, "yes") == 0)
        flags |= NAMESPACE_FLAG_LIST_PREFIX;
    else if (strcmp(set->list, "children") == 0)
        flags |= NAMESPACE_FLAG_LIST_CHILDREN;
    if (set->subscriptions)
        flags |= NAMESPACE_FLAG_SUBSCRIPTIONS;
    return flags;
}

static bool has_special_use(const struct mail_namespace_settings *set)
{
    struct mailbox_settings *box;

    if (!array_is_created(&set->mailboxes))
        return FALSE;
    array_foreach_elem(&set->mailboxes, box)
    {
        if (*box->special_use != '\0')
            return TRUE;
    }
    return FALSE;
}

int mail_namespace_alloc(struct mail_user *user, void *user_all_settings,
                         struct mail_namespace_settings *ns_set,
                         struct mail_namespace_settings *unexpanded_set,
                         struct mail_namespace **ns_r, const char **error_r)
{
    struct mail_user_settings *user_set = user_all_settings == NULL ? user->set : user_all_settings;
    struct mail_namespace_settings *set =
        storage_settings_dup_namespace(ns_set, user->pool, user_set);
    struct mail_namespace *ns;

    if (set->location == NULL || *set->location == '\0')
        set->location = storage_settings_of(user_set)->mail.mail_location;
    else if (expand(user, set->name, "location", &set->location, error_r) < 0)
        return -1;
    if (expand(user, set->name, "prefix", &set->prefix, error_r) < 0)
        return -1;

    ns = i_new(struct mail_namespace, 1);
    ns->refcount = 1;
    ns->user = user;
    ns->prefix = i_strdup(set->prefix);
    ns->prefix_len = strlen(ns->prefix);
    ns->set = set;
    ns->unexpanded_set = unexpanded_set;
    ns->user_set = user_set;
    ns->mail_set = &storage_settings_of(user_set)->mail;
    ns->type = parse_type(set->type);
    ns->flags = parse_flags(set);
    if (ns->type == MAIL_NAMESPACE_TYPE_PRIVATE)
        ns->owner = user;
    ns->special_use_mailboxes = has_special_use(set);
    i_array_init(&ns->all_storages, 2);
    *ns_r = ns;
    return 0;
}

void mail_namespace_finish_list_init(struct mail_namespace *ns, struct mailbox_list *list)
{
    ns->list = list;
    ns->prefix_len = strlen(ns->prefix);
}

void mail_namespace_add_storage(struct mail_namespace *ns, struct mail_storage *storage)
{
    if (ns->storage == NULL)
        ns->storage = storage;
    array_push_back(&ns->all_storages, &storage);
    if (storage->v.add_list != NULL)
        storage->v.add_list(storage, ns->list);
    hook_mail_namespace_storage_added(ns);
}

/* ---- Ending -------------------------------------------------------------------------------- */

/* Storages first: they may still look at the list. */
void mail_namespace_free(struct mail_namespace *ns)
{
    struct mail_storage **storage;

    array_foreach_modifiable(&ns->all_storages, storage) mail_storage_unref(storage);
    array_free(&ns->all_storages);
    if (ns->list != NULL)
        mailbox_list_destroy(&ns->list);
    if (ns->owner != NULL && ns->owner != ns->user)
        mail_user_unref(&ns->owner);
    i_free(ns->prefix);
    i_free(ns);
}

void mail_namespaces_deinit(struct mail_namespace **namespaces)
{
    /* The user's list stays right while it gets shorter: methods that run here may look at it. */
    while (*namespaces != NULL) {
        struct mail_namespace *ns = *namespaces;

        *namespaces = ns->next;
        mail_namespace_free(ns);
    }
}

void mail_namespace_ref(struct mail_namespace *ns)
{
    i_assert(ns->refcount > 0);
    ns->refcount++;
}

void mail_namespace_unref(struct mail_namespace **_ns)
{
    struct mail_namespace *ns = *_ns;

    *_ns = NULL;
    i_assert(ns->refcount > 0);
    if (--ns->refcount > 0)
        return;
    i_assert(ns->destroyed);
    mail_namespace_free(ns);
}

static void leave_alias_chain(const struct mail_namespace *ns)
{
    struct mail_namespace **place;

    if (ns->alias_for == NULL)
        return;
    place = &ns->alias_for->alias_chain_next;
    while (*place != NULL && *place != ns)
        place = &(*place)->alias_chain_next;
    if (*place != NULL)
        *place = ns->alias_chain_next;
}

void mail_namespace_destroy(struct mail_namespace *ns)
{
    struct mail_namespace **place = &ns->user->namespaces;

    i_assert(!ns->destroyed);
    while (*place != NULL && *place != ns)
        place = &(*place)->next;
    i_assert(*place == ns);
    *place = ns->next;
    leave_alias_chain(ns);
    ns->destroyed = TRUE;
    mail_namespace_unref(&ns);
}

void mail_user_drop_useless_namespaces(struct mail_user *user)
{
    struct mail_namespace *next;

    for (struct mail_namespace *ns = user->namespaces; ns != NULL; ns = next) {
        next = ns->next;
        if (mail_namespace_is_removable(ns) && ns->type == MAIL_NAMESPACE_TYPE_SHARED)
            mail_namespace_destroy(ns);
    }
}

/* ---- Telling ------------------------------------------------------------------------------- */

struct mail_storage *mail_namespace_get_default_storage(struct mail_namespace *ns)
{
    return ns->storage;
}

void mail_namespaces_set_storage_callbacks(struct mail_namespace *namespaces,
                                           struct mail_storage_callbacks *callbacks, void *context)
{
    struct mail_storage *storage;

    for (struct mail_namespace *ns = namespaces; ns != NULL; ns = ns->next) {
        array_foreach_elem(&ns->all_storages, storage)
            mail_storage_set_callbacks(storage, callbacks, context);
    }
}
