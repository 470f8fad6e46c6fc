/*
 * A storage plugin that does what no plugin should when a mail is saved whose sender asks for it: null@…, hang@…,
 * exit@…. Compiled by the tests beside it.
 */
#include "lib.h"

#include "mail-storage-private.h"
#include "module-context.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BAD_CONTEXT(obj) MODULE_CONTEXT_REQUIRE(obj, bad_storage_module)

void bad_storage_plugin_init(struct module *module);
void bad_storage_plugin_deinit(void);

static MODULE_CONTEXT_DEFINE_INIT(bad_storage_module, &mail_storage_module_register);
static int *volatile nowhere;

static void disaster(const char *sender)
{
    if (strncmp(sender, "null@", 5) == 0)
        *nowhere = 1;
    if (strncmp(sender, "hang@", 5) == 0) {
        for (;;)
            pause();
    }
    if (strncmp(sender, "exit@", 5) == 0)
        exit(3);
}

static int bad_save_begin(struct mail_save_context *ctx, struct istream *input)
{
    union mailbox_module_context *mbox = BAD_CONTEXT(ctx->transaction->box);

    if (ctx->data.from_envelope != NULL)
        disaster(ctx->data.from_envelope);
    return mbox->super.save_begin(ctx, input);
}

static void bad_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    union mailbox_module_context *mbox = p_new(box->pool, union mailbox_module_context, 1);

    mbox->super = *v;
    box->vlast = &mbox->super;
    v->save_begin = bad_save_begin;
    MODULE_CONTEXT_SET_SELF(box, bad_storage_module, mbox);
}

static struct mail_storage_hooks bad_hooks = {.mailbox_allocated = bad_mailbox_allocated};

void bad_storage_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &bad_hooks);
}

void bad_storage_plugin_deinit(void)
{
    mail_storage_hooks_remove(&bad_hooks);
}
