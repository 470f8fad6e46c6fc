/*
 * The notify module: puts itself before the methods of every mailbox and mail, at the place that
 * plugins of number 15 have.
 */
#include "notify.h"

#include "events.h"
#include "model/modules.h"
#include "subscribers.h"

static MODULE_CONTEXT_DEFINE_INIT(notify_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(notify_mail_module, &mail_module_register);

struct notify_mailbox *notify_mailbox_of(struct mailbox *box)
{
    return MODULE_CONTEXT_REQUIRE(box, notify_storage_module);
}

struct notify_mail *notify_mail_of(struct mail *_mail)
{
    struct mail_private *mail = (struct mail_private *)_mail;

    return MODULE_CONTEXT_REQUIRE(mail, notify_mail_module);
}

struct notify_txns *notify_txns_of(struct mailbox_transaction_context *t)
{
    return MODULE_CONTEXT(t, notify_storage_module);
}

void notify_txns_attach(struct mailbox_transaction_context *t, struct notify_txns *txns)
{
    MODULE_CONTEXT_SET(t, notify_storage_module, txns);
}

static void mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    struct notify_mailbox *nbox;

    if (notify_first() == NULL)
        return;
    nbox = p_new(box->pool, struct notify_mailbox, 1);
    nbox->module_ctx.super = *v;
    box->vlast = &nbox->module_ctx.super;
    notify_override_transactions(v);
    notify_override_mailbox(v);
    MODULE_CONTEXT_SET(box, notify_storage_module, nbox);
}

static void mail_allocated(struct mail *_mail)
{
    struct mail_private *mail = (struct mail_private *)_mail;
    struct mail_vfuncs *v = mail->vlast;
    struct notify_mail *nmail;

    if (notify_txns_of(_mail->transaction) == NULL)
        return;
    nmail = p_new(mail->pool, struct notify_mail, 1);
    nmail->module_ctx.super = *v;
    mail->vlast = &nmail->module_ctx.super;
    notify_override_mail(v);
    MODULE_CONTEXT_SET(mail, notify_mail_module, nmail);
}

static const struct mail_storage_hooks hooks = {
    .mailbox_allocated = mailbox_allocated,
    .mail_allocated = mail_allocated,
};

static void init(struct module *module)
{
    mail_storage_hooks_add_forced(module, &hooks);
}

static void deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

void notify_builtin_add(void)
{
    (void)modules_add_builtin("lib15_notify_plugin.so", "notify_plugin", init, deinit);
}
