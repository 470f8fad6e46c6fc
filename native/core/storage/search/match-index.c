/*
 * The first stage: what is known without a mail object. Most messages are passed over here.
 */
#include "search/search-context.h"

#include "array.h"
#include "mailbox/base.h"

static bool in_set(struct index_search_context *ctx, const struct mail_search_arg *arg,
                   uint32_t seq)
{
    uint32_t uid;

    if (array_is_created(&arg->initialized.seqset))
        return seq_range_exists(&arg->initialized.seqset, seq);
    /* Made ready without sets: `*` is nothing that could be asked for then. */
    if (arg->type == SEARCH_SEQSET)
        return seq_range_exists(&arg->value.seqset, seq);
    mail_index_lookup_uid(ctx->mail_ctx.transaction->view, seq, &uid);
    return seq_range_exists(&arg->value.seqset, uid);
}

static bool has_flags(struct index_search_context *ctx, enum mail_flags wanted, uint32_t seq)
{
    const struct mail_index_record *rec = mail_index_lookup(ctx->mail_ctx.transaction->view, seq);
    enum mail_flags flags = (enum mail_flags)rec->flags & MAIL_FLAGS_NONRECENT;

    if ((wanted & MAIL_RECENT) != 0 && mailbox_recent_has(ctx->box, rec->uid))
        flags |= MAIL_RECENT;
    return (flags & wanted) == wanted;
}

static bool has_keywords(struct index_search_context *ctx, const struct mail_keywords *wanted,
                         uint32_t seq)
{
    ARRAY_TYPE(keyword_indexes) indexes;
    unsigned int found = 0;

    if (wanted->count == 0)
        return FALSE;
    T_BEGIN
    {
        unsigned int idx;

        t_array_init(&indexes, 16);
        mail_index_lookup_keywords(ctx->mail_ctx.transaction->view, seq, &indexes);
        array_foreach_elem(&indexes, idx)
        {
            for (unsigned int i = 0; i < wanted->count; i++)
                found += wanted->idx[i] == idx ? 1 : 0;
        }
    }
    T_END;
    return found == wanted->count;
}

struct index_stage {
    struct index_search_context *ctx;
    uint32_t seq;
};

static void match_arg(struct mail_search_arg *arg, struct index_stage *stage)
{
    struct index_search_context *ctx = stage->ctx;
    struct mail_index_view *view = ctx->mail_ctx.transaction->view;
    bool matches;

    switch (arg->type) {
    case SEARCH_ALL:
        matches = TRUE;
        break;
    case SEARCH_SEQSET:
    case SEARCH_UIDSET:
    case SEARCH_INTHREAD:
        matches = in_set(ctx, arg, stage->seq);
        break;
    case SEARCH_FLAGS:
        matches = has_flags(ctx, arg->value.flags, stage->seq);
        break;
    case SEARCH_KEYWORDS:
        matches = has_keywords(ctx, arg->initialized.keywords, stage->seq);
        break;
    case SEARCH_MODSEQ:
        matches = mail_index_modseq_lookup(view, stage->seq) >= arg->value.modseq->modseq;
        break;
    default:
        return;
    }
    ARG_SET_RESULT(arg, matches ? 1 : 0);
}

int search_match_index(struct index_search_context *ctx, uint32_t seq)
{
    struct index_stage stage = {ctx, seq};

    return mail_search_args_foreach(ctx->mail_ctx.args->args, match_arg, &stage);
}

/* ---- Limits ------------------------------------------------------------------------------------- */

void search_limit_range(struct index_search_context *ctx)
{
    const struct mail_search_arg *arg;

    for (arg = ctx->mail_ctx.args->args; arg != NULL; arg = arg->next) {
        const struct seq_range *ranges;
        unsigned int count;

        if (arg->match_not || !array_is_created(&arg->initialized.seqset))
            continue;
        ranges = array_get(&arg->initialized.seqset, &count);
        if (count == 0) {
            ctx->seq1 = 1;
            ctx->seq2 = 0;
            return;
        }
        ctx->seq1 = I_MAX(ctx->seq1, ranges[0].seq1);
        ctx->seq2 = I_MIN(ctx->seq2, ranges[count - 1].seq2);
    }
}
