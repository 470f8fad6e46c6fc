/*
 * From the name of an operation to its function, and from what that leaves to the reply.
 */
#include "host/operations.h"

#include "host/identity.h"
#include "host/operation.h"
#include "host/thread.h"

static const struct {
    const char *name;
    int (*run)(struct operation *operation);
} operations[] = {
    {"begin", operation_begin},         {"end", operation_end},
    {"events", operation_events},       {"questions", operation_questions},
    {"open", operation_open},           {"close", operation_close},
    {"hooks", operation_hooks},         {"deliver", operation_deliver},
    {"save", operation_save},           {"list", operation_list},
    {"create", operation_create},       {"delete", operation_delete},
    {"rename", operation_rename},       {"subscribe", operation_subscribe},
    {"status", operation_status},       {"search", operation_search},
    {"fetch", operation_fetch},         {"fetch-next", operation_fetch_next},
    {"fetch-end", operation_fetch_end}, {"flags", operation_flags},
    {"expunge", operation_expunge},     {"copy", operation_copy},
};

/* What results are written to: one request is under way at a time. */
static vsmtp_out out;

static const char *error_name(enum mail_error error)
{
    static const char *const names[] = {
        [MAIL_ERROR_TEMP] = "TEMP",
        [MAIL_ERROR_UNAVAILABLE] = "UNAVAILABLE",
        [MAIL_ERROR_NOTPOSSIBLE] = "NOTPOSSIBLE",
        [MAIL_ERROR_PARAMS] = "PARAMS",
        [MAIL_ERROR_PERM] = "PERM",
        [MAIL_ERROR_NOQUOTA] = "NOQUOTA",
        [MAIL_ERROR_NOTFOUND] = "NOTFOUND",
        [MAIL_ERROR_EXISTS] = "EXISTS",
        [MAIL_ERROR_EXPUNGED] = "EXPUNGED",
        [MAIL_ERROR_INUSE] = "INUSE",
        [MAIL_ERROR_CONVERSION] = "CONVERSION",
        [MAIL_ERROR_INVALIDDATA] = "INVALIDDATA",
        [MAIL_ERROR_LIMIT] = "LIMIT",
        [MAIL_ERROR_LOOKUP_ABORTED] = "LOOKUP_ABORTED",
    };

    /* a plugin that fails without saying why */
    return error > MAIL_ERROR_NONE && error < N_ELEMENTS(names) ? names[error] : "TEMP";
}

static int run_named(struct operation *operation)
{
    const char *name = value_text(&operation->arguments, "operation", "");

    for (size_t i = 0; i < N_ELEMENTS(operations); i++) {
        if (strcmp(operations[i].name, name) == 0)
            return operations[i].run(operation);
    }
    return operation_fail(operation, MAIL_ERROR_PARAMS, "There is no operation %s", name);
}

static void write_failure(const struct operation *operation)
{
    out_reset(&out);
    vsmtp_out_begin_map(&out);
    vsmtp_out_key(&out, "error");
    vsmtp_out_string(&out, error_name(operation->error));
    vsmtp_out_key(&out, "internal");
    vsmtp_out_string(&out, operation->internal);
    vsmtp_out_key(&out, "mailbox");
    vsmtp_out_string(&out, operation->mailbox);
    vsmtp_out_key(&out, "text");
    vsmtp_out_string(&out, operation->text);
    vsmtp_out_end(&out);
}

void operation_run(vsmtp_storage_request *request)
{
    struct operation operation = {
        .arguments = {request->bytes, request->bytes + request->size},
        .request = request,
        .out = &out,
    };
    int result;

    out_reset(&out);
    if (thread_host()->begin != NULL)
        thread_host()->begin(request);
    result = run_named(&operation);
    identity_drop();
    if (thread_host()->end != NULL)
        thread_host()->end();
    if (result == 0 && out_problem(&out) != NULL)
        result = operation_fail(&operation, MAIL_ERROR_TEMP, "The result cannot be told: %s",
                                out_problem(&out));
    if (result < 0)
        write_failure(&operation);
    i_free(operation.text);
    i_free(operation.internal);
    i_free(operation.mailbox);
    thread_host()->reply(request, result == 0, out.bytes, out.used);
}
