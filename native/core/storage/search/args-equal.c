/*
 * Whether two searches look for the same.
 */
#include "mail-search.h"

#include "array.h"

static bool modseqs_equal(const struct mail_search_modseq *modseq1,
                          const struct mail_search_modseq *modseq2)
{
    return modseq1->modseq == modseq2->modseq && modseq1->type == modseq2->type;
}

static bool sets_equal(const ARRAY_TYPE(seq_range) * set1, const ARRAY_TYPE(seq_range) * set2)
{
    return array_cmp(set1, set2);
}

static bool dates_equal(const struct mail_search_arg *arg1, const struct mail_search_arg *arg2)
{
    return arg1->value.time == arg2->value.time &&
           arg1->value.search_flags == arg2->value.search_flags &&
           arg1->value.date_type == arg2->value.date_type;
}

static bool values_equal(const struct mail_search_arg *arg1, const struct mail_search_arg *arg2)
{
    switch (arg1->type) {
    case SEARCH_OR:
    case SEARCH_SUB:
        return mail_search_arg_equals(arg1->value.subargs, arg2->value.subargs);
    case SEARCH_ALL:
    case SEARCH_SAVEDATESUPPORTED:
        return TRUE;
    case SEARCH_SEQSET:
        /* The numbers may have meant other messages then. */
        return FALSE;
    case SEARCH_UIDSET:
    case SEARCH_REAL_UID:
        return null_strcmp(arg1->value.str, arg2->value.str) == 0 &&
               sets_equal(&arg1->value.seqset, &arg2->value.seqset);
    case SEARCH_FLAGS:
        return arg1->value.flags == arg2->value.flags;
    case SEARCH_KEYWORDS:
        return strcasecmp(arg1->value.str, arg2->value.str) == 0;
    case SEARCH_BEFORE:
    case SEARCH_ON:
    case SEARCH_SINCE:
        return dates_equal(arg1, arg2);
    case SEARCH_SMALLER:
    case SEARCH_LARGER:
        return arg1->value.size == arg2->value.size;
    case SEARCH_HEADER:
    case SEARCH_HEADER_ADDRESS:
    case SEARCH_HEADER_COMPRESS_LWSP:
        return strcasecmp(arg1->hdr_field_name, arg2->hdr_field_name) == 0 &&
               strcmp(arg1->value.str, arg2->value.str) == 0;
    case SEARCH_BODY:
    case SEARCH_TEXT:
    case SEARCH_GUID:
    case SEARCH_MAILBOX:
    case SEARCH_MAILBOX_GUID:
    case SEARCH_MAILBOX_GLOB:
        return strcmp(arg1->value.str, arg2->value.str) == 0;
    case SEARCH_MODSEQ:
        return modseqs_equal(arg1->value.modseq, arg2->value.modseq);
    case SEARCH_INTHREAD:
        return arg1->value.thread_type == arg2->value.thread_type &&
               mail_search_arg_equals(arg1->value.subargs, arg2->value.subargs);
    case SEARCH_MIMEPART:
        return arg1->value.mime_part == arg2->value.mime_part;
    }
    i_unreached();
}

bool mail_search_arg_one_equals(const struct mail_search_arg *arg1,
                                const struct mail_search_arg *arg2)
{
    return arg1->type == arg2->type && arg1->match_not == arg2->match_not &&
           arg1->fuzzy == arg2->fuzzy && values_equal(arg1, arg2);
}

bool mail_search_arg_equals(const struct mail_search_arg *arg1, const struct mail_search_arg *arg2)
{
    for (; arg1 != NULL && arg2 != NULL; arg1 = arg1->next, arg2 = arg2->next) {
        if (!mail_search_arg_one_equals(arg1, arg2))
            return FALSE;
    }
    return arg1 == NULL && arg2 == NULL;
}

bool mail_search_args_equal(const struct mail_search_args *args1,
                            const struct mail_search_args *args2)
{
    i_assert(args1->simplified == args2->simplified);
    return mail_search_arg_equals(args1->args, args2->args);
}
