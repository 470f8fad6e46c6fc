/*
 * The rules that a user's namespaces must keep together, so that every name means one thing.
 */
#include "lib.h"

#include "array.h"
#include "model/namespaces.h"

#define LISTED (NAMESPACE_FLAG_LIST_PREFIX | NAMESPACE_FLAG_LIST_CHILDREN)

static int refuse(const char **error_r, const char *fmt, ...) ATTR_FORMAT(2, 3);

static int refuse(const char **error_r, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    *error_r = t_strconcat("namespace configuration error: ", t_strdup_vprintf(fmt, args), NULL);
    va_end(args);
    return -1;
}

static int check_separator(const struct mail_namespace *ns, char sep, char root_sep,
                           const char **error_r)
{
    if (strlen(ns->set->separator) > 1)
        return refuse(error_r,
                      "Hierarchy separator must be only one character long (namespace %s: %s)",
                      ns->set->name, ns->set->separator);
    if ((ns->flags & LISTED) == 0)
        return 0;
    if (ns->prefix_len > 0 && ns->prefix[ns->prefix_len - 1] != sep)
        return refuse(error_r, "list=%s requires prefix=%s to end with separator %c", ns->set->list,
                      ns->prefix, sep);
    if (sep != root_sep)
        return refuse(error_r,
                      "All list=yes namespaces must use the same separator (%c and %c are used)",
                      root_sep, sep);
    return 0;
}

static int check_one(struct mail_namespace *ns, char root_sep, const char **error_r)
{
    if (mail_namespace_find_prefix(ns->next, ns->prefix) != NULL)
        return refuse(error_r, "Duplicate namespace prefix: \"%s\"", ns->prefix);
    if (ns->set->inbox && ns->type == MAIL_NAMESPACE_TYPE_SHARED)
        return refuse(error_r, "inbox=yes not allowed for shared namespace %s", ns->prefix);
    return check_separator(ns, mail_namespace_get_sep(ns), root_sep, error_r);
}

static unsigned int count_with(const struct mail_namespace *namespaces, enum namespace_flags mask,
                               bool any_of_mask)
{
    unsigned int count = 0;

    for (; namespaces != NULL; namespaces = namespaces->next) {
        if (((namespaces->flags & mask) != 0) == any_of_mask)
            count++;
    }
    return count;
}

static int check_counts(const struct mail_namespace *namespaces, const char **error_r)
{
    unsigned int inboxes = count_with(namespaces, NAMESPACE_FLAG_INBOX_USER, TRUE);

    if (inboxes == 0)
        return refuse(error_r, "inbox=yes namespace missing");
    if (inboxes > 1)
        return refuse(error_r, "There can be only one namespace with inbox=yes");
    if (count_with(namespaces, LISTED, TRUE) == 0)
        return refuse(error_r, "no list=yes namespaces");
    if (count_with(namespaces, NAMESPACE_FLAG_HIDDEN, FALSE) == 0)
        return refuse(error_r, "no hidden=no namespaces");
    if (count_with(namespaces, NAMESPACE_FLAG_SUBSCRIPTIONS, TRUE) == 0)
        return refuse(error_r, "no subscriptions=yes namespaces");
    return 0;
}

static int connect_alias(struct mail_namespace *ns, struct mail_namespace *namespaces,
                         const char **error_r)
{
    if (ns->set->alias_for == NULL)
        return 0;
    ns->alias_for = mail_namespace_find_prefix(namespaces, ns->set->alias_for);
    if (ns->alias_for == NULL || ns->alias_for == ns)
        return refuse(error_r, "Invalid namespace alias_for: %s", ns->set->alias_for);
    if (ns->alias_for->set->alias_for != NULL)
        return refuse(error_r, "Chained namespace alias_for: %s", ns->set->alias_for);
    ns->alias_chain_next = ns->alias_for->alias_chain_next;
    ns->alias_for->alias_chain_next = ns;
    return 0;
}

int mail_namespaces_check(struct mail_namespace *namespaces, const char **error_r)
{
    char root_sep = mail_namespaces_get_root_sep(namespaces);

    for (struct mail_namespace *ns = namespaces; ns != NULL; ns = ns->next) {
        if (check_one(ns, root_sep, error_r) < 0)
            return -1;
    }
    if (check_counts(namespaces, error_r) < 0)
        return -1;
    for (struct mail_namespace *ns = namespaces; ns != NULL; ns = ns->next) {
        if (connect_alias(ns, namespaces, error_r) < 0)
            return -1;
    }
    return 0;
}
