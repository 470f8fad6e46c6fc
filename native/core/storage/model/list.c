/*
 * Mailbox lists: which kinds there are, and how one is made for a namespace and ended.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "maildir/register.h"
#include "model/hooks.h"
#include "model/lists.h"
#include "model/storages.h"

#include <dirent.h>

static ARRAY(const struct mailbox_list *) classes;

/* ---- Kinds of lists ------------------------------------------------------------------------ */

void mailbox_lists_init(void)
{
    if (!array_is_created(&classes))
        i_array_init(&classes, 8);
}

void mailbox_lists_deinit(void)
{
    array_free(&classes);
}

void mailbox_list_register_all(void)
{
    if (mailbox_list_find_class(MAILBOX_LIST_NAME_NONE) != NULL)
        return;
    maildir_list_register();
    list_none_register();
    shared_list_register();
}

void mailbox_list_register(const struct mailbox_list *list)
{
    i_assert(mailbox_list_find_class(list->name) == NULL);
    array_push_back(&classes, &list);
}

void mailbox_list_unregister(const struct mailbox_list *list)
{
    const struct mailbox_list *const *known;

    array_foreach(&classes, known)
    {
        if (*known == list) {
            array_delete(&classes, array_foreach_idx(&classes, known), 1);
            return;
        }
    }
}

const struct mailbox_list *mailbox_list_find_class(const char *driver)
{
    const struct mailbox_list *list;

    array_foreach_elem(&classes, list)
    {
        if (strcasecmp(list->name, driver) == 0)
            return list;
    }
    return NULL;
}

/* ---- Making and ending --------------------------------------------------------------------- */

static int default_get_storage(struct mailbox_list **list, const char *vname,
                               struct mail_storage **storage_r)
{
    const struct mailbox_settings *set = mailbox_settings_find((*list)->ns, vname);
    struct mail_storage *storage;
    const char *error;

    *storage_r = mail_namespace_get_default_storage((*list)->ns);
    if (set == NULL || *set->driver == '\0')
        return 0;
    array_foreach_elem(&(*list)->ns->all_storages, storage)
    {
        if (strcmp(storage->name, set->driver) == 0) {
            *storage_r = storage;
            return 0;
        }
    }
    if (mail_storage_create_full((*list)->ns, set->driver, (*list)->set.root_dir, 0, storage_r,
                                 &error) == 0)
        return 0;
    mailbox_list_set_critical(*list, "Mailbox %s: storage of driver %s: %s", vname, set->driver,
                              error);
    return -1;
}

static void copy_settings(struct mailbox_list *list, const struct mailbox_list_settings *set)
{
    struct mailbox_list_settings *copy = &list->set;
    const char **texts[] = {&copy->layout,           &copy->root_dir,
                            &copy->index_dir,        &copy->index_pvt_dir,
                            &copy->index_cache_dir,  &copy->control_dir,
                            &copy->alt_dir,          &copy->volatile_dir,
                            &copy->inbox_path,       &copy->subscription_fname,
                            &copy->list_index_fname, &copy->list_index_dir,
                            &copy->maildir_name,     &copy->mailbox_dir_name};

    *copy = *set;
    for (unsigned int i = 0; i < N_ELEMENTS(texts); i++)
        *texts[i] = p_strdup(list->pool, *texts[i]);
}

static const struct mailbox_list *find_fitting_class(const char *driver,
                                                     const struct mailbox_list_settings *set,
                                                     const char **error_r)
{
    const struct mailbox_list *list_class = mailbox_list_find_class(driver);

    if (list_class == NULL) {
        *error_r = "Unknown driver name";
    } else if ((list_class->props & MAILBOX_LIST_PROP_NO_MAILDIR_NAME) != 0 &&
               *set->maildir_name != '\0') {
        *error_r = "DIRNAME not supported by this driver";
        return NULL;
    } else if ((list_class->props & MAILBOX_LIST_PROP_NO_ALT_DIR) != 0 && set->alt_dir != NULL) {
        *error_r = "ALT not supported by this driver";
        return NULL;
    }
    return list_class;
}

int mailbox_list_create(const char *driver, struct mail_namespace *ns,
                        const struct mailbox_list_settings *set, enum mailbox_list_flags flags,
                        struct mailbox_list **list_r, const char **error_r)
{
    const struct mailbox_list *list_class = find_fitting_class(driver, set, error_r);
    struct mailbox_list *list;

    if (list_class == NULL)
        return -1;
    i_assert(ns->list == NULL || (flags & MAILBOX_LIST_FLAG_SECONDARY) != 0);
    list = list_class->v.alloc();
    p_array_init(&list->module_contexts, list->pool, 5);
    list->ns = ns;
    list->mail_set = ns->mail_set;
    list->flags = flags;
    list->root_permissions.file_create_mode = (mode_t)-1;
    list->root_permissions.dir_create_mode = (mode_t)-1;
    list->root_permissions.file_create_gid = (gid_t)-1;
    if (list->mailbox_name_max_length == 0)
        list->mailbox_name_max_length = MAILBOX_LIST_NAME_MAX_LENGTH;
    copy_settings(list, set);
    if (list->v.get_storage == NULL)
        list->v.get_storage = default_get_storage;
    if (list->v.init != NULL && list->v.init(list, error_r) < 0) {
        mailbox_list_destroy(&list);
        return -1;
    }
    if ((flags & MAILBOX_LIST_FLAG_SECONDARY) == 0)
        mail_namespace_finish_list_init(ns, list);
    *list_r = list;
    hook_mailbox_list_created(list);
    return 0;
}

void mailbox_list_destroy(struct mailbox_list **_list)
{
    struct mailbox_list *list = *_list;

    *_list = NULL;
    mailbox_list_clear_error(list);
    if (array_is_created(&list->error_stack)) {
        i_assert(array_is_empty(&list->error_stack));
        array_free(&list->error_stack);
    }
    i_assert(list->lock_refcount == 0);
    pool_unref(&list->subscriptions_pool);
    list->v.deinit(list);
}

/* ---- Asking -------------------------------------------------------------------------------- */

const char *mailbox_list_get_driver_name(const struct mailbox_list *list)
{
    return list->name;
}

const struct mailbox_list_settings *mailbox_list_get_settings(const struct mailbox_list *list)
{
    return &list->set;
}

enum mailbox_list_flags mailbox_list_get_flags(const struct mailbox_list *list)
{
    return list->flags;
}

struct mail_namespace *mailbox_list_get_namespace(const struct mailbox_list *list)
{
    return list->ns;
}

struct mail_user *mailbox_list_get_user(const struct mailbox_list *list)
{
    return list->ns->user;
}

int mailbox_list_get_storage(struct mailbox_list **list, const char *vname,
                             struct mail_storage **storage_r)
{
    return (*list)->v.get_storage(list, vname, storage_r);
}

void mailbox_list_get_default_storage(struct mailbox_list *list, struct mail_storage **storage)
{
    *storage = mail_namespace_get_default_storage(list->ns);
}

char mailbox_list_get_hierarchy_sep(struct mailbox_list *list)
{
    return list->v.get_hierarchy_sep(list);
}

const char *mailbox_list_get_temp_prefix(struct mailbox_list *list)
{
    return list->v.get_temp_prefix(list, FALSE);
}

const char *mailbox_list_get_global_temp_prefix(struct mailbox_list *list)
{
    return list->v.get_temp_prefix(list, TRUE);
}

enum mailbox_list_file_type mailbox_list_get_file_type(const struct dirent *d)
{
    switch (d->d_type) {
    case DT_UNKNOWN:
        return MAILBOX_LIST_FILE_TYPE_UNKNOWN;
    case DT_REG:
        return MAILBOX_LIST_FILE_TYPE_FILE;
    case DT_DIR:
        return MAILBOX_LIST_FILE_TYPE_DIR;
    case DT_LNK:
        return MAILBOX_LIST_FILE_TYPE_SYMLINK;
    default:
        return MAILBOX_LIST_FILE_TYPE_OTHER;
    }
}

/* ---- Changing ------------------------------------------------------------------------------ */

int mailbox_list_set_subscribed(struct mailbox_list *list, const char *name, bool set)
{
    int ret;

    mailbox_list_clear_error(list);
    ret = list->v.set_subscribed(list, name, set);
    list->subscriptions_mtime = (time_t)-1; /* read again when asked */
    return ret < 0 ? -1 : 0;
}

static int check_deletable(struct mailbox_list *list, const char *name)
{
    const char *error;

    mailbox_list_clear_error(list);
    if (*name != '\0' && mailbox_list_is_valid_name(list, name, &error))
        return 0;
    mailbox_list_set_error(list, MAIL_ERROR_PARAMS, "Invalid mailbox name");
    return -1;
}

int mailbox_list_delete_dir(struct mailbox_list *list, const char *name)
{
    return check_deletable(list, name) < 0 ? -1 : list->v.delete_dir(list, name);
}

int mailbox_list_delete_symlink(struct mailbox_list *list, const char *name)
{
    return check_deletable(list, name) < 0 ? -1 : list->v.delete_symlink(list, name);
}
