/*
 * The two lists of Maildirs, as their files share them.
 *
 * maildir++: the root is INBOX, every other mailbox is a directory of it called `.A.B`. fs: a tree of
 * directories `A/B`, some of which have cur/, new/ and tmp/ (in a directory of its own with DIRNAME).
 */
#ifndef MAILDIR_LIST_H
#define MAILDIR_LIST_H

#include "array.h"
#include "lib.h"
#include "mailbox-list-private.h"

/** Whether a list keeps mailboxes as directories in each other. */
static inline bool maildir_list_is_tree(const struct mailbox_list *list)
{
    return strcmp(list->name, MAILBOX_LIST_NAME_FS) == 0;
}

/** Sets the error for errno: to the client what it may know, else to the log. Always -1. */
int maildir_list_failed(struct mailbox_list *list, const char *syscall, const char *path);
/** fsyncs a directory of the list, if mails are synced at all. 0, or -1 with the list's error. */
int maildir_list_sync_directory(struct mailbox_list *list, const char *path);

/* ---- list-paths.c ------------------------------------------------------------------------------ */

int maildir_list_get_path(struct mailbox_list *list, const char *name,
                          enum mailbox_list_path_type type, const char **path_r);
int maildir_list_get_mailbox_flags(struct mailbox_list *list, const char *dir, const char *fname,
                                   enum mailbox_list_file_type type,
                                   enum mailbox_info_flags *flags_r);
bool maildir_list_is_internal_name(struct mailbox_list *list, const char *name);

/* ---- list-scan.c ------------------------------------------------------------------------------- */

struct maildir_list_entry {
    const char *vname;
    enum mailbox_info_flags flags;
};
ARRAY_DEFINE_TYPE(maildir_list_entry, struct maildir_list_entry);

/** Adds all mailboxes that are there, in any order, in the pool. 0, or -1 with the list's error. */
int maildir_list_scan(struct mailbox_list *list, pool_t pool,
                      ARRAY_TYPE(maildir_list_entry) * entries);

/* ---- list-iter.c ------------------------------------------------------------------------------- */

struct mailbox_list_iterate_context *maildir_list_iter_init(struct mailbox_list *list,
                                                            const char *const *patterns,
                                                            enum mailbox_list_iter_flags flags);
const struct mailbox_info *maildir_list_iter_next(struct mailbox_list_iterate_context *ctx);
int maildir_list_iter_deinit(struct mailbox_list_iterate_context *ctx);

/* ---- list-delete.c, list-rename.c --------------------------------------------------------------- */

int maildir_list_delete_mailbox(struct mailbox_list *list, const char *name);
int maildir_list_delete_dir(struct mailbox_list *list, const char *name);
int maildir_list_delete_symlink(struct mailbox_list *list, const char *name);
int maildir_list_rename_mailbox(struct mailbox_list *oldlist, const char *oldname,
                                struct mailbox_list *newlist, const char *newname);

/* ---- subscriptions.c --------------------------------------------------------------------------- */

int maildir_list_subscriptions_refresh(struct mailbox_list *src_list,
                                       struct mailbox_list *dest_list);
int maildir_list_set_subscribed(struct mailbox_list *list, const char *name, bool set);

#endif
