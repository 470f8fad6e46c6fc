/*
 * What criteria need to see of a mail, and whether they can match in a mailbox at all.
 */
#include "mail-search.h"

#include "array.h"
#include "imap-match.h"

/* ---- Needs -------------------------------------------------------------------------------------- */

struct needs {
    ARRAY_TYPE(const_string) headers;
    bool have_headers, have_body, have_text;
};

static void need_header(struct needs *needs, const char *name)
{
    const char *known;

    needs->have_headers = TRUE;
    array_foreach_elem(&needs->headers, known)
    {
        if (strcasecmp(known, name) == 0)
            return;
    }
    array_push_back(&needs->headers, &name);
}

static void analyze(struct needs *needs, const struct mail_search_arg *arg)
{
    for (; arg != NULL; arg = arg->next) {
        if (arg->type == SEARCH_OR || arg->type == SEARCH_SUB) {
            analyze(needs, arg->value.subargs);
            continue;
        }
        if (arg->result != -1)
            continue;
        switch (arg->type) {
        case SEARCH_BEFORE:
        case SEARCH_ON:
        case SEARCH_SINCE:
            if (arg->value.date_type == MAIL_SEARCH_DATE_TYPE_SENT)
                need_header(needs, "Date");
            break;
        case SEARCH_HEADER:
        case SEARCH_HEADER_ADDRESS:
        case SEARCH_HEADER_COMPRESS_LWSP:
            need_header(needs, arg->hdr_field_name);
            break;
        case SEARCH_TEXT:
            needs->have_headers = needs->have_text = TRUE;
            needs->have_body = TRUE;
            break;
        case SEARCH_BODY:
        case SEARCH_MIMEPART:
            needs->have_body = TRUE;
            break;
        default:
            break;
        }
    }
}

const char *const *mail_search_args_analyze(struct mail_search_arg *args, bool *have_headers,
                                            bool *have_body)
{
    struct needs needs;

    i_zero(&needs);
    t_array_init(&needs.headers, 8);
    analyze(&needs, args);
    *have_headers = needs.have_headers;
    *have_body = needs.have_body;
    if (needs.have_text || array_count(&needs.headers) == 0)
        return NULL;
    array_append_zero(&needs.headers);
    return array_front(&needs.headers);
}

/* ---- Mailboxes ---------------------------------------------------------------------------------- */

static bool list_can_match(const struct mail_search_arg *arg, bool any, const char *vname,
                           char sep);

static bool same_mailbox(const char *name1, const char *name2)
{
    return strcasecmp(name1, "INBOX") == 0 ? strcasecmp(name1, name2) == 0
                                           : strcmp(name1, name2) == 0;
}

static bool glob_matches(const char *pattern, const char *vname, char sep)
{
    struct imap_match_glob *glob = imap_match_init(default_pool, pattern, TRUE, sep);
    bool matches = imap_match(glob, vname) == IMAP_MATCH_YES;

    imap_match_deinit(&glob);
    return matches;
}

static bool can_match(const struct mail_search_arg *arg, const char *vname, char sep)
{
    switch (arg->type) {
    case SEARCH_OR:
        return list_can_match(arg->value.subargs, TRUE, vname, sep);
    case SEARCH_SUB:
    case SEARCH_INTHREAD:
        return list_can_match(arg->value.subargs, FALSE, vname, sep);
    case SEARCH_MAILBOX:
        return same_mailbox(arg->value.str, vname) != arg->match_not;
    case SEARCH_MAILBOX_GLOB:
        return glob_matches(arg->value.str, vname, sep) != arg->match_not;
    default:
        return TRUE;
    }
}

static bool list_can_match(const struct mail_search_arg *arg, bool any, const char *vname, char sep)
{
    for (; arg != NULL; arg = arg->next) {
        if (can_match(arg, vname, sep) == any)
            return any;
    }
    return !any;
}

bool mail_search_args_match_mailbox(struct mail_search_args *args, const char *vname, char sep)
{
    if (!args->simplified)
        mail_search_args_simplify(args);
    return list_can_match(args->args, FALSE, vname, sep);
}
