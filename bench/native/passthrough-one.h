/*
 * One plugin that overrides every method of a mailbox and does nothing but go on. Included once for
 * each plugin, with NUMBER (00, 01 …) defined.
 */
#define NAMED_(prefix, number) prefix##number
#define NAMED(prefix, number) NAMED_(prefix, number)
#define MODULE NAMED(passthrough_module_, NUMBER)
#define SUPER(box) (((union mailbox_module_context *)MODULE_CONTEXT(box, MODULE))->super)
#define SLOT(type, slot, parameters, box, arguments) \
    static type NAMED(slot##_, NUMBER) parameters    \
    {                                                \
        return SUPER(box).slot arguments;            \
    }

static MODULE_CONTEXT_DEFINE_INIT(MODULE, &mail_storage_module_register);

EACH_SLOT(SLOT)

#define OVERRIDE(type, slot, parameters, box, arguments) v->slot = NAMED(slot##_, NUMBER);

static void NAMED(allocated_, NUMBER)(struct mailbox *box)
{
    union mailbox_module_context *context = p_new(box->pool, union mailbox_module_context, 1);
    struct mailbox_vfuncs *v = box->vlast;

    context->super = *v;
    box->vlast = &context->super;
    EACH_SLOT(OVERRIDE)
    MODULE_CONTEXT_SET_SELF(box, MODULE, context);
}

static const struct mail_storage_hooks NAMED(hooks_, NUMBER) = {
    .mailbox_allocated = NAMED(allocated_, NUMBER)};

static void NAMED(init_, NUMBER)(struct module *module)
{
    mail_storage_hooks_add(module, &NAMED(hooks_, NUMBER));
}

static void NAMED(deinit_, NUMBER)(void)
{
    mail_storage_hooks_remove(&NAMED(hooks_, NUMBER));
}

#undef NAMED_
#undef NAMED
#undef MODULE
#undef SUPER
#undef SLOT
#undef OVERRIDE
#undef NUMBER
