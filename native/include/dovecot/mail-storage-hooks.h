/*
 * The nine storage events that a plugin can subscribe to, and how it does.
 *
 * A hook is called right after the object it names was made, for every plugin in the order of
 * their file names, so that plugins can put themselves before the object's methods. The state of
 * the objects at each event is told in docs/storage-plugins.md. Data stack memory of a hook is
 * gone when it returns.
 */
#ifndef MAIL_STORAGE_HOOKS_H
#define MAIL_STORAGE_HOOKS_H

struct mail;
struct mail_namespace;
struct mail_storage;
struct mail_user;
struct mailbox;
struct mailbox_list;
struct module;

/** Any of them may be NULL. */
struct mail_storage_hooks {
    /** A user was made; it has no namespaces yet. Set user->error to refuse it. */
    void (*mail_user_created)(struct mail_user *user);
    /**
     * A storage was connected to a namespace: once for each namespace, and for each further
     * storage of it. With the first one ns->list->vlast is valid: methods of the list can be
     * overridden here too.
     */
    void (*mail_namespace_storage_added)(struct mail_namespace *ns);
    /** All namespaces of a new user are there. */
    void (*mail_namespaces_created)(struct mail_namespace *namespaces);
    /** Namespaces were added, to a new user or later. */
    void (*mail_namespaces_added)(struct mail_namespace *namespaces);
    /** A storage was made; it belongs to no namespace yet. */
    void (*mail_storage_created)(struct mail_storage *storage);
    /** A mailbox list was made; it has no storage yet. */
    void (*mailbox_list_created)(struct mailbox_list *list);
    /** mailbox_alloc() was called: often, and inside other mailboxes' methods too. */
    void (*mailbox_allocated)(struct mailbox *box);
    /** The mailbox was opened, or opened again; vlast is NULL. */
    void (*mailbox_opened)(struct mailbox *box);
    /** mail_alloc() was called. One mail object serves many messages. */
    void (*mail_allocated)(struct mail *mail);
};

DOVECOT_API_BEGIN

/**
 * Subscribes a plugin, from its init function. `hooks` is kept, not copied. Users that exist
 * already are not affected; users whose settings do not name the plugin are not either.
 */
void mail_storage_hooks_add(struct module *module, const struct mail_storage_hooks *hooks);
/** The same for every user, whatever its settings name. */
void mail_storage_hooks_add_forced(struct module *module, const struct mail_storage_hooks *hooks);
/** Ends a subscription, from the plugin's deinit function. `hooks` must have been added. */
void mail_storage_hooks_remove(const struct mail_storage_hooks *hooks);

/** For the core itself: after all plugins, so next to the storage. */
void mail_storage_hooks_add_internal(const struct mail_storage_hooks *hooks);
void mail_storage_hooks_remove_internal(const struct mail_storage_hooks *hooks);

DOVECOT_API_END

#endif
