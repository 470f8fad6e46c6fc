/*
 * Criteria made ready for one mailbox: keywords by their places in its list, sets by the messages it
 * has now, patterns compiled. What the author of the criteria wrote stays as it is, so that they can
 * be used again when the mailbox has changed, or for another mailbox.
 */
#include "mail-search.h"

#include "array.h"
#include "imap-match.h"
#include "mail-namespace.h"
#include "mail-storage-private.h"
#include "search/search-key.h"

#define ANY_LAST ((uint32_t)-1) /* `*` */

/* ---- Sets --------------------------------------------------------------------------------------- */

/** A range with `*` for its ends as numbers: `9:*` of five messages is `5:9`, in which 5 counts. */
static struct seq_range resolve_last(const struct seq_range *range, uint32_t last)
{
    struct seq_range resolved = *range;

    if (range->seq2 == ANY_LAST) {
        resolved.seq2 = last;
        if (range->seq1 > last)
            resolved.seq1 = last;
    }
    return resolved;
}

static void sequences_of_sequences(struct mail_search_arg *arg, struct mailbox *box)
{
    uint32_t count = mail_index_view_get_messages_count(box->view);
    const struct seq_range *range;

    array_foreach(&arg->value.seqset, range)
    {
        struct seq_range resolved = resolve_last(range, count);

        if (resolved.seq1 <= count && count > 0)
            seq_range_array_add_range(&arg->initialized.seqset, I_MAX(resolved.seq1, 1),
                                      I_MIN(resolved.seq2, count));
    }
}

static void sequences_of_uids(struct mail_search_arg *arg, const ARRAY_TYPE(seq_range) * uids,
                              struct mailbox *box)
{
    uint32_t count = mail_index_view_get_messages_count(box->view), last_uid;
    const struct seq_range *range;

    if (count == 0)
        return;
    mail_index_lookup_uid(box->view, count, &last_uid);
    array_foreach(uids, range)
    {
        struct seq_range resolved = resolve_last(range, last_uid);
        uint32_t seq1, seq2;

        if (mail_index_lookup_seq_range(box->view, resolved.seq1, resolved.seq2, &seq1, &seq2))
            seq_range_array_add_range(&arg->initialized.seqset, seq1, seq2);
    }
}

static void init_set(struct mail_search_args *args, struct mail_search_arg *arg,
                     const ARRAY_TYPE(seq_range) * saved_uids)
{
    bool saved = arg->value.str != NULL && strcmp(arg->value.str, "$") == 0;

    i_array_init(&arg->initialized.seqset, 16);
    if (arg->type == SEARCH_SEQSET)
        sequences_of_sequences(arg, args->box);
    else if (!saved)
        sequences_of_uids(arg, &arg->value.seqset, args->box);
    else if (saved_uids != NULL)
        sequences_of_uids(arg, saved_uids, args->box);
}

/* ---- Keywords and patterns ---------------------------------------------------------------------- */

/** A keyword that the mailbox does not have is not made: no message can have it. */
static struct mail_keywords *find_keyword(struct mailbox *box, const char *name)
{
    ARRAY_TYPE(keyword_indexes) indexes;
    struct mail_keywords *keywords;
    unsigned int idx;

    T_BEGIN
    {
        t_array_init(&indexes, 1);
        if (mail_index_keyword_lookup(box->index, name, &idx))
            array_push_back(&indexes, &idx);
        keywords = mail_index_keywords_create_from_indexes(box->index, &indexes);
    }
    T_END;
    return keywords;
}

static void init_args(struct mail_search_args *args, struct mail_search_arg *arg, bool change_sets,
                      const ARRAY_TYPE(seq_range) * saved_uids);

static void init_arg(struct mail_search_args *args, struct mail_search_arg *arg, bool change_sets,
                     const ARRAY_TYPE(seq_range) * saved_uids)
{
    arg->initialized.search_args = args;
    switch (arg->type) {
    case SEARCH_SEQSET:
    case SEARCH_UIDSET:
        if (change_sets)
            init_set(args, arg, saved_uids);
        break;
    case SEARCH_KEYWORDS:
        arg->initialized.keywords = find_keyword(args->box, arg->value.str);
        break;
    case SEARCH_MAILBOX_GLOB:
        arg->initialized.mailbox_glob =
            imap_match_init(default_pool, arg->value.str, TRUE,
                            mail_namespace_get_sep(mailbox_get_namespace(args->box)));
        break;
    case SEARCH_INTHREAD:
        args->have_inthreads = TRUE;
        init_args(args, arg->value.subargs, change_sets, saved_uids);
        break;
    case SEARCH_OR:
    case SEARCH_SUB:
        init_args(args, arg->value.subargs, change_sets, saved_uids);
        break;
    default:
        break;
    }
}

static void init_args(struct mail_search_args *args, struct mail_search_arg *arg, bool change_sets,
                      const ARRAY_TYPE(seq_range) * saved_uids)
{
    for (; arg != NULL; arg = arg->next)
        init_arg(args, arg, change_sets, saved_uids);
}

void mail_search_args_init(struct mail_search_args *args, struct mailbox *box, bool change_sets,
                           const ARRAY_TYPE(seq_range) * search_saved_uidset)
{
    if (args->init_refcount++ > 0) {
        i_assert(args->box == box);
        return;
    }
    args->box = box;
    if (!args->simplified)
        mail_search_args_simplify(args);
    init_args(args, args->args, change_sets, search_saved_uidset);
}

void mail_search_arg_init(struct mail_search_args *args, struct mail_search_arg *arg)
{
    init_arg(args, arg, FALSE, NULL);
}

/* ---- The end ------------------------------------------------------------------------------------ */

void mail_search_arg_one_deinit(struct mail_search_arg *arg)
{
    if (arg->initialized.keywords != NULL)
        mail_index_keywords_unref(&arg->initialized.keywords);
    if (arg->initialized.mailbox_glob != NULL)
        imap_match_deinit(&arg->initialized.mailbox_glob);
    if (array_is_created(&arg->initialized.seqset))
        array_free(&arg->initialized.seqset);
    search_key_free(&arg->initialized.key);
    arg->initialized.search_args = NULL;
    if (arg->value.subargs != NULL)
        mail_search_arg_deinit(arg->value.subargs);
}

void mail_search_arg_deinit(struct mail_search_arg *arg)
{
    for (; arg != NULL; arg = arg->next)
        mail_search_arg_one_deinit(arg);
}

void mail_search_args_deinit(struct mail_search_args *args)
{
    i_assert(args->init_refcount > 0);
    if (--args->init_refcount > 0)
        return;
    mail_search_arg_deinit(args->args);
    args->box = NULL;
}

/* ---- Sequences to uids -------------------------------------------------------------------------- */

static void set_to_uids(struct mail_search_args *args, struct mail_search_arg *arg)
{
    ARRAY_TYPE(seq_range) uids;

    i_assert(array_is_created(&arg->initialized.seqset));
    p_array_init(&uids, args->pool, 16);
    mailbox_get_uid_range(args->box, &arg->initialized.seqset, &uids);
    arg->value.seqset = uids;
    arg->value.str = NULL;
    arg->type = SEARCH_UIDSET;
}

static void args_to_uids(struct mail_search_args *args, struct mail_search_arg *arg)
{
    for (; arg != NULL; arg = arg->next) {
        if (arg->type == SEARCH_SEQSET || arg->type == SEARCH_UIDSET)
            set_to_uids(args, arg);
        else
            args_to_uids(args, arg->value.subargs);
    }
}

void mail_search_args_seq2uid(struct mail_search_args *args)
{
    args_to_uids(args, args->args);
}
