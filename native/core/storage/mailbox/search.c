/*
 * Searching: the criteria are made ready for the mailbox before its methods see them, and results that
 * are kept are filled as matches come.
 */
#include "lib.h"

#include "array.h"
#include "mail-search.h"
#include "mail-storage-private.h"
#include "search/search-results.h"

struct mail_search_context *mailbox_search_init(struct mailbox_transaction_context *t,
                                                struct mail_search_args *args,
                                                const enum mail_sort_type *sort_program,
                                                enum mail_fetch_field wanted_fields,
                                                struct mailbox_header_lookup_ctx *wanted_headers)
{
    struct mail_search_context *ctx;

    i_assert(wanted_headers == NULL || wanted_headers->box == t->box);

    mail_search_args_ref(args);
    if (!args->simplified)
        mail_search_args_simplify(args);
    mail_search_args_init(args, t->box, TRUE, NULL);
    T_BEGIN
    {
        ctx = t->box->v.search_init(t, args, sort_program, wanted_fields, wanted_headers);
    }
    T_END;
    return ctx;
}

bool mailbox_search_next_nonblock(struct mail_search_context *ctx, struct mail **mail_r,
                                  bool *tryagain_r)
{
    *mail_r = NULL;
    *tryagain_r = FALSE;
    if (!ctx->transaction->box->v.search_next_nonblock(ctx, mail_r, tryagain_r))
        return false;
    mailbox_search_results_add(ctx, (*mail_r)->uid);
    return true;
}

bool mailbox_search_next(struct mail_search_context *ctx, struct mail **mail_r)
{
    bool try_again;

    while (!mailbox_search_next_nonblock(ctx, mail_r, &try_again)) {
        if (!try_again)
            return false;
    }
    return true;
}

int mailbox_search_deinit(struct mail_search_context **_ctx)
{
    struct mail_search_context *ctx = *_ctx;
    struct mail_search_args *args = ctx->args;
    int result;

    *_ctx = NULL;
    mailbox_search_results_initial_done(ctx);
    T_BEGIN
    {
        result = ctx->transaction->box->v.search_deinit(ctx);
    }
    T_END;
    mail_search_args_deinit(args);
    mail_search_args_unref(&args);
    return result;
}

bool mailbox_search_seen_lost_data(struct mail_search_context *ctx)
{
    return ctx->seen_lost_data;
}

/* The mail is the caller's from now on. */
void mailbox_search_mail_detach(struct mail_search_context *ctx, struct mail *mail)
{
    struct mail_private *p = (struct mail_private *)mail;
    struct mail *const *mails;
    unsigned int i, count;

    i_assert(p->search_mail);

    p->search_mail = FALSE;
    mails = array_get(&ctx->mails, &count);
    for (i = 0; i < count; i++) {
        if (mails[i] == mail) {
            array_delete(&ctx->mails, i, 1);
            return;
        }
    }
    i_unreached();
}
