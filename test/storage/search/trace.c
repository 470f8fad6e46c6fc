/*
 * The searching methods as a plugin sees them: the order of the calls, and deciding on messages in
 * them.
 */
#include "searching.h"

#include "mail-storage-hooks.h"

#include <stdlib.h>

static string_t *trace;

struct trace_mailbox {
    union mailbox_module_context module_ctx;
};
struct trace_mail {
    union mail_module_context module_ctx;
};

static MODULE_CONTEXT_DEFINE_INIT(trace_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(trace_mail_module, &mail_module_register);
#define TRACE_CONTEXT(obj) MODULE_CONTEXT_REQUIRE(obj, trace_storage_module)
#define TRACE_MAIL_CONTEXT(obj) MODULE_CONTEXT_REQUIRE(obj, trace_mail_module)

static bool skip_second, only_third;

static struct mail_search_context *trace_init(struct mailbox_transaction_context *t,
                                              struct mail_search_args *args,
                                              const enum mail_sort_type *program,
                                              enum mail_fetch_field fields,
                                              struct mailbox_header_lookup_ctx *headers)
{
    struct trace_mailbox *tbox = TRACE_CONTEXT(t->box);

    str_append(trace, "init ");
    return tbox->module_ctx.super.search_init(t, args, program, fields, headers);
}

static int trace_deinit(struct mail_search_context *ctx)
{
    struct trace_mailbox *tbox = TRACE_CONTEXT(ctx->transaction->box);
    int ret;

    str_append(trace, "deinit{");
    ret = tbox->module_ctx.super.search_deinit(ctx);
    str_append(trace, "}");
    return ret;
}

static bool trace_next(struct mail_search_context *ctx, struct mail **mail_r, bool *tryagain_r)
{
    struct trace_mailbox *tbox = TRACE_CONTEXT(ctx->transaction->box);
    bool found;

    str_append(trace, "next{ ");
    found = tbox->module_ctx.super.search_next_nonblock(ctx, mail_r, tryagain_r);
    str_append(trace, "} ");
    return found;
}

static bool trace_update_seq(struct mail_search_context *ctx)
{
    struct trace_mailbox *tbox = TRACE_CONTEXT(ctx->transaction->box);
    bool found;

    str_append(trace, "seq ");
    do {
        found = tbox->module_ctx.super.search_next_update_seq(ctx);
    } while (found && skip_second && ctx->seq == 2);
    return found;
}

static int trace_match(struct mail_search_context *ctx, struct mail *mail)
{
    struct trace_mailbox *tbox = TRACE_CONTEXT(ctx->transaction->box);

    str_append(trace, "match ");
    if (only_third)
        return mail->seq == 3 ? 1 : 0;
    return tbox->module_ctx.super.search_next_match_mail(ctx, mail);
}

static struct mail *trace_mail_alloc(struct mailbox_transaction_context *t,
                                     enum mail_fetch_field fields,
                                     struct mailbox_header_lookup_ctx *headers)
{
    struct trace_mailbox *tbox = TRACE_CONTEXT(t->box);

    str_append(trace, "mail_alloc ");
    return tbox->module_ctx.super.mail_alloc(t, fields, headers);
}

static void trace_set_seq(struct mail *_mail, uint32_t seq, bool saving)
{
    struct mail_private *mail = (struct mail_private *)_mail;
    struct trace_mail *tmail = TRACE_MAIL_CONTEXT(mail);

    str_append(trace, "set_seq ");
    tmail->module_ctx.super.set_seq(_mail, seq, saving);
}

static void trace_free(struct mail *_mail)
{
    struct mail_private *mail = (struct mail_private *)_mail;
    struct trace_mail *tmail = TRACE_MAIL_CONTEXT(mail);

    str_append(trace, "mail.free");
    tmail->module_ctx.super.free(_mail);
}

static void trace_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    struct trace_mailbox *tbox = p_new(box->pool, struct trace_mailbox, 1);

    tbox->module_ctx.super = *v;
    box->vlast = &tbox->module_ctx.super;
    v->search_init = trace_init;
    v->search_deinit = trace_deinit;
    v->search_next_nonblock = trace_next;
    v->search_next_update_seq = trace_update_seq;
    v->search_next_match_mail = trace_match;
    v->mail_alloc = trace_mail_alloc;
    MODULE_CONTEXT_SET(box, trace_storage_module, tbox);
}

static void trace_mail_allocated(struct mail *_mail)
{
    struct mail_private *mail = (struct mail_private *)_mail;
    struct mail_vfuncs *v = mail->vlast;
    struct trace_mail *tmail = p_new(mail->pool, struct trace_mail, 1);

    str_append(trace, "hook ");
    tmail->module_ctx.super = *v;
    mail->vlast = &tmail->module_ctx.super;
    v->set_seq = trace_set_seq;
    v->free = trace_free;
    MODULE_CONTEXT_SET(mail, trace_mail_module, tmail);
}

static struct mail_storage_hooks hooks = {.mailbox_allocated = trace_mailbox_allocated,
                                          .mail_allocated = trace_mail_allocated};

static void plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

static void plugin_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

static const char *traced(struct mailbox *box, const char *query)
{
    str_truncate(trace, 0);
    (void)found(box, query);
    return str_c(trace);
}

static void test_calls(struct mailbox *box)
{
    is_str(traced(box, "all"),
           "init next{ mail_alloc hook seq set_seq match } next{ seq set_seq match } "
           "next{ seq set_seq match } next{ seq } deinit{mail.free}",
           "each message goes through the mailbox's own methods");
    is_str(traced(box, "flagged"),
           "init next{ mail_alloc hook seq set_seq match } next{ seq } deinit{mail.free}",
           "what flags decide needs no mail");
    is_str(traced(box, "seen flagged deleted"),
           "init next{ mail_alloc hook seq } deinit{mail.free}",
           "none at all where nothing can match");
    is_str(traced(box, "subject none"),
           "init next{ mail_alloc hook seq set_seq match seq set_seq match seq set_seq match seq } "
           "deinit{mail.free}",
           "what a mail decides takes one");
}

static void test_deciding(struct mailbox *box)
{
    skip_second = TRUE;
    is_str(found(box, "all"), "1 3", "a plugin may leave messages out");
    skip_second = FALSE;
    only_third = TRUE;
    is_str(found(box, "subject b"), "3", "or decide by itself");
    only_third = FALSE;
    is_str(found(box, "subject b"), "2", "or not");
}

static void test_detached(struct mailbox *box)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail_search_args *args = mail_search_build_init();
    struct mail_search_context *search;
    struct mail *first, *second;

    mail_search_build_add_all(args);
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    ok(mailbox_search_next(search, &first), "a match");
    mailbox_search_mail_detach(search, first);
    ok(mailbox_search_next(search, &second) && first != second, "whose mail is taken over");
    ok(first->seq == 1 && second->seq == 2, "keeps its message");
    (void)mailbox_search_deinit(&search);
    mail_free(&first);
    (void)mailbox_transaction_commit(&t);
}

static void test_stopping(struct mailbox *box)
{
    struct mail_search_args *args;
    const char *error;

    if (search_text_parse("unflagged", &args, &error) < 0)
        i_fatal("%s", error);
    is_str(found_sorted(box, args, NULL), "1 3", "all that match");
    args->stop_on_nonmatch = TRUE;
    is_str(found_sorted(box, args, NULL), "1", "or up to the first that does not");
    mail_search_args_unref(&args);
}

static void test_gone(struct mailbox *box)
{
    struct mailbox_transaction_context *t;
    struct mail_search_args *args;
    struct mail_search_context *search;
    struct mail *mail;
    const char *error;
    int count = 0;

    if (system("rm Maildir/cur/*") != 0)
        i_fatal("rm failed");
    if (search_text_parse("body x", &args, &error) < 0)
        i_fatal("%s", error);
    t = mailbox_transaction_begin(box, 0, "test");
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    while (mailbox_search_next(search, &mail))
        count++;
    is_int(count, 0, "mails that are gone do not match");
    ok(mailbox_search_seen_lost_data(search), "which can be seen");
    is_int(mailbox_search_deinit(&search), 0, "and is no error");
    (void)mailbox_transaction_commit(&t);
}

int main(void)
{
    struct mail_user *user;
    struct mailbox *box;

    session_begin();
    trace = str_new(default_pool, 256);
    session_plugin("trace", plugin_init, plugin_deinit);
    user = session_user();
    box = box_open(user, "INBOX");
    T_BEGIN
    {
        box_add(box, "Subject: a\n\nx\n", (struct mail_facts){MAIL_SEEN, NULL, 0});
        box_add(box, "Subject: b\n\nx\n", (struct mail_facts){MAIL_SEEN | MAIL_FLAGGED, NULL, 0});
        box_add(box, "Subject: c\n\nx\n", (struct mail_facts){MAIL_SEEN, NULL, 0});
        (void)box_sync(box);
        test_calls(box);
        test_deciding(box);
        test_detached(box);
        test_stopping(box);
        test_gone(box);
    }
    T_END;
    mailbox_free(&box);
    session_end(&user);
    str_free(&trace);
    return done();
}
