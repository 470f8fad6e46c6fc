/*
 * A plugin that overrides every method of every object and goes on to the next one. Whoever includes
 * it defines, for a plugin of that name:
 *
 *     PLUGIN                                    its name
 *     BEFORE_METHOD(kind, method, object, text) done before it goes on; kind: user, list, storage,
 *                                               mailbox or mail; text: see slots.h
 *     AFTER_METHOD                              done afterwards, when the object may be gone
 *     IN_HOOK(kind, hook, object)               done in each hook, before anything else
 */
#ifndef TEST_EVERY_METHOD_H
#define TEST_EVERY_METHOD_H

#include "mail-namespace.h"
#include "mail-storage-private.h"
#include "mail-user.h"
#include "mailbox-list-private.h"
#include "module-dir.h"
#include "slots.h"

#define JOINED_(name, end) name##end
#define JOINED(name, end) JOINED_(name, end)

extern const char *JOINED(PLUGIN, _plugin_version);
const char *JOINED(PLUGIN, _plugin_version) = DOVECOT_ABI_VERSION;

void JOINED(PLUGIN, _plugin_init)(struct module *module);
void JOINED(PLUGIN, _plugin_deinit)(void);

static MODULE_CONTEXT_DEFINE_INIT(every_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(every_list_module, &mailbox_list_module_register);
static MODULE_CONTEXT_DEFINE_INIT(every_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(every_mail_module, &mail_module_register);

static inline union mail_user_module_context *super_user(struct mail_user *user)
{
    return MODULE_CONTEXT_REQUIRE(user, every_user_module);
}

static inline union mailbox_list_module_context *super_list(struct mailbox_list *list)
{
    return MODULE_CONTEXT_REQUIRE(list, every_list_module);
}

static inline union mail_storage_module_context *super_storage(struct mail_storage *storage)
{
    return MODULE_CONTEXT_REQUIRE(storage, every_storage_module);
}

static inline union mailbox_module_context *super_mailbox(struct mailbox *box)
{
    return MODULE_CONTEXT_REQUIRE(box, every_storage_module);
}

static inline union mail_module_context *super_mail(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;

    return MODULE_CONTEXT_REQUIRE(pmail, every_mail_module);
}

/* ---- Methods ---------------------------------------------------------------------------------- */

/* Only sync_notify and get_private_flags_mask are overridden where there is nothing to go on to. */
#define VALUE_METHOD(kind, type, method, parameters, object, arguments, text) \
    static type every_##kind##_##method parameters                            \
    {                                                                         \
        type result = (type)0;                                                \
                                                                              \
        BEFORE_METHOD(kind, method, object, text);                            \
        if (super_##kind(object)->super.method != NULL)                       \
            result = super_##kind(object)->super.method arguments;            \
        AFTER_METHOD;                                                         \
        return result;                                                        \
    }
#define VOID_METHOD(kind, method, parameters, object, arguments, text) \
    static void every_##kind##_##method parameters                     \
    {                                                                  \
        BEFORE_METHOD(kind, method, object, text);                     \
        if (super_##kind(object)->super.method != NULL)                \
            super_##kind(object)->super.method arguments;              \
        AFTER_METHOD;                                                  \
    }

#define USER_VALUE(...) VALUE_METHOD(user, __VA_ARGS__)
#define USER_VOID(...) VOID_METHOD(user, __VA_ARGS__)
#define LIST_VALUE(...) VALUE_METHOD(list, __VA_ARGS__)
#define LIST_VOID(...) VOID_METHOD(list, __VA_ARGS__)
#define STORAGE_VALUE(...) VALUE_METHOD(storage, __VA_ARGS__)
#define STORAGE_VOID(...) VOID_METHOD(storage, __VA_ARGS__)
#define MAILBOX_VALUE(...) VALUE_METHOD(mailbox, __VA_ARGS__)
#define MAILBOX_VOID(...) VOID_METHOD(mailbox, __VA_ARGS__)
#define MAIL_VALUE(...) VALUE_METHOD(mail, __VA_ARGS__)
#define MAIL_VOID(...) VOID_METHOD(mail, __VA_ARGS__)

USER_SLOTS(USER_VALUE, USER_VOID)
LIST_SLOTS(LIST_VALUE, LIST_VOID)
STORAGE_SLOTS(STORAGE_VALUE, STORAGE_VOID)
MAILBOX_SLOTS(MAILBOX_VALUE, MAILBOX_VOID)
MAIL_SLOTS(MAIL_VALUE, MAIL_VOID)

/* ---- Hooks: v is the table to override ------------------------------------------------------------ */

#define OVERRIDE(kind, method) \
    if (v->method != NULL)     \
        v->method = every_##kind##_##method;

#define OVERRIDE_USER_VALUE(type, method, ...) OVERRIDE(user, method)
#define OVERRIDE_USER_VOID(method, ...) OVERRIDE(user, method)
#define OVERRIDE_LIST_VALUE(type, method, ...) OVERRIDE(list, method)
#define OVERRIDE_LIST_VOID(method, ...) OVERRIDE(list, method)
#define OVERRIDE_STORAGE_VALUE(type, method, ...) OVERRIDE(storage, method)
#define OVERRIDE_STORAGE_VOID(method, ...) OVERRIDE(storage, method)
#define OVERRIDE_MAILBOX_VALUE(type, method, ...) OVERRIDE(mailbox, method)
#define OVERRIDE_MAILBOX_VOID(method, ...) OVERRIDE(mailbox, method)
#define OVERRIDE_MAIL_VALUE(type, method, ...) OVERRIDE(mail, method)
#define OVERRIDE_MAIL_VOID(method, ...) OVERRIDE(mail, method)

static void every_mail_user_created(struct mail_user *user)
{
    struct mail_user_vfuncs *v = user->vlast;
    union mail_user_module_context *context = p_new(user->pool, union mail_user_module_context, 1);

    IN_HOOK(user, mail_user_created, user);
    context->super = *v;
    user->vlast = &context->super;
    USER_SLOTS(OVERRIDE_USER_VALUE, OVERRIDE_USER_VOID)
    MODULE_CONTEXT_SET_SELF(user, every_user_module, context);
}

static void every_mailbox_list_created(struct mailbox_list *list)
{
    struct mailbox_list_vfuncs *v = list->vlast;
    union mailbox_list_module_context *context =
        p_new(list->pool, union mailbox_list_module_context, 1);

    IN_HOOK(list, mailbox_list_created, list);
    context->super = *v;
    list->vlast = &context->super;
    LIST_SLOTS(OVERRIDE_LIST_VALUE, OVERRIDE_LIST_VOID)
    MODULE_CONTEXT_SET_SELF(list, every_list_module, context);
}

static void every_mail_storage_created(struct mail_storage *storage)
{
    struct mail_storage_vfuncs *v = storage->vlast;
    union mail_storage_module_context *context =
        p_new(storage->pool, union mail_storage_module_context, 1);

    IN_HOOK(storage, mail_storage_created, storage);
    context->super = *v;
    storage->vlast = &context->super;
    STORAGE_SLOTS(OVERRIDE_STORAGE_VALUE, OVERRIDE_STORAGE_VOID)
    MODULE_CONTEXT_SET_SELF(storage, every_storage_module, context);
}

static void every_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    union mailbox_module_context *context = p_new(box->pool, union mailbox_module_context, 1);

    IN_HOOK(mailbox, mailbox_allocated, box);
    context->super = *v;
    box->vlast = &context->super;
    MAILBOX_SLOTS(OVERRIDE_MAILBOX_VALUE, OVERRIDE_MAILBOX_VOID)
    v->sync_notify = every_mailbox_sync_notify;
    v->get_private_flags_mask = every_mailbox_get_private_flags_mask;
    MODULE_CONTEXT_SET_SELF(box, every_storage_module, context);
}

static void every_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    struct mail_vfuncs *v = pmail->vlast;
    union mail_module_context *context = p_new(pmail->pool, union mail_module_context, 1);

    IN_HOOK(mail, mail_allocated, mail);
    context->super = *v;
    pmail->vlast = &context->super;
    MAIL_SLOTS(OVERRIDE_MAIL_VALUE, OVERRIDE_MAIL_VOID)
    MODULE_CONTEXT_SET_SELF(pmail, every_mail_module, context);
}

static void every_mailbox_opened(struct mailbox *box ATTR_UNUSED)
{
    IN_HOOK(mailbox, mailbox_opened, box);
}

static void every_namespace_storage_added(struct mail_namespace *ns ATTR_UNUSED)
{
    IN_HOOK(namespace, mail_namespace_storage_added, ns);
}

static void every_namespaces_added(struct mail_namespace *namespaces ATTR_UNUSED)
{
    IN_HOOK(namespace, mail_namespaces_added, namespaces);
}

static void every_namespaces_created(struct mail_namespace *namespaces ATTR_UNUSED)
{
    IN_HOOK(namespace, mail_namespaces_created, namespaces);
}

static const struct mail_storage_hooks every_hooks = {
    .mail_user_created = every_mail_user_created,
    .mail_namespace_storage_added = every_namespace_storage_added,
    .mail_namespaces_created = every_namespaces_created,
    .mail_namespaces_added = every_namespaces_added,
    .mail_storage_created = every_mail_storage_created,
    .mailbox_list_created = every_mailbox_list_created,
    .mailbox_allocated = every_mailbox_allocated,
    .mailbox_opened = every_mailbox_opened,
    .mail_allocated = every_mail_allocated,
};

void JOINED(PLUGIN, _plugin_init)(struct module *module)
{
    mail_storage_hooks_add(module, &every_hooks);
}

void JOINED(PLUGIN, _plugin_deinit)(void)
{
    mail_storage_hooks_remove(&every_hooks);
}

#endif
