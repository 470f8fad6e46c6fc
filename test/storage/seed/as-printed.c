/*
 * Dovecot's page on mail plugins, as printed and run: a method that is written straight into the
 * object, one that is overridden with a union, one with a struct. In whatever order the three plugins
 * are loaded, each is called once.
 */
#include "mailbox/session.h"

#include "seed-verbatim.h"

static unsigned int direct_calls, union_calls, struct_calls;

/* ---- "box->v.transaction_begin = plugin_transaction_begin;" ----------------------------------------- */

static struct mailbox_transaction_context *(*previous)(struct mailbox *box,
                                                       enum mailbox_transaction_flags flags,
                                                       const char *reason);

static struct mailbox_transaction_context *
direct_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                         const char *reason)
{
    direct_calls++;
    return previous(box, flags, reason);
}

static void direct_mailbox_allocated(struct mailbox *box)
{
    previous = box->v.transaction_begin;
    box->v.transaction_begin = direct_transaction_begin;
}

/* ---- "If you only want to override some methods, you can use:" -------------------------------------- */

static MODULE_CONTEXT_DEFINE_INIT(union_storage_module, &mail_storage_module_register);

static struct mailbox_transaction_context *
union_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                        const char *reason)
{
    union mailbox_module_context *mbox = MODULE_CONTEXT(box, union_storage_module);

    union_calls++;
    return mbox->super.transaction_begin(box, flags, reason);
}

static void union_mailbox_allocated(struct mailbox *box)
{
    union mailbox_module_context *mbox;
    struct mailbox_vfuncs *v = box->vlast;

    mbox = p_new(box->pool, union mailbox_module_context, 1);
    mbox->super = *v;
    box->vlast = &mbox->super;

    v->transaction_begin = union_transaction_begin;
    MODULE_CONTEXT_SET_SELF(box, union_storage_module, mbox);
}

/* ---- "If you want to store some more plugin-specific data …" ---------------------------------------- */

extern MODULE_CONTEXT_DEFINE(plugin_storage_module, &mail_storage_module_register);
struct plugin_storage_module plugin_storage_module =
    MODULE_CONTEXT_INIT(&mail_storage_module_register);

#define PLUGIN_CONTEXT(obj) MODULE_CONTEXT(obj, plugin_storage_module)

struct plugin_mailbox {
    /* must be called module_ctx */
    union mailbox_module_context module_ctx;
};

static struct mailbox_transaction_context *
struct_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                         const char *reason)
{
    struct plugin_mailbox *mbox = PLUGIN_CONTEXT(box);

    struct_calls++;
    return mbox->super.transaction_begin(box, flags, reason);
}

static void struct_mailbox_allocated(struct mailbox *box)
{
    struct plugin_mailbox *mbox;
    struct mailbox_vfuncs *v = box->vlast;

    mbox = p_new(box->pool, struct plugin_mailbox, 1);
    mbox->module_ctx.super = *v;
    box->vlast = &mbox->super;

    v->transaction_begin = struct_transaction_begin;
    MODULE_CONTEXT_SET(box, plugin_storage_module, mbox);
}

/* ---- In every order --------------------------------------------------------------------------------- */

static const struct mail_storage_hooks direct_hooks = {.mailbox_allocated =
                                                           direct_mailbox_allocated};
static const struct mail_storage_hooks union_hooks = {.mailbox_allocated = union_mailbox_allocated};
static const struct mail_storage_hooks struct_hooks = {.mailbox_allocated =
                                                           struct_mailbox_allocated};

#define PLUGIN_FUNCTIONS(name)                         \
    static void name##_init(struct module *module)     \
    {                                                  \
        mail_storage_hooks_add(module, &name##_hooks); \
    }                                                  \
    static void name##_deinit(void)                    \
    {                                                  \
        mail_storage_hooks_remove(&name##_hooks);      \
    }

PLUGIN_FUNCTIONS(direct)
PLUGIN_FUNCTIONS(union)
PLUGIN_FUNCTIONS(struct)

static const struct {
    const char *name;
    void (*init)(struct module *module);
    void (*deinit)(void);
} plugins[] = {{"direct", direct_init, direct_deinit},
               {"union", union_init, union_deinit},
               {"struct", struct_init, struct_deinit}};

static void test_order(unsigned int first, unsigned int second, unsigned int third)
{
    const unsigned int order[] = {first, second, third};
    struct mailbox_transaction_context *t;
    struct mail_user *user;
    struct mailbox *box;

    session_begin();
    for (unsigned int i = 0; i < N_ELEMENTS(order); i++) {
        const char *name = t_strdup_printf("%c_%s", 'a' + (char)i, plugins[order[i]].name);

        session_plugin(name, plugins[order[i]].init, plugins[order[i]].deinit);
    }
    user = session_user();
    box = box_open(user, "INBOX");
    direct_calls = union_calls = struct_calls = 0;
    t = mailbox_transaction_begin(box, 0, "test");
    ok(direct_calls == 1 && union_calls == 1 && struct_calls == 1,
       "%s before %s before %s: each is called once", plugins[first].name, plugins[second].name,
       plugins[third].name);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);
    session_end(&user);
}

int main(void)
{
    for (unsigned int first = 0; first < N_ELEMENTS(plugins); first++) {
        for (unsigned int second = 0; second < N_ELEMENTS(plugins); second++) {
            if (first != second)
                test_order(first, second, 3 - first - second);
        }
    }
    return done();
}
