/*
 * Module contexts: what a plugin keeps with an object of the core, and how it finds it again.
 *
 *     static MODULE_CONTEXT_DEFINE_INIT(foo_storage_module, &mail_storage_module_register);
 *     #define FOO_CONTEXT(obj) MODULE_CONTEXT(obj, foo_storage_module)
 *
 *     struct foo_mailbox { union mailbox_module_context module_ctx; … };
 *     MODULE_CONTEXT_SET(box, foo_storage_module, mbox);
 *     struct foo_mailbox *mbox = FOO_CONTEXT(box);
 *
 * Each kind of object has a register, which hands out a number to each plugin that asks, and an
 * array of contexts with the plugins' numbers as indexes. A context set with the register of
 * another kind of object, or with a union of another kind, does not compile.
 */
#ifndef DOVECOT_MODULE_CONTEXT_H
#define DOVECOT_MODULE_CONTEXT_H

#include "array.h"

/** A plugin's number in one register; taken when it is used first. */
struct module_context_id {
    unsigned int *module_id_register;
    unsigned int module_id;
    bool module_id_set;
};

/* Declares the variable `_name`, of the new type `struct _name`; after `static` or `extern`. Its
   `reg` only tells the compiler which register it belongs to. */
#define MODULE_CONTEXT_DEFINE(_name, _reg) \
    struct _name {                         \
        struct module_context_id id;       \
        __typeof__(_reg) reg;              \
    } _name
#define MODULE_CONTEXT_INIT(_reg)     \
    {                                 \
        {&(_reg)->id, 0, FALSE}, NULL \
    }
#define MODULE_CONTEXT_DEFINE_INIT(_name, _reg) \
    MODULE_CONTEXT_DEFINE(_name, _reg) = MODULE_CONTEXT_INIT(_reg)

/* The type of the register that an object's contexts belong to; never evaluated. */
#define OBJ_REGISTER(obj) ((**(obj)->module_contexts.v)->reg)
#define OBJ_REGISTER_COMPATIBLE(obj, id_ctx) \
    COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(OBJ_REGISTER(obj), (id_ctx).reg)

/* The context that was set, as `void *`; NULL if there is none. */
#define MODULE_CONTEXT(obj, id_ctx)              \
    ((void)OBJ_REGISTER_COMPATIBLE(obj, id_ctx), \
     module_context_get_i(&(obj)->module_contexts.arr, &(id_ctx).id))
/* The same, but panics if there is none. */
#define MODULE_CONTEXT_REQUIRE(obj, id_ctx)      \
    ((void)OBJ_REGISTER_COMPATIBLE(obj, id_ctx), \
     module_context_require_i(&(obj)->module_contexts.arr, &(id_ctx).id, #id_ctx))

/* Sets or replaces the context: a struct whose member `module_ctx` is the union, or the union
   itself. */
#define MODULE_CONTEXT_SET(obj, id_ctx, context) \
    MODULE_CONTEXT_SET_FULL(obj, id_ctx, context, &(context)->module_ctx)
#define MODULE_CONTEXT_SET_SELF(obj, id_ctx, context) \
    MODULE_CONTEXT_SET_FULL(obj, id_ctx, context, context)
#define MODULE_CONTEXT_SET_FULL(obj, id_ctx, ctx, module_ctx)                               \
    ((void)COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(module_ctx, (**(obj)->module_contexts.v)), \
     (void)OBJ_REGISTER_COMPATIBLE(obj, id_ctx),                                            \
     module_context_set_i(&(obj)->module_contexts.arr, &(id_ctx).id, (ctx)))

/* Takes the context away; the memory stays its owner's. */
#define MODULE_CONTEXT_UNSET(obj, id_ctx)        \
    ((void)OBJ_REGISTER_COMPATIBLE(obj, id_ctx), \
     module_context_unset_i(&(obj)->module_contexts.arr, &(id_ctx).id))

/* ---- How it is done ------------------------------------------------------------------------ */

static inline unsigned int module_get_context_id(struct module_context_id *id)
{
    if (!id->module_id_set) {
        id->module_id = (*id->module_id_register)++;
        id->module_id_set = TRUE;
    }
    return id->module_id;
}

static inline void *module_context_get_i(const struct array *contexts, struct module_context_id *id)
{
    unsigned int idx = module_get_context_id(id);

    if (idx >= contexts->buffer->used / sizeof(void *))
        return NULL;
    return ((void *const *)contexts->buffer->data)[idx];
}

static inline void *module_context_require_i(const struct array *contexts,
                                             struct module_context_id *id, const char *name)
{
    void *context = module_context_get_i(contexts, id);

    if (unlikely(context == NULL))
        i_panic("Module context %s missing", name);
    return context;
}

static inline void module_context_set_i(struct array *contexts, struct module_context_id *id,
                                        void *context)
{
    array_idx_set_i(contexts, module_get_context_id(id), &context);
}

static inline void module_context_unset_i(struct array *contexts, struct module_context_id *id)
{
    unsigned int idx = module_get_context_id(id);

    if (idx < array_count_i(contexts))
        array_idx_clear_i(contexts, idx);
}

#endif
