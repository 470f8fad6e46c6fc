/*
 * From a namespace's location to its mailbox list and its storage.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "mailbox/attributes.h"
#include "mailbox/raw-storage.h"
#include "maildir/register.h"
#include "model/storages.h"

#include <sys/stat.h>

/* ---- All kinds ----------------------------------------------------------------------------- */

void mail_storage_init(void)
{
    mailbox_lists_init();
    mailbox_attributes_init();
}

void mail_storage_deinit(void)
{
    mailbox_attributes_deinit();
    mailbox_lists_deinit();
}

void mail_storage_register_all(void)
{
    mailbox_list_register_all();
    if (mail_storage_find_class("maildir") != NULL)
        return;
    maildir_register();
    raw_storage_register();
    fail_storage_register();
    shared_storage_register();
}

/* ---- Which kind ---------------------------------------------------------------------------- */

static const char *not_detected(const struct mail_namespace *ns, const char *data)
{
    const char *home;

    if (data != NULL && *data != '\0')
        return t_strdup_printf("Ambiguous mail location setting, don't know what to do with it: %s "
                               "(try prefixing it with maildir:)",
                               data);
    if (mail_user_get_home(ns->user, &home) <= 0)
        home = "(not set)";
    return t_strdup_printf(
        "mail_location is not set, and no mails were found in the home directory "
        "%s of user %s",
        home, ns->user->username);
}

/* "driver:rest" in two; a path alone says nothing about the driver. */
static void split_driver(const char **data, const char **driver)
{
    const char *end;

    if (*driver != NULL || *data == NULL)
        return;
    end = strchr(*data, ':');
    if (end == NULL || strchr("/~", **data) != NULL)
        return;
    *driver = t_strdup_until(*data, end);
    *data = end + 1;
}

static bool needs_root(const struct mail_storage *storage_class,
                       const struct mailbox_list_settings *set)
{
    const struct mailbox_list *list;

    if ((storage_class->class_flags & MAIL_STORAGE_CLASS_FLAG_NO_ROOT) != 0)
        return FALSE;
    list = set->layout == NULL ? NULL : mailbox_list_find_class(set->layout);
    return list == NULL || (list->props & MAILBOX_LIST_PROP_NO_ROOT) == 0;
}

static const struct mail_storage *choose_class(struct mail_namespace *ns, const char *driver,
                                               const char *data, enum mail_storage_flags flags,
                                               struct mailbox_list_settings *set,
                                               const char **error_r)
{
    const struct mail_storage *storage_class = NULL;
    bool no_root = set->root_dir == NULL || *set->root_dir == '\0';

    if (driver != NULL && strcmp(driver, "auto") != 0) {
        storage_class = mail_user_get_storage_class(ns->user, driver);
        if (storage_class == NULL) {
            *error_r = t_strdup_printf("Unknown mail storage driver %s", driver);
            return NULL;
        }
        if (no_root && needs_root(storage_class, set)) {
            if ((flags & MAIL_STORAGE_FLAG_NO_AUTODETECTION) == 0 &&
                storage_class->v.autodetect != NULL && storage_class->v.autodetect(ns, set))
                return storage_class;
            *error_r = t_strdup_printf("Root mail directory not given for driver %s", driver);
            return NULL;
        }
    } else if ((flags & MAIL_STORAGE_FLAG_NO_AUTODETECTION) == 0) {
        storage_class = mail_storage_autodetect_class(ns, set);
    }
    if (storage_class == NULL)
        *error_r = not_detected(ns, data);
    return storage_class;
}

/* ---- The list ------------------------------------------------------------------------------ */

/* The root must be there before plugins and mailboxes look for it. */
static int check_root(struct mailbox_list *list, enum mail_storage_flags flags,
                      const char **error_r)
{
    const char *root;
    struct stat st;

    if ((flags & MAIL_STORAGE_FLAG_NO_AUTOVERIFY) != 0 ||
        !mailbox_list_get_root_path(list, MAILBOX_LIST_PATH_TYPE_MAILBOX, &root))
        return 0;
    if (stat(root, &st) == 0) {
        if (S_ISDIR(st.st_mode) || (list->flags & MAILBOX_LIST_FLAG_MAILBOX_FILES) != 0)
            return 0;
        *error_r = t_strdup_printf("Root mail directory is a file: %s", root);
        return -1;
    }
    if (errno == EACCES) {
        *error_r = mail_error_eacces_msg("stat", root);
        return -1;
    }
    if (errno != ENOENT) {
        *error_r = t_strdup_printf("stat(%s) failed: %s", root, strerror(errno));
        return -1;
    }
    if ((flags & MAIL_STORAGE_FLAG_NO_AUTOCREATE) != 0) {
        *error_r = t_strdup_printf("Root mail directory doesn't exist: %s", root);
        return -1;
    }
    return mailbox_list_try_mkdir_root(list, root, MAILBOX_LIST_PATH_TYPE_MAILBOX, error_r);
}

static int make_list(struct mail_namespace *ns, const struct mail_storage *storage_class,
                     const struct mailbox_list_settings *set, enum mail_storage_flags flags,
                     const char **error_r)
{
    enum mailbox_list_flags list_flags = 0;
    struct mailbox_list *list;

    if ((storage_class->class_flags & MAIL_STORAGE_CLASS_FLAG_MAILBOX_IS_FILE) != 0)
        list_flags |= MAILBOX_LIST_FLAG_MAILBOX_FILES;
    if ((storage_class->class_flags & MAIL_STORAGE_CLASS_FLAG_NO_ROOT) != 0)
        list_flags |= MAILBOX_LIST_FLAG_NO_MAIL_FILES;
    if ((storage_class->class_flags & MAIL_STORAGE_CLASS_FLAG_NO_LIST_DELETES) != 0)
        list_flags |= MAILBOX_LIST_FLAG_NO_DELETES;
    if (mailbox_list_create(set->layout, ns, set, list_flags, &list, error_r) < 0) {
        *error_r = t_strdup_printf("Mailbox list driver %s: %s", set->layout, *error_r);
        return -1;
    }
    if ((storage_class->class_flags & MAIL_STORAGE_CLASS_FLAG_NO_ROOT) != 0)
        return 0;
    return check_root(list, flags, error_r);
}

/* ---- Both ---------------------------------------------------------------------------------- */

int mail_storage_create_full(struct mail_namespace *ns, const char *driver, const char *data,
                             enum mail_storage_flags flags, struct mail_storage **storage_r,
                             const char **error_r)
{
    const struct mail_storage *storage_class;
    struct mailbox_list_settings set;
    struct mail_storage *storage;
    const char *location = data;

    split_driver(&data, &driver);
    mailbox_list_settings_init_defaults(&set);
    if (data != NULL && mailbox_list_settings_parse(ns->user, data, &set, error_r) < 0)
        return -1;
    storage_class = choose_class(ns, driver, location, flags, &set, error_r);
    if (storage_class == NULL)
        return -1;
    if (storage_class->v.get_list_settings != NULL)
        storage_class->v.get_list_settings(ns, &set);
    if (set.layout == NULL)
        set.layout = MAILBOX_LIST_NAME_FS;
    if (set.subscription_fname == NULL)
        set.subscription_fname = "subscriptions";
    if (ns->list == NULL && make_list(ns, storage_class, &set, flags, error_r) < 0)
        return -1;

    storage = mail_storage_find_shareable(ns->user, storage_class, &set);
    if (storage != NULL)
        storage->refcount++;
    else if ((storage = mail_storage_make(ns, storage_class, flags, error_r)) == NULL)
        return -1;
    mail_namespace_add_storage(ns, storage);
    *storage_r = storage;
    return 0;
}

int mail_storage_create(struct mail_namespace *ns, const char *driver,
                        enum mail_storage_flags flags, const char **error_r)
{
    struct mail_storage *storage;

    return mail_storage_create_full(ns, driver, ns->set->location, flags, &storage, error_r);
}
