/*
 * What a mailbox object can say of itself without being opened.
 */
#include "lib.h"

#include "lib-event.h"
#include "mail-storage-private.h"
#include "wildcard-match.h"

struct event_category event_category_mailbox = {
    .parent = &event_category_storage,
    .name = "mailbox",
};

struct mail_storage *mailbox_get_storage(const struct mailbox *box)
{
    return box->storage;
}

struct mail_namespace *mailbox_get_namespace(const struct mailbox *box)
{
    return box->list->ns;
}

const struct mail_storage_settings *mailbox_get_settings(struct mailbox *box)
{
    return box->storage->set;
}

const char *mailbox_get_name(const struct mailbox *box)
{
    return box->name;
}

const char *mailbox_get_vname(const struct mailbox *box)
{
    return box->vname;
}

bool mailbox_is_readonly(struct mailbox *box)
{
    return box->v.is_readonly(box);
}

bool mailbox_is_any_inbox(struct mailbox *box)
{
    return box->inbox_any;
}

bool mailbox_is_inconsistent(struct mailbox *box)
{
    return box->mailbox_deleted || box->v.is_inconsistent(box);
}

bool mailbox_is_autocreated(struct mailbox *box)
{
    if (box->inbox_user || (box->flags & MAILBOX_FLAG_AUTO_CREATE) != 0)
        return true;
    return box->set != NULL && box->set->autocreate != NULL &&
           strcmp(box->set->autocreate, MAILBOX_SET_AUTO_NO) != 0;
}

bool mailbox_is_autosubscribed(struct mailbox *box)
{
    if ((box->flags & MAILBOX_FLAG_AUTO_SUBSCRIBE) != 0)
        return true;
    return box->set != NULL && box->set->autocreate != NULL &&
           strcmp(box->set->autocreate, MAILBOX_SET_AUTO_SUBSCRIBE) == 0;
}

bool mailbox_has_special_use(struct mailbox *box, const char *special_use)
{
    bool found;

    if (box->set == NULL || box->set->special_use == NULL)
        return false;
    T_BEGIN
    {
        found = str_array_icase_find(t_strsplit_spaces(box->set->special_use, " "), special_use);
    }
    T_END;
    return found;
}

bool mailbox_equals(const struct mailbox *box1, const struct mail_namespace *ns2,
                    const char *vname2)
{
    if (mailbox_get_namespace(box1) != ns2)
        return false;
    if (strcmp(box1->vname, vname2) == 0)
        return true;
    return strcasecmp(box1->vname, "INBOX") == 0 && strcasecmp(vname2, "INBOX") == 0;
}

static const struct mail_namespace *unaliased(const struct mailbox *box)
{
    const struct mail_namespace *ns = mailbox_get_namespace(box);

    while (ns->alias_for != NULL)
        ns = ns->alias_for;
    return ns;
}

bool mailbox_backends_equal(const struct mailbox *box1, const struct mailbox *box2)
{
    return strcmp(box1->name, box2->name) == 0 && unaliased(box1) == unaliased(box2);
}

/* Settings name mailboxes without the prefix of their namespace; INBOX never has one. */
static const char *settings_name(struct mail_namespace *ns, const char *vname)
{
    if (ns->prefix_len == 0 || strcmp(vname, "INBOX") == 0 ||
        strncmp(ns->prefix, vname, ns->prefix_len - 1) != 0)
        return vname;
    if (vname[ns->prefix_len - 1] == mail_namespace_get_sep(ns))
        return vname + ns->prefix_len;
    return vname[ns->prefix_len - 1] == '\0' ? "" : vname;
}

const struct mailbox_settings *mailbox_settings_find(struct mail_namespace *ns, const char *vname)
{
    struct mailbox_settings *const *set;
    const struct mailbox_settings *pattern = NULL;
    const char *name;

    if (ns->set == NULL || !array_is_created(&ns->set->mailboxes))
        return NULL;
    name = settings_name(ns, vname);
    array_foreach(&ns->set->mailboxes, set)
    {
        if (strcmp((*set)->name, name) == 0)
            return *set;
        if (pattern == NULL && strpbrk((*set)->name, "*?") != NULL &&
            wildcard_match(name, (*set)->name))
            pattern = *set;
    }
    return pattern;
}
