/*
 * The searching methods of mailboxes (search-slots.h): which message is next, and whether it matches.
 *
 * Each step goes through the mailbox's own methods again (search_next_update_seq,
 * search_next_match_mail), so that a plugin can leave messages out or decide on them; a criterion that
 * it has set match_always or nonmatch_always on is not asked again.
 */
#include "search/search-slots.h"

#include "array.h"
#include "mail-user.h"
#include "message-decoder.h"
#include "search/search-context.h"
#include "search/sort.h"

static struct index_search_context *context_of(struct mail_search_context *ctx)
{
    return container_of(ctx, struct index_search_context, mail_ctx);
}

/* ---- Beginning and end -------------------------------------------------------------------------- */

struct mail_search_context *index_search_init(struct mailbox_transaction_context *t,
                                              struct mail_search_args *args,
                                              const enum mail_sort_type *sort_program,
                                              enum mail_fetch_field wanted_fields,
                                              struct mailbox_header_lookup_ctx *wanted_headers)
{
    struct index_search_context *ctx = i_new(struct index_search_context, 1);
    struct mail_search_context *mail_ctx = &ctx->mail_ctx;

    ctx->box = t->box;
    mail_ctx->transaction = t;
    mail_ctx->args = args;
    mail_ctx->wanted_fields = wanted_fields;
    mail_ctx->wanted_headers = wanted_headers;
    if (wanted_headers != NULL)
        mailbox_header_lookup_ref(wanted_headers);
    mail_ctx->normalizer = t->box->storage->user->default_normalizer;
    mail_ctx->max_mails = 1;
    i_array_init(&mail_ctx->results, 5);
    i_array_init(&mail_ctx->module_contexts, 5);
    i_array_init(&mail_ctx->mails, 1);

    mail_search_args_reset(args->args, TRUE);
    ctx->seq1 = 1;
    ctx->seq2 = mail_index_view_get_messages_count(t->box->view);
    search_limit_range(ctx);
    mail_ctx->progress_max = ctx->seq2;
    if (sort_program != NULL && sort_program[0] != MAIL_SORT_END)
        mail_ctx->sort_program = index_sort_program_init(t, sort_program);
    if (args->have_inthreads && search_find_threads(ctx) < 0)
        ctx->failed = TRUE;
    return mail_ctx;
}

int index_search_deinit(struct mail_search_context *_ctx)
{
    struct index_search_context *ctx = context_of(_ctx);
    struct mail *mail;
    int ret = ctx->failed ? -1 : 0;

    mail_search_args_reset(_ctx->args->args, FALSE);
    if (_ctx->sort_program != NULL && index_sort_program_deinit(&_ctx->sort_program) < 0)
        ret = -1;
    array_foreach_elem(&_ctx->mails, mail)
    {
        ((struct mail_private *)mail)->search_mail = FALSE;
        mail_free(&mail);
    }
    if (_ctx->wanted_headers != NULL)
        mailbox_header_lookup_unref(&_ctx->wanted_headers);
    if (ctx->decoder != NULL) {
        message_decoder_deinit(&ctx->decoder);
        pool_unref(&ctx->part_pool);
    }
    array_free(&_ctx->results);
    array_free(&_ctx->module_contexts);
    array_free(&_ctx->mails);
    i_free(ctx);
    return ret;
}

/* ---- The next candidate ------------------------------------------------------------------------- */

bool index_search_next_update_seq(struct mail_search_context *_ctx)
{
    struct index_search_context *ctx = context_of(_ctx);
    uint32_t seq = I_MAX(_ctx->seq + 1, ctx->seq1);

    for (; seq <= ctx->seq2; seq++) {
        mail_search_args_reset(_ctx->args->args, FALSE);
        if (search_match_index(ctx, seq) != 0)
            break;
        if (_ctx->args->stop_on_nonmatch)
            seq = ctx->seq2;
    }
    _ctx->seq = seq;
    _ctx->progress_cur = I_MIN(seq, ctx->seq2);
    return seq <= ctx->seq2;
}

/* ---- Matching ----------------------------------------------------------------------------------- */

void search_arg_failed(struct index_search_context *ctx, struct mail *mail,
                       struct mail_search_arg *arg)
{
    if (mail->expunged || mailbox_get_last_mail_error(mail->box) == MAIL_ERROR_EXPUNGED)
        ctx->mail_ctx.seen_lost_data = TRUE;
    else
        ctx->failed = TRUE;
    arg->result = 0;
}

int index_search_next_match_mail(struct mail_search_context *_ctx, struct mail *mail)
{
    struct index_search_context *ctx = context_of(_ctx);
    int result = search_match_facts(ctx, mail);

    if (result == -1)
        result = search_match_headers(ctx, mail);
    if (result == -1)
        result = search_match_body(ctx, mail);
    ctx->mail = NULL;
    /* What no stage knows of, nobody can have. */
    return result > 0 ? 1 : 0;
}

static struct mail *search_mail(struct mail_search_context *ctx)
{
    struct mail *mail;

    if (array_count(&ctx->mails) > 0)
        return array_idx_elem(&ctx->mails, 0);
    mail = mail_alloc(ctx->transaction, ctx->wanted_fields, ctx->wanted_headers);
    mail->access_type = MAIL_ACCESS_TYPE_SEARCH;
    ((struct mail_private *)mail)->search_mail = TRUE;
    array_push_back(&ctx->mails, &mail);
    return mail;
}

/** The next match in the order of the mailbox. */
static bool next_match(struct index_search_context *ctx, struct mail *mail)
{
    struct mail_search_context *mail_ctx = &ctx->mail_ctx;
    struct mailbox *box = ctx->box;
    int result;

    while (box->v.search_next_update_seq(mail_ctx)) {
        mail_set_seq(mail, mail_ctx->seq);
        T_BEGIN
        {
            result = box->v.search_next_match_mail(mail_ctx, mail);
        }
        T_END;
        mail_search_args_reset(mail_ctx->args->args, FALSE);
        if (result > 0)
            return TRUE;
        if (result < 0)
            ctx->failed = TRUE;
        if (mail_ctx->args->stop_on_nonmatch)
            mail_ctx->seq = ctx->seq2;
    }
    return FALSE;
}

/** All matches, then the first of them, then the next one with each call. */
static bool next_sorted(struct index_search_context *ctx, struct mail *mail)
{
    struct mail_search_sort_program *program = ctx->mail_ctx.sort_program;
    uint32_t seq;

    if (!ctx->sorted) {
        while (next_match(ctx, mail))
            index_sort_list_add(program, mail);
        index_sort_list_finish(program);
        ctx->sorted = TRUE;
    }
    if (!index_sort_list_next(program, &seq))
        return FALSE;
    mail_set_seq(mail, seq);
    return TRUE;
}

bool index_search_next_nonblock(struct mail_search_context *_ctx, struct mail **mail_r,
                                bool *tryagain_r)
{
    struct index_search_context *ctx = context_of(_ctx);
    struct mail *mail = search_mail(_ctx);
    bool found = _ctx->sort_program != NULL ? next_sorted(ctx, mail) : next_match(ctx, mail);

    *tryagain_r = FALSE;
    *mail_r = found ? mail : NULL;
    return found;
}
