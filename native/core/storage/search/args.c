/*
 * Criteria as objects: their lifetime, copies of them, and how their results combine.
 */
#include "mail-search.h"

#include "array.h"

/* ---- Lifetime ----------------------------------------------------------------------------------- */

void mail_search_args_ref(struct mail_search_args *args)
{
    i_assert(args->refcount > 0);
    args->refcount++;
}

void mail_search_args_unref(struct mail_search_args **_args)
{
    struct mail_search_args *args = *_args;

    *_args = NULL;
    i_assert(args->refcount > 0);
    if (--args->refcount > 0)
        return;
    if (args->init_refcount > 0) {
        args->init_refcount = 1;
        mail_search_args_deinit(args);
    }
    pool_unref(&args->pool);
}

/* ---- Copies ------------------------------------------------------------------------------------- */

static void copy_set(pool_t pool, ARRAY_TYPE(seq_range) * dest, const ARRAY_TYPE(seq_range) * src)
{
    p_array_init(dest, pool, array_count(src) + 1);
    array_append_array(dest, src);
}

static struct mail_search_arg *dup_one(pool_t pool, const struct mail_search_arg *arg)
{
    struct mail_search_arg *copy = p_new(pool, struct mail_search_arg, 1);

    copy->type = arg->type;
    copy->match_not = arg->match_not;
    copy->match_always = arg->match_always;
    copy->nonmatch_always = arg->nonmatch_always;
    copy->fuzzy = arg->fuzzy;
    copy->no_fts = arg->no_fts;
    copy->hdr_field_name = p_strdup(pool, arg->hdr_field_name);
    copy->result = -1;

    copy->value = arg->value;
    copy->value.str = p_strdup(pool, arg->value.str);
    copy->value.subargs = mail_search_arg_dup(pool, arg->value.subargs);
    i_zero(&copy->value.seqset);
    if (array_is_created(&arg->value.seqset))
        copy_set(pool, &copy->value.seqset, &arg->value.seqset);
    if (arg->value.modseq != NULL) {
        copy->value.modseq = p_new(pool, struct mail_search_modseq, 1);
        *copy->value.modseq = *arg->value.modseq;
    }
    return copy;
}

struct mail_search_arg *mail_search_arg_dup(pool_t pool, const struct mail_search_arg *arg)
{
    struct mail_search_arg *first = NULL, **next = &first;

    for (; arg != NULL; arg = arg->next) {
        *next = dup_one(pool, arg);
        next = &(*next)->next;
    }
    return first;
}

struct mail_search_args *mail_search_args_dup(const struct mail_search_args *args)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "mail search args", 1024);
    struct mail_search_args *copy = p_new(pool, struct mail_search_args, 1);

    copy->pool = pool;
    copy->refcount = 1;
    copy->args = mail_search_arg_dup(pool, args->args);
    copy->simplified = args->simplified;
    copy->have_inthreads = args->have_inthreads;
    copy->stop_on_nonmatch = args->stop_on_nonmatch;
    copy->fts_expanded = args->fts_expanded;
    return copy;
}

/* ---- Results ------------------------------------------------------------------------------------ */

static bool has_list(const struct mail_search_arg *arg)
{
    return arg->type == SEARCH_OR || arg->type == SEARCH_SUB;
}

void mail_search_args_reset(struct mail_search_arg *args, bool full_reset)
{
    for (; args != NULL; args = args->next) {
        if (has_list(args))
            mail_search_args_reset(args->value.subargs, full_reset);
        if (full_reset)
            args->match_always = args->nonmatch_always = FALSE;
        args->result = args->match_always ? 1 : args->nonmatch_always ? 0 : -1;
    }
}

static void find_result(struct mail_search_arg *arg, mail_search_foreach_callback_t *callback,
                        void *context);

/** Of a list: the first `deciding` result is that of all, else the opposite once all are known. */
static int list_result(struct mail_search_arg *args, int deciding,
                       mail_search_foreach_callback_t *callback, void *context)
{
    int result = deciding == 0 ? 1 : 0;

    for (; args != NULL; args = args->next) {
        find_result(args, callback, context);
        if (args->result == deciding)
            return deciding;
        if (args->result == -1)
            result = -1;
    }
    return result;
}

static void find_result(struct mail_search_arg *arg, mail_search_foreach_callback_t *callback,
                        void *context)
{
    int result;

    if (arg->result != -1)
        return;
    if (!has_list(arg)) {
        callback(arg, context);
        return;
    }
    result = list_result(arg->value.subargs, arg->type == SEARCH_OR ? 1 : 0, callback, context);
    ARG_SET_RESULT(arg, result);
}

#undef mail_search_args_foreach
int mail_search_args_foreach(struct mail_search_arg *args, mail_search_foreach_callback_t *callback,
                             void *context)
{
    return list_result(args, 0, callback, context);
}
