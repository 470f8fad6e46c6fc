/*
 * Shows how the methods of objects are chained: makes one of each kind for a user and looks on
 * while plugins override them. Functions are told as places in files, which the host knows names
 * for.
 */
#include "host/operation.h"

#include "mail-namespace.h"
#include "mail-storage.h"
#include "mail-user.h"
#include "module-dir.h"

#include <dlfcn.h>

#include "host/operations.h"
#include "host/user.h"
#include "model/hook-build.h"

/* Kinds that were told already: one object of each is enough. */
struct observation {
    vsmtp_out *out;
    const struct hook_build_kind *seen[8];
    unsigned int seen_count;
};

static bool first_of(struct observation *observation, const struct hook_build_kind *kind)
{
    for (unsigned int i = 0; i < observation->seen_count; i++) {
        if (observation->seen[i] == kind)
            return FALSE;
    }
    if (observation->seen_count == N_ELEMENTS(observation->seen))
        return FALSE;
    observation->seen[observation->seen_count++] = kind;
    return TRUE;
}

static void write_link(vsmtp_out *out, const struct hook_build_link *link)
{
    const void *address;
    Dl_info found;

    memcpy(&address, &link->function, sizeof address);
    if (dladdr(address, &found) == 0 || found.dli_fname == NULL)
        i_zero(&found);
    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "file");
    vsmtp_out_string(out, found.dli_fname);
    vsmtp_out_key(out, "module");
    vsmtp_out_string(out, link->module == NULL ? NULL : link->module->name);
    vsmtp_out_key(out, "offset");
    vsmtp_out_int(out, (int64_t)((uintptr_t)address - (uintptr_t)found.dli_fbase));
    vsmtp_out_end(out);
}

static void write_chain(vsmtp_out *out, const char *kind, const struct hook_build_chain *chain)
{
    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "links");
    vsmtp_out_begin_array(out);
    for (unsigned int i = 0; i < chain->link_count; i++)
        write_link(out, &chain->links[i]);
    vsmtp_out_end(out);
    vsmtp_out_key(out, "object");
    vsmtp_out_string(out, kind);
    vsmtp_out_key(out, "slot");
    vsmtp_out_string(out, chain->slot);
    vsmtp_out_end(out);
}

static void observe(const struct hook_build_kind *kind, const struct hook_build_chain *chains,
                    void *context)
{
    struct observation *observation = context;

    if (!first_of(observation, kind))
        return;
    for (unsigned int i = 0; i < kind->slot_count; i++)
        write_chain(observation->out, kind->name, &chains[i]);
}

/* Makes a mailbox and a mail. An INBOX that cannot be opened has no mails to show. */
static void allocate(struct mail_user *user)
{
    struct mailbox *box = mailbox_alloc(mail_namespace_find_inbox(user->namespaces)->list, "INBOX",
                                        MAILBOX_FLAG_READONLY);
    struct mailbox_transaction_context *transaction;
    struct mail *mail;

    if (mailbox_open(box) == 0) {
        transaction = mailbox_transaction_begin(box, 0, "hooks are shown");
        mail = mail_alloc(transaction, 0, NULL);
        mail_free(&mail);
        mailbox_transaction_rollback(&transaction);
    }
    mailbox_free(&box);
}

int operation_hooks(struct operation *operation)
{
    struct observation observation = {.out = operation->out};
    struct mail_user *user;

    vsmtp_out_begin_array(operation->out);
    hook_build_observe(observe, &observation);
    user = user_create(operation, "vsmtp");
    if (user != NULL) {
        allocate(user);
        mail_user_unref(&user);
    }
    hook_build_observe(NULL, NULL);
    vsmtp_out_end(operation->out);
    return operation->failed ? -1 : 0;
}
