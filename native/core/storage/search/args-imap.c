/*
 * Criteria as IMAP text, which can be read again.
 */
#include "mail-search.h"

#include "array.h"
#include "imap-date.h"
#include "imap-quote.h"
#include "imap-util.h"
#include "str.h"

static const struct {
    enum mail_flags flag;
    const char *name;
} flag_names[] = {
    {MAIL_ANSWERED, "ANSWERED"}, {MAIL_FLAGGED, "FLAGGED"}, {MAIL_DELETED, "DELETED"},
    {MAIL_SEEN, "SEEN"},         {MAIL_DRAFT, "DRAFT"},     {MAIL_RECENT, "RECENT"},
};

static void write_flags(string_t *dest, enum mail_flags flags)
{
    bool several = (flags & (flags - 1)) != 0, first = TRUE;

    if (several)
        str_append_c(dest, '(');
    for (unsigned int i = 0; i < N_ELEMENTS(flag_names); i++) {
        if ((flags & flag_names[i].flag) == 0)
            continue;
        if (!first)
            str_append_c(dest, ' ');
        first = FALSE;
        str_append(dest, flag_names[i].name);
    }
    if (several)
        str_append_c(dest, ')');
}

static void write_set(string_t *dest, const char *key, const struct mail_search_arg *arg)
{
    str_append(dest, key);
    if (arg->value.str != NULL)
        str_append(dest, arg->value.str);
    else if (array_count(&arg->value.seqset) == 0)
        str_append(dest, "4294967295"); /* a set of none has no other way to be written */
    else
        imap_write_seq_range(dest, &arg->value.seqset);
}

/** `key value`, with the value as a string. */
static bool write_text(string_t *dest, const char *key, const char *value)
{
    str_append(dest, key);
    str_append_c(dest, ' ');
    imap_append_string(dest, value);
    return TRUE;
}

static bool write_date(string_t *dest, const struct mail_search_arg *arg, const char **error_r)
{
    const char *prefix = arg->value.date_type == MAIL_SEARCH_DATE_TYPE_SENT    ? "SENT"
                         : arg->value.date_type == MAIL_SEARCH_DATE_TYPE_SAVED ? "SAVED"
                                                                               : "";
    const char *key = arg->type == SEARCH_BEFORE ? "BEFORE"
                      : arg->type == SEARCH_ON   ? "ON"
                                                 : "SINCE";
    const char *date;

    if (!imap_to_date(arg->value.time, &date) ||
        (arg->value.search_flags & MAIL_SEARCH_ARG_FLAG_UTC_TIMES) != 0) {
        *error_r = "A time of day cannot be written in an IMAP search";
        return FALSE;
    }
    str_printfa(dest, "%s%s \"%s\"", prefix, key, date);
    return TRUE;
}

static bool write_header(string_t *dest, const struct mail_search_arg *arg)
{
    static const char *const own_keys[] = {"FROM", "TO", "CC", "BCC", "SUBJECT", NULL};

    if (!str_array_icase_find(own_keys, arg->hdr_field_name)) {
        str_append(dest, "HEADER ");
        imap_append_astring(dest, arg->hdr_field_name);
        str_append_c(dest, ' ');
        imap_append_string(dest, arg->value.str);
        return TRUE;
    }
    return write_text(dest, t_str_ucase(arg->hdr_field_name), arg->value.str);
}

static bool write_list(string_t *dest, const struct mail_search_arg *arg, const char **error_r)
{
    str_append_c(dest, '(');
    if (!mail_search_args_to_imap(dest, arg, error_r))
        return FALSE;
    str_append_c(dest, ')');
    return TRUE;
}

/** `OR a OR b c`. */
static bool write_or(string_t *dest, const struct mail_search_arg *arg, const char **error_r)
{
    if (arg == NULL) {
        str_append(dest, "NOT ALL");
        return TRUE;
    }
    for (; arg->next != NULL; arg = arg->next) {
        str_append(dest, "OR ");
        if (!mail_search_arg_to_imap(dest, arg, error_r))
            return FALSE;
        str_append_c(dest, ' ');
    }
    return mail_search_arg_to_imap(dest, arg, error_r);
}

static bool write_arg(string_t *dest, const struct mail_search_arg *arg, const char **error_r)
{
    switch (arg->type) {
    case SEARCH_OR:
        return write_or(dest, arg->value.subargs, error_r);
    case SEARCH_SUB:
        return write_list(dest, arg->value.subargs, error_r);
    case SEARCH_ALL:
        str_append(dest, "ALL");
        return TRUE;
    case SEARCH_SEQSET:
        write_set(dest, "", arg);
        return TRUE;
    case SEARCH_UIDSET:
        write_set(dest, arg->value.str == NULL ? "UID " : "", arg);
        return TRUE;
    case SEARCH_REAL_UID:
        write_set(dest, "X-REAL-UID ", arg);
        return TRUE;
    case SEARCH_FLAGS:
        write_flags(dest, arg->value.flags);
        return TRUE;
    case SEARCH_KEYWORDS:
        str_printfa(dest, "KEYWORD %s", arg->value.str);
        return TRUE;
    case SEARCH_BEFORE:
    case SEARCH_ON:
    case SEARCH_SINCE:
        return write_date(dest, arg, error_r);
    case SEARCH_SMALLER:
        str_printfa(dest, "SMALLER %" PRIuUOFF_T, arg->value.size);
        return TRUE;
    case SEARCH_LARGER:
        str_printfa(dest, "LARGER %" PRIuUOFF_T, arg->value.size);
        return TRUE;
    case SEARCH_HEADER:
    case SEARCH_HEADER_ADDRESS:
    case SEARCH_HEADER_COMPRESS_LWSP:
        return write_header(dest, arg);
    case SEARCH_BODY:
        return write_text(dest, "BODY", arg->value.str);
    case SEARCH_TEXT:
        return write_text(dest, "TEXT", arg->value.str);
    case SEARCH_MODSEQ:
        str_printfa(dest, "MODSEQ %" PRIu64, arg->value.modseq->modseq);
        return TRUE;
    case SEARCH_SAVEDATESUPPORTED:
        str_append(dest, "SAVEDATESUPPORTED");
        return TRUE;
    case SEARCH_INTHREAD:
        str_printfa(dest, "INTHREAD %s ", mail_thread_type_to_str(arg->value.thread_type));
        return write_list(dest, arg->value.subargs, error_r);
    case SEARCH_GUID:
        return write_text(dest, "X-GUID", arg->value.str);
    case SEARCH_MAILBOX:
        return write_text(dest, "X-MAILBOX", arg->value.str);
    case SEARCH_MAILBOX_GUID:
        return write_text(dest, "X-MAILBOX-GUID", arg->value.str);
    case SEARCH_MAILBOX_GLOB:
        *error_r = "A mailbox pattern cannot be written in an IMAP search";
        return FALSE;
    case SEARCH_MIMEPART:
        *error_r = "MIMEPART cannot be written in an IMAP search";
        return FALSE;
    }
    i_unreached();
}

bool mail_search_arg_to_imap(string_t *dest, const struct mail_search_arg *arg,
                             const char **error_r)
{
    if (arg->match_not)
        str_append(dest, "NOT ");
    if (arg->fuzzy)
        str_append(dest, "FUZZY ");
    return write_arg(dest, arg, error_r);
}

bool mail_search_args_to_imap(string_t *dest, const struct mail_search_arg *args,
                              const char **error_r)
{
    const struct mail_search_arg *arg;

    for (arg = args; arg != NULL; arg = arg->next) {
        if (arg != args)
            str_append_c(dest, ' ');
        if (!mail_search_arg_to_imap(dest, arg, error_r))
            return FALSE;
    }
    return TRUE;
}
