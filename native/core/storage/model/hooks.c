/*
 * Which plugins listen, in which order, for which user.
 *
 * The order is that of the plugins' file names; the core's own hooks come last, next to the
 * storage. What a user gets is fixed when the user is made: two users of one process can have
 * different chains.
 */
#include "model/hooks.h"

#include "array.h"
#include "mail-storage-private.h"
#include "model/hook-build.h"
#include "model/modules.h"
#include "module-dir.h"

struct subscription {
    struct module *module;
    const struct mail_storage_hooks *hooks;
    bool forced;
};

static ARRAY(struct subscription) subscriptions;
static ARRAY(const struct mail_storage_hooks *) internal_hooks;

/* ---- Subscribing --------------------------------------------------------------------------- */

static void free_subscriptions(void)
{
    array_free(&subscriptions);
    array_free(&internal_hooks);
}

static void need_subscriptions(void)
{
    if (array_is_created(&subscriptions))
        return;
    i_array_init(&subscriptions, 32);
    i_array_init(&internal_hooks, 4);
    lib_atexit(free_subscriptions);
}

/* Behind all whose files come before, and behind earlier ones of the same file. */
static void subscribe(struct module *module, const struct mail_storage_hooks *hooks, bool forced)
{
    struct subscription added = {.module = module, .hooks = hooks, .forced = forced};
    const struct subscription *other;
    unsigned int place = 0;

    need_subscriptions();
    array_foreach(&subscriptions, other)
    {
        if (strcmp(modules_sort_key(other->module), modules_sort_key(module)) > 0)
            break;
        place++;
    }
    array_insert(&subscriptions, place, &added, 1);
}

void mail_storage_hooks_add(struct module *module, const struct mail_storage_hooks *hooks)
{
    i_assert(module != NULL && hooks != NULL);
    subscribe(module, hooks, modules_is_builtin(module));
}

void mail_storage_hooks_add_forced(struct module *module, const struct mail_storage_hooks *hooks)
{
    i_assert(module != NULL && hooks != NULL);
    subscribe(module, hooks, TRUE);
}

void mail_storage_hooks_remove(const struct mail_storage_hooks *hooks)
{
    const struct subscription *subscription;

    need_subscriptions();
    array_foreach(&subscriptions, subscription)
    {
        if (subscription->hooks != hooks)
            continue;
        array_delete(&subscriptions, array_foreach_idx(&subscriptions, subscription), 1);
        return;
    }
    i_panic("mail_storage_hooks_remove(): these hooks were never added");
}

void mail_storage_hooks_add_internal(const struct mail_storage_hooks *hooks)
{
    i_assert(hooks != NULL);
    need_subscriptions();
    array_push_back(&internal_hooks, &hooks);
}

void mail_storage_hooks_remove_internal(const struct mail_storage_hooks *hooks)
{
    const struct mail_storage_hooks *const *known;

    need_subscriptions();
    array_foreach(&internal_hooks, known)
    {
        if (*known != hooks)
            continue;
        array_delete(&internal_hooks, array_foreach_idx(&internal_hooks, known), 1);
        return;
    }
    i_panic("mail_storage_hooks_remove_internal(): these hooks were never added");
}

/* ---- A user's own hooks -------------------------------------------------------------------- */

static void user_add_hooks(struct mail_user *user, const struct mail_storage_hooks *hooks,
                           struct module *module)
{
    array_push_back(&user->hooks, &hooks);
    array_push_back(&user->hook_modules, &module);
}

static void user_choose_hooks(struct mail_user *user)
{
    const struct subscription *subscription;
    const struct mail_storage_hooks *hooks;

    need_subscriptions();
    p_array_init(&user->hooks, user->pool, 16);
    p_array_init(&user->hook_modules, user->pool, 16);
    array_foreach(&subscriptions, subscription)
    {
        if (subscription->forced || mail_user_is_plugin_loaded(user, subscription->module))
            user_add_hooks(user, subscription->hooks, subscription->module);
    }
    array_foreach_elem(&internal_hooks, hooks) user_add_hooks(user, hooks, NULL);
}

/* ---- Calling ------------------------------------------------------------------------------- */

/* Runs a hook of all plugins of a user. `go_on` is asked before each. */
#define CALL_HOOKS(user, hook, object, go_on)     \
    STMT_START                                    \
    {                                             \
        const struct mail_storage_hooks *hooks;   \
                                                  \
        array_foreach_elem(&(user)->hooks, hooks) \
        {                                         \
            if (!(go_on))                         \
                break;                            \
            if (hooks->hook == NULL)              \
                continue;                         \
            T_BEGIN                               \
            {                                     \
                hooks->hook(object);              \
            }                                     \
            T_END;                                \
        }                                         \
    }                                             \
    STMT_END

/* The same where plugins may override the methods of `owner`. */
#define CALL_HOOKS_BUILDING(user, kind, owner, hook, object)                                    \
    T_BEGIN                                                                                     \
    {                                                                                           \
        unsigned int hook_count;                                                                \
        const struct mail_storage_hooks *const *hooks = array_get(&(user)->hooks, &hook_count); \
        struct module *const *modules = array_get(&(user)->hook_modules, &hook_count);          \
        struct hook_build *build =                                                              \
            hook_build_begin(&(kind), &(owner)->v, &(owner)->vlast, hook_count);                \
                                                                                                \
        for (unsigned int hook_nr = 0; hook_nr < hook_count; hook_nr++) {                       \
            if (hooks[hook_nr]->hook == NULL)                                                   \
                continue;                                                                       \
            hook_build_before(build);                                                           \
            T_BEGIN                                                                             \
            {                                                                                   \
                hooks[hook_nr]->hook(object);                                                   \
            }                                                                                   \
            T_END;                                                                              \
            hook_build_after(build, modules[hook_nr]);                                          \
        }                                                                                       \
        hook_build_end(build);                                                                  \
    }                                                                                           \
    T_END

void hook_mail_user_created(struct mail_user *user)
{
    user_choose_hooks(user);
    CALL_HOOKS_BUILDING(user, hook_build_kind_user, user, mail_user_created, user);
}

void hook_mail_namespace_storage_added(struct mail_namespace *ns)
{
    struct mail_user *user = ns->user;

    /* The list's methods can be overridden once: a plugin has one place for what it found. */
    if (array_count(&ns->all_storages) == 1)
        CALL_HOOKS_BUILDING(user, hook_build_kind_list, ns->list, mail_namespace_storage_added, ns);
    else
        CALL_HOOKS(user, mail_namespace_storage_added, ns, TRUE);
}

void hook_mail_namespaces_created(struct mail_namespace *namespaces)
{
    struct mail_user *user = namespaces->user;

    CALL_HOOKS(user, mail_namespaces_created, namespaces, user->error == NULL);
}

void hook_mail_namespaces_added(struct mail_namespace *namespaces)
{
    struct mail_user *user = namespaces->user;

    CALL_HOOKS(user, mail_namespaces_added, namespaces, user->error == NULL);
}

void hook_mail_storage_created(struct mail_storage *storage)
{
    CALL_HOOKS_BUILDING(storage->user, hook_build_kind_storage, storage, mail_storage_created,
                        storage);
}

void hook_mailbox_list_created(struct mailbox_list *list)
{
    CALL_HOOKS_BUILDING(list->ns->user, hook_build_kind_list, list, mailbox_list_created, list);
}

void hook_mailbox_allocated(struct mailbox *box)
{
    CALL_HOOKS_BUILDING(box->storage->user, hook_build_kind_mailbox, box, mailbox_allocated, box);
}

void hook_mailbox_opened(struct mailbox *box)
{
    struct mail_user *user = box->storage->user;

    CALL_HOOKS(user, mailbox_opened, box, TRUE);
}

void hook_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;

    CALL_HOOKS_BUILDING(mail->box->storage->user, hook_build_kind_mail, pmail, mail_allocated,
                        mail);
}
