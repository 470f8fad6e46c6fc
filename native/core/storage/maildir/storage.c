/*
 * The storage class "maildir": one object serves all of a user's Maildirs.
 */
#include "maildir/mailbox.h"
#include "maildir/register.h"

#include <sys/stat.h>

static struct event_category event_category_maildir = {.parent = &event_category_storage,
                                                       .name = MAILDIR_STORAGE_NAME};

static struct mail_storage *alloc(void)
{
    pool_t pool = pool_alloconly_create("maildir storage", 768);
    struct mail_storage *storage = p_new(pool, struct mail_storage, 1);

    *storage = maildir_storage;
    storage->pool = pool;
    return storage;
}

static void destroy(struct mail_storage *storage ATTR_UNUSED)
{
    /* the model frees it with its pool */
}

static void get_list_settings(const struct mail_namespace *ns, struct mailbox_list_settings *set)
{
    if (set->layout == NULL)
        set->layout = MAILBOX_LIST_NAME_MAILDIRPLUSPLUS;
    if (set->subscription_fname == NULL)
        set->subscription_fname = MAILDIR_SUBSCRIPTIONS_NAME;
    /* the root itself is INBOX, unless mails lie in directories of their own */
    if (set->inbox_path == NULL && *set->maildir_name == '\0' &&
        (ns->flags & NAMESPACE_FLAG_INBOX_ANY_MASK) != 0)
        set->inbox_path = set->root_dir;
}

static bool is_maildir(const char *path)
{
    struct stat st;

    return stat(t_strconcat(path, "/cur", NULL), &st) == 0 && S_ISDIR(st.st_mode);
}

/* Where Maildirs usually are. */
static bool autodetect(const struct mail_namespace *ns, struct mailbox_list_settings *set)
{
    const char *home, *const names[] = {"mail", "Maildir"}, *path;

    if (set->root_dir != NULL && *set->root_dir != '\0')
        return is_maildir(set->root_dir);
    if (mail_user_get_home(ns->user, &home) <= 0)
        return FALSE;
    for (unsigned int i = 0; i < N_ELEMENTS(names); i++) {
        path = t_strconcat(home, "/", names[i], NULL);
        if (is_maildir(path)) {
            set->root_dir = path;
            return TRUE;
        }
    }
    return FALSE;
}

struct mail_storage maildir_storage = {
    .name = MAILDIR_STORAGE_NAME,
    .class_flags = MAIL_STORAGE_CLASS_FLAG_FILE_PER_MSG | MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_GUIDS |
                   MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_SAVE_GUIDS |
                   MAIL_STORAGE_CLASS_FLAG_BINARY_DATA,
    .event_category = &event_category_maildir,
    .v = {.alloc = alloc,
          .destroy = destroy,
          .get_list_settings = get_list_settings,
          .autodetect = autodetect,
          .mailbox_alloc = maildir_mailbox_alloc},
};

void maildir_register(void)
{
    mail_storage_class_register(&maildir_storage);
}
