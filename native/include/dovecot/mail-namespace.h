/*
 * A namespace (RFC 2342): a part of a user's tree of mailboxes, with a prefix, a separator, a
 * mailbox list and a storage.
 *
 * vname: the name of a mailbox as the user sees it: UTF-8, with the namespace's prefix and
 * separator.
 */
#ifndef MAIL_NAMESPACE_H
#define MAIL_NAMESPACE_H

#include "mail-user.h"

struct mail_storage_callbacks;

enum mail_namespace_type {
    MAIL_NAMESPACE_TYPE_PRIVATE = 0x01,
    MAIL_NAMESPACE_TYPE_SHARED = 0x02,
    MAIL_NAMESPACE_TYPE_PUBLIC = 0x04
};
#define MAIL_NAMESPACE_TYPE_MASK_ALL \
    (MAIL_NAMESPACE_TYPE_PRIVATE | MAIL_NAMESPACE_TYPE_SHARED | MAIL_NAMESPACE_TYPE_PUBLIC)

enum namespace_flags {
    NAMESPACE_FLAG_INBOX_USER = 0x01, /**< the user's INBOX is here */
    NAMESPACE_FLAG_INBOX_ANY = 0x02,  /**< someone's INBOX is here */
    NAMESPACE_FLAG_HIDDEN = 0x04,
    NAMESPACE_FLAG_LIST_PREFIX = 0x08,
    NAMESPACE_FLAG_LIST_CHILDREN = 0x10,
    NAMESPACE_FLAG_SUBSCRIPTIONS = 0x20, /**< keeps its own subscriptions */

    NAMESPACE_FLAG_AUTOCREATED = 0x1000, /**< by the core, not by the configuration */
    NAMESPACE_FLAG_USABLE = 0x2000,
    NAMESPACE_FLAG_UNUSABLE = 0x4000,
    NAMESPACE_FLAG_NOQUOTA = 0x8000,
    NAMESPACE_FLAG_NOACL = 0x10000
};

#define NAMESPACE_FLAG_INBOX_ANY_MASK (NAMESPACE_FLAG_INBOX_USER | NAMESPACE_FLAG_INBOX_ANY)

struct mail_namespace {
    struct mail_namespace *next; /**< in the order of prefix lengths */
    int refcount;

    enum mail_namespace_type type;
    enum namespace_flags flags;

    char *prefix;
    size_t prefix_len;

    /** The namespace that this one is another name of, and the next one that is; or NULL. */
    struct mail_namespace *alias_for;
    struct mail_namespace *alias_chain_next;

    struct mail_user *user;  /**< who uses it */
    struct mail_user *owner; /**< whose mails they are; NULL for public ones */
    struct mailbox_list *list;
    struct mail_storage *storage; /**< the first one added */
    ARRAY(struct mail_storage *) all_storages;

    const struct mail_namespace_settings *set, *unexpanded_set;
    const struct mail_storage_settings *mail_set;
    const struct mail_user_settings *user_set;

    bool special_use_mailboxes : 1; /**< some mailbox here has a special use */
    bool destroyed : 1;
};

/** Made by the core, and nothing usable was found in it. */
static inline bool mail_namespace_is_removable(const struct mail_namespace *ns)
{
    return (ns->flags & NAMESPACE_FLAG_USABLE) == 0 &&
           (ns->flags & NAMESPACE_FLAG_AUTOCREATED) != 0;
}

/** The INBOX is here, under a prefix that is not its name: it can have no mailboxes below it. */
static inline bool mail_namespace_is_inbox_noinferiors(struct mail_namespace *ns)
{
    return (ns->flags & NAMESPACE_FLAG_INBOX_USER) != 0 && ns->prefix_len > 0 &&
           strncmp(ns->prefix, "INBOX", ns->prefix_len - 1) != 0;
}

DOVECOT_API_BEGIN

/** Makes a user's namespaces from its settings, checks them and calls the hooks. 0, or -1. */
int mail_namespaces_init(struct mail_user *user, const char **error_r);
/** The same with one namespace at `location`, or with one that holds nothing. */
int mail_namespaces_init_location(struct mail_user *user, const char *location,
                                  const char **error_r);
struct mail_namespace *mail_namespaces_init_empty(struct mail_user *user);
/** The steps of mail_namespaces_init(). */
int mail_namespace_alloc(struct mail_user *user, void *user_all_settings,
                         struct mail_namespace_settings *ns_set,
                         struct mail_namespace_settings *unexpanded_set,
                         struct mail_namespace **ns_r, const char **error_r);
int mail_namespaces_init_add(struct mail_user *user, struct mail_namespace_settings *ns_set,
                             struct mail_namespace_settings *unexpanded_ns_set,
                             struct mail_namespace **ns_p, const char **error_r);
int mail_namespaces_init_finish(struct mail_namespace *namespaces, const char **error_r);
void mail_namespace_finish_list_init(struct mail_namespace *ns, struct mailbox_list *list);
void mail_namespaces_deinit(struct mail_namespace **namespaces);
void mail_namespaces_set_storage_callbacks(struct mail_namespace *namespaces,
                                           struct mail_storage_callbacks *callbacks, void *context);

void mail_namespace_ref(struct mail_namespace *ns);
void mail_namespace_unref(struct mail_namespace **ns);
/** Connects a storage; the first becomes ns->storage. Calls mail_namespace_storage_added. */
void mail_namespace_add_storage(struct mail_namespace *ns, struct mail_storage *storage);
void mail_namespace_destroy(struct mail_namespace *ns);
struct mail_storage *mail_namespace_get_default_storage(struct mail_namespace *ns);
/** The separator that users see; one for all namespaces that are listed. */
char mail_namespace_get_sep(struct mail_namespace *ns);
char mail_namespaces_get_root_sep(struct mail_namespace *namespaces);

/** The namespace of a vname, by the longest prefix. Never NULL. */
struct mail_namespace *mail_namespace_find(struct mail_namespace *namespaces, const char *mailbox);
/** Follows alias_for, and changes the vname to the name there. */
struct mail_namespace *mail_namespace_find_unalias(struct mail_namespace *namespaces,
                                                   const char **mailbox);
/**
 * As mail_namespace_find() among those that are not hidden, that do or do not keep subscriptions;
 * NULL.
 */
struct mail_namespace *mail_namespace_find_visible(struct mail_namespace *namespaces,
                                                   const char *mailbox);
struct mail_namespace *mail_namespace_find_subscribable(struct mail_namespace *namespaces,
                                                        const char *mailbox);
struct mail_namespace *mail_namespace_find_unsubscribable(struct mail_namespace *namespaces,
                                                          const char *mailbox);
/** The namespace with the user's INBOX. Never NULL. */
struct mail_namespace *mail_namespace_find_inbox(struct mail_namespace *namespaces);
/** The namespace with exactly this prefix, with and without the separator at its end; NULL. */
struct mail_namespace *mail_namespace_find_prefix(struct mail_namespace *namespaces,
                                                  const char *prefix);
struct mail_namespace *mail_namespace_find_prefix_nosep(struct mail_namespace *namespaces,
                                                        const char *prefix);
bool mail_namespace_is_shared_user_root(struct mail_namespace *ns);

DOVECOT_API_END

/** All mailboxes of the namespace are below the INBOX by name ("INBOX/"). */
static inline bool mail_namespace_prefix_is_inbox(struct mail_namespace *ns)
{
    return (ns->flags & NAMESPACE_FLAG_INBOX_USER) != 0 && ns->prefix_len == 6 &&
           strncasecmp(ns->prefix, "INBOX", 5) == 0 && ns->prefix[5] == mail_namespace_get_sep(ns);
}

#endif
