/*
 * Which namespace a name belongs to.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "model/namespaces.h"

char mail_namespace_get_sep(struct mail_namespace *ns)
{
    if (*ns->set->separator != '\0')
        return *ns->set->separator;
    return mailbox_list_get_hierarchy_sep(ns->list);
}

char mail_namespaces_get_root_sep(struct mail_namespace *namespaces)
{
    while ((namespaces->flags & (NAMESPACE_FLAG_LIST_PREFIX | NAMESPACE_FLAG_LIST_CHILDREN)) == 0 &&
           namespaces->next != NULL)
        namespaces = namespaces->next;
    return mail_namespace_get_sep(namespaces);
}

/* The name is below the prefix, or is the prefix without its separator. */
static bool has_prefix(const struct mail_namespace *ns, const char *mailbox)
{
    size_t length = strlen(mailbox), compared = ns->prefix_len;

    if (length + 1 == ns->prefix_len)
        compared = length;
    /* INBOX is INBOX in any case, also as the first level. */
    if (compared >= 5 && strncasecmp(mailbox, "INBOX", 5) == 0 &&
        strncmp(ns->prefix, "INBOX", 5) == 0)
        return strncmp(ns->prefix + 5, mailbox + 5, compared - 5) == 0;
    return strncmp(ns->prefix, mailbox, compared) == 0;
}

static struct mail_namespace *find_with(struct mail_namespace *namespaces, const char *mailbox,
                                        enum namespace_flags mask, enum namespace_flags flags)
{
    struct mail_namespace *best = NULL;
    bool inbox = strcasecmp(mailbox, "INBOX") == 0;

    for (struct mail_namespace *ns = namespaces; ns != NULL; ns = ns->next) {
        if ((ns->flags & mask) != flags)
            continue;
        if (inbox && (ns->flags & NAMESPACE_FLAG_INBOX_USER) != 0)
            return ns;
        if (has_prefix(ns, mailbox) && (best == NULL || ns->prefix_len >= best->prefix_len))
            best = ns;
    }
    return best;
}

struct mail_namespace *mail_namespace_find_existing(struct mail_namespace *namespaces,
                                                    const char *mailbox)
{
    struct mail_namespace *ns = find_with(namespaces, mailbox, 0, 0);

    i_assert(ns != NULL);
    return ns;
}

struct mail_namespace *mail_namespace_find(struct mail_namespace *namespaces, const char *mailbox)
{
    struct mail_namespace *ns = mail_namespace_find_existing(namespaces, mailbox);
    struct mail_storage *storage;
    struct mailbox_list *list;

    if (!mail_namespace_is_shared_user_root(ns))
        return ns;
    /* The namespace of another user: made now, unless the name names none. */
    list = ns->list;
    return mailbox_list_get_storage(&list, mailbox, &storage) < 0 ? ns : list->ns;
}

struct mail_namespace *mail_namespace_find_unalias(struct mail_namespace *namespaces,
                                                   const char **mailbox)
{
    struct mail_namespace *ns = mail_namespace_find(namespaces, *mailbox);
    const char *storage_name;

    if (ns->alias_for == NULL)
        return ns;
    storage_name = mailbox_list_get_storage_name(ns->list, *mailbox);
    ns = ns->alias_for;
    *mailbox = mailbox_list_get_vname(ns->list, storage_name);
    return ns;
}

struct mail_namespace *mail_namespace_find_visible(struct mail_namespace *namespaces,
                                                   const char *mailbox)
{
    return find_with(namespaces, mailbox, NAMESPACE_FLAG_HIDDEN, 0);
}

struct mail_namespace *mail_namespace_find_subscribable(struct mail_namespace *namespaces,
                                                        const char *mailbox)
{
    return find_with(namespaces, mailbox, NAMESPACE_FLAG_SUBSCRIPTIONS,
                     NAMESPACE_FLAG_SUBSCRIPTIONS);
}

struct mail_namespace *mail_namespace_find_unsubscribable(struct mail_namespace *namespaces,
                                                          const char *mailbox)
{
    return find_with(namespaces, mailbox, NAMESPACE_FLAG_SUBSCRIPTIONS, 0);
}

struct mail_namespace *mail_namespace_find_inbox(struct mail_namespace *namespaces)
{
    while ((namespaces->flags & NAMESPACE_FLAG_INBOX_USER) == 0) {
        namespaces = namespaces->next;
        i_assert(namespaces != NULL);
    }
    return namespaces;
}

struct mail_namespace *mail_namespace_find_prefix(struct mail_namespace *namespaces,
                                                  const char *prefix)
{
    while (namespaces != NULL && strcmp(namespaces->prefix, prefix) != 0)
        namespaces = namespaces->next;
    return namespaces;
}

struct mail_namespace *mail_namespace_find_prefix_nosep(struct mail_namespace *namespaces,
                                                        const char *prefix)
{
    size_t length = strlen(prefix);

    for (; namespaces != NULL; namespaces = namespaces->next) {
        if (namespaces->prefix_len == length + 1 &&
            strncmp(namespaces->prefix, prefix, length) == 0 &&
            namespaces->prefix[length] == mail_namespace_get_sep(namespaces))
            break;
    }
    return namespaces;
}

bool mail_namespace_is_shared_user_root(struct mail_namespace *ns)
{
    struct mail_storage *storage;

    if (ns->type != MAIL_NAMESPACE_TYPE_SHARED || (ns->flags & NAMESPACE_FLAG_AUTOCREATED) != 0)
        return FALSE;
    array_foreach_elem(&ns->all_storages, storage)
    {
        if (strcmp(storage->name, "shared") == 0)
            return TRUE;
    }
    return FALSE;
}
