/*
 * Making criteria simpler without changing what they mean: NOT moves inward until it stands before
 * single criteria, lists of the same kind become one, and flags that are asked for together are asked
 * for at once.
 */
#include "mail-search.h"

static void simplify_list(struct mail_search_arg **list, enum mail_search_arg_type kind);

/** The other kind of list. */
static enum mail_search_arg_type other_kind(enum mail_search_arg_type kind)
{
    return kind == SEARCH_OR ? SEARCH_SUB : SEARCH_OR;
}

/** NOT (a AND b) is (NOT a) OR (NOT b), and the other way round. */
static void push_not_inward(struct mail_search_arg *arg)
{
    struct mail_search_arg *sub;

    arg->match_not = FALSE;
    arg->type = other_kind(arg->type);
    for (sub = arg->value.subargs; sub != NULL; sub = sub->next)
        sub->match_not = !sub->match_not;
}

/** The elements of a list in the place of the list; returns where the last one's `next` is. */
static struct mail_search_arg **splice(struct mail_search_arg **place)
{
    struct mail_search_arg *list = *place, *last = list->value.subargs;

    while (last->next != NULL)
        last = last->next;
    last->next = list->next;
    *place = list->value.subargs;
    list->value.subargs = NULL;
    return &last->next;
}

/** Flags that all must be there, or of which one must be missing, are one criterion. */
static bool is_mergeable_flags(const struct mail_search_arg *arg, enum mail_search_arg_type kind)
{
    return arg->type == SEARCH_FLAGS && arg->match_not == (kind == SEARCH_OR);
}

static void merge_flags(struct mail_search_arg **list, enum mail_search_arg_type kind)
{
    struct mail_search_arg *first = NULL, **place = list;

    while (*place != NULL) {
        struct mail_search_arg *arg = *place;

        if (!is_mergeable_flags(arg, kind)) {
            place = &arg->next;
        } else if (first == NULL) {
            first = arg;
            place = &arg->next;
        } else {
            first->value.flags |= arg->value.flags;
            *place = arg->next;
        }
    }
}

static void simplify_list(struct mail_search_arg **list, enum mail_search_arg_type kind)
{
    struct mail_search_arg **place = list;

    while (*place != NULL) {
        struct mail_search_arg *arg = *place;

        if (arg->type == SEARCH_INTHREAD)
            simplify_list(&arg->value.subargs, SEARCH_SUB);
        if (arg->type != SEARCH_OR && arg->type != SEARCH_SUB) {
            place = &arg->next;
            continue;
        }
        if (arg->match_not)
            push_not_inward(arg);
        simplify_list(&arg->value.subargs, arg->type);
        if (arg->value.subargs == NULL || (arg->type != kind && arg->value.subargs->next != NULL)) {
            place = &arg->next;
        } else {
            struct mail_search_arg **behind = splice(place);

            /* What stood alone in a list of the other kind may be a list of this kind. */
            if (arg->type == kind)
                place = behind;
        }
    }
    merge_flags(list, kind);
}

void mail_search_args_simplify(struct mail_search_args *args)
{
    args->simplified = TRUE;
    simplify_list(&args->args, SEARCH_SUB);
}
