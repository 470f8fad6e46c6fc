/*
 * Where the core tells plugins what was made. Each call runs the hook of every plugin that is
 * active for the object's user, outermost first, each in a data stack frame of its own; where the
 * object has methods, plugins may override them (hook-build.h).
 */
#ifndef STORAGE_MODEL_HOOKS_H
#define STORAGE_MODEL_HOOKS_H

struct mail;
struct mail_namespace;
struct mail_storage;
struct mail_user;
struct mailbox;
struct mailbox_list;

/** Also fixes which plugins are active for the user, for all its life. */
void hook_mail_user_created(struct mail_user *user);
void hook_mail_namespace_storage_added(struct mail_namespace *ns);
/** These two stop when a plugin has set user->error. */
void hook_mail_namespaces_created(struct mail_namespace *namespaces);
void hook_mail_namespaces_added(struct mail_namespace *namespaces);
void hook_mail_storage_created(struct mail_storage *storage);
void hook_mailbox_list_created(struct mailbox_list *list);
void hook_mailbox_allocated(struct mailbox *box);
void hook_mailbox_opened(struct mailbox *box);
void hook_mail_allocated(struct mail *mail);

#endif
