/*
 * Storages: which kinds there are, and the ones of a user, each shared by all namespaces it can
 * serve.
 */
#include "lib.h"

#include "array.h"
#include "lib-event.h"
#include "llist.h"
#include "mail-storage-private.h"
#include "model/hooks.h"
#include "model/storages.h"
#include "str.h"

struct event_category event_category_storage = {.name = "storage"};

static ARRAY(struct mail_storage *) classes;

/* ---- Kinds of storages --------------------------------------------------------------------- */

static void free_classes(void)
{
    array_free(&classes);
}

static void need_classes(void)
{
    if (array_is_created(&classes))
        return;
    i_array_init(&classes, 8);
    lib_atexit(free_classes);
}

void mail_storage_class_register(struct mail_storage *storage_class)
{
    i_assert(mail_storage_find_class(storage_class->name) == NULL);
    array_push_back(&classes, &storage_class);
}

void mail_storage_class_unregister(struct mail_storage *storage_class)
{
    struct mail_storage *const *known;

    need_classes();
    array_foreach(&classes, known)
    {
        if (*known == storage_class) {
            array_delete(&classes, array_foreach_idx(&classes, known), 1);
            return;
        }
    }
}

struct mail_storage *mail_storage_find_class(const char *name)
{
    struct mail_storage *storage_class;

    need_classes();
    array_foreach_elem(&classes, storage_class)
    {
        if (strcasecmp(storage_class->name, name) == 0)
            return storage_class;
    }
    return NULL;
}

struct mail_storage *mail_user_get_storage_class(struct mail_user *user ATTR_UNUSED,
                                                 const char *name)
{
    return mail_storage_find_class(name);
}

struct mail_storage *mail_storage_autodetect_class(const struct mail_namespace *ns,
                                                   struct mailbox_list_settings *set)
{
    struct mail_storage *storage_class;

    need_classes();
    array_foreach_elem(&classes, storage_class)
    {
        if (storage_class->v.autodetect != NULL && storage_class->v.autodetect(ns, set))
            return storage_class;
    }
    return NULL;
}

/* ---- A user's storages --------------------------------------------------------------------- */

struct mail_storage *mail_storage_find_shareable(struct mail_user *user,
                                                 const struct mail_storage *storage_class,
                                                 const struct mailbox_list_settings *set)
{
    for (struct mail_storage *storage = user->storages; storage != NULL; storage = storage->next) {
        if (storage->storage_class != storage_class)
            continue;
        if ((storage_class->class_flags & MAIL_STORAGE_CLASS_FLAG_UNIQUE_ROOT) == 0 ||
            null_strcmp(storage->unique_root_dir, set->root_dir) == 0)
            return storage;
    }
    return NULL;
}

static void free_storage(struct mail_storage *storage)
{
    pool_t pool = storage->pool;

    mail_storage_clear_error(storage);
    if (array_is_created(&storage->error_stack)) {
        i_assert(array_is_empty(&storage->error_stack));
        array_free(&storage->error_stack);
    }
    event_unref(&storage->event);
    pool_unref(&pool);
}

struct mail_storage *mail_storage_make(struct mail_namespace *ns,
                                       const struct mail_storage *storage_class,
                                       enum mail_storage_flags flags, const char **error_r)
{
    struct mail_storage *storage = storage_class->v.alloc();
    string_t *temp_prefix = t_str_new(128);

    mail_user_set_get_temp_prefix(temp_prefix, ns->user->set);
    storage->refcount = 1;
    storage->storage_class = storage_class;
    storage->user = ns->user;
    storage->set = ns->mail_set;
    storage->flags = flags;
    storage->temp_path_prefix = p_strdup(storage->pool, str_c(temp_prefix));
    p_array_init(&storage->module_contexts, storage->pool, 5);
    storage->event = event_create(ns->user->event);
    event_add_category(storage->event, storage_class->event_category != NULL
                                           ? storage_class->event_category
                                           : &event_category_storage);
    event_add_str(storage->event, "storage", storage->name);

    if (storage->v.create != NULL && storage->v.create(storage, ns, error_r) < 0) {
        free_storage(storage);
        return NULL;
    }
    hook_mail_storage_created(storage);
    i_assert(storage->unique_root_dir != NULL ||
             (storage_class->class_flags & MAIL_STORAGE_CLASS_FLAG_UNIQUE_ROOT) == 0);
    DLLIST_PREPEND(&ns->user->storages, storage);
    return storage;
}

void mail_storage_unref(struct mail_storage **_storage)
{
    struct mail_storage *storage = *_storage;

    *_storage = NULL;
    i_assert(storage->refcount > 0);
    if (--storage->refcount > 0)
        return;
    if (storage->mailboxes != NULL)
        i_panic("Storage %s of user %s ends while mailbox %s is still allocated", storage->name,
                storage->user->username, storage->mailboxes->vname);
    if (storage->obj_refcount > 0)
        i_panic("Storage %s of user %s ends with %d objects not freed", storage->name,
                storage->user->username, storage->obj_refcount);

    DLLIST_REMOVE(&storage->user->storages, storage);
    storage->v.destroy(storage);
    free_storage(storage);
}

void mail_storage_obj_ref(struct mail_storage *storage)
{
    i_assert(storage->refcount > 0);
    /* What is still used keeps the user, and so its namespaces and storages. */
    if (storage->obj_refcount++ == 0)
        mail_user_ref(storage->user);
}

void mail_storage_obj_unref(struct mail_storage *storage)
{
    struct mail_user *user = storage->user;

    i_assert(storage->refcount > 0 && storage->obj_refcount > 0);
    if (--storage->obj_refcount == 0)
        mail_user_unref(&user);
}

/* ---- Asking and telling -------------------------------------------------------------------- */

const struct mail_storage_settings *mail_storage_get_settings(struct mail_storage *storage)
{
    return storage->set;
}

struct mail_user *mail_storage_get_user(struct mail_storage *storage)
{
    return storage->user;
}

void mail_storage_set_callbacks(struct mail_storage *storage,
                                struct mail_storage_callbacks *callbacks, void *context)
{
    storage->callbacks = *callbacks;
    storage->callback_context = context;
}

bool mail_storage_is_mailbox_file(struct mail_storage *storage)
{
    return (storage->class_flags & MAIL_STORAGE_CLASS_FLAG_MAILBOX_IS_FILE) != 0;
}

int mail_storage_purge(struct mail_storage *storage)
{
    mail_storage_clear_error(storage);
    return storage->v.purge == NULL ? 0 : storage->v.purge(storage);
}

unsigned int mail_storage_get_lock_timeout(struct mail_storage *storage, unsigned int secs)
{
    unsigned int most = storage->set->mail_max_lock_timeout;

    return most == 0 ? secs : I_MIN(secs, most);
}
