/* The chains that a host can show. */
#include "../hosting.h"

#include "lib.h"

#include "mail-storage-private.h"

static void allocated(struct mailbox *box)
{
    union mailbox_module_context *context = p_new(box->pool, union mailbox_module_context, 1);
    struct mailbox_vfuncs *v = box->vlast;

    context->super = *v;
    box->vlast = &context->super;
    v->is_readonly = context->super.is_inconsistent;
}

static const struct mail_storage_hooks hooks = {.mailbox_allocated = allocated};

static void init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

static void deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

int main(void)
{
    const char *chains, *chain;

    host_start();
    (void)host_ask("operation=begin|ask=true|plugins[=|:=|base=x_plugin|deinit=%" PRIdPTR
                   "|init=%" PRIdPTR "|path=/x/20_x_plugin.so|}|]",
                   (intptr_t)deinit, (intptr_t)init);
    chains = host_ask("operation=hooks|%s", host_user("plugins=x|"));
    ok(strncmp(chains, "[{links: ", 9) == 0, "chains are shown");
    ok(strstr(chains, "object: \"mail_user\", slot: \"deinit\"") != NULL, "of users");
    ok(strstr(chains, "object: \"mailbox_list\", slot: \"iter_init\"") != NULL, "of lists");
    ok(strstr(chains, "object: \"mail_storage\", slot: \"add_list\"") != NULL, "of storages");
    ok(strstr(chains, "object: \"mailbox\", slot: \"open\"") != NULL, "of mailboxes");
    ok(strstr(chains, "object: \"mail\", slot: \"expunge\"") != NULL, "of mails");
    ok(strstr(chains, "{links: [], object: \"mailbox\", slot: \"sync_notify\"}") != NULL,
       "a slot without a method has no links");
    chain = strstr(chains, "slot: \"enable\"");
    ok(chain != NULL && strncmp(strstr(chain, "{links: [") + 9, "{file: \"", 8) == 0,
       "a link tells its file");
    chain = strstr(chains, "module: \"x_plugin\"");
    ok(chain != NULL && strstr(chain, "module: ()") != NULL &&
           strstr(chain, "slot: \"is_readonly\"") < strstr(chain, "slot: \"enable\""),
       "what a plugin overrides comes before the driver's own");
    ok(strstr(chains, "module: \"storage_stage_plugin\"") != NULL, "the rules are shown too");
    (void)host_ask("operation=end");
    return done();
}
