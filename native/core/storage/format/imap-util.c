/*
 * Flags, sequence sets and arguments as IMAP text (imap-util.h).
 */
#include "imap-util.h"

#include "imap-arg.h"
#include "imap-quote.h"
#include "str.h"
#include "unichar.h"

static const struct {
    enum mail_flags flag;
    const char *name;
} system_flags[] = {
    {MAIL_ANSWERED, "\\Answered"}, {MAIL_FLAGGED, "\\Flagged"}, {MAIL_DELETED, "\\Deleted"},
    {MAIL_SEEN, "\\Seen"},         {MAIL_DRAFT, "\\Draft"},     {MAIL_RECENT, "\\Recent"},
};

static void separate(string_t *dest, size_t begun)
{
    if (str_len(dest) > begun)
        str_append_c(dest, ' ');
}

void imap_write_flags(string_t *dest, enum mail_flags flags, const char *const *keywords)
{
    size_t begun = str_len(dest);

    for (unsigned int i = 0; i < N_ELEMENTS(system_flags); i++) {
        if ((flags & system_flags[i].flag) == 0)
            continue;
        separate(dest, begun);
        str_append(dest, system_flags[i].name);
    }
    for (; keywords != NULL && *keywords != NULL; keywords++) {
        separate(dest, begun);
        str_append(dest, *keywords);
    }
}

enum mail_flags imap_parse_system_flag(const char *str)
{
    for (unsigned int i = 0; i < N_ELEMENTS(system_flags); i++) {
        if (strcasecmp(str, system_flags[i].name) == 0)
            return system_flags[i].flag;
    }
    return 0;
}

void imap_write_seq_range(string_t *dest, const ARRAY_TYPE(seq_range) * array)
{
    const struct seq_range *range;
    size_t begun = str_len(dest);

    array_foreach(array, range)
    {
        if (str_len(dest) > begun)
            str_append_c(dest, ',');
        str_printfa(dest, "%u", range->seq1);
        if (range->seq1 == range->seq2)
            continue;
        if (range->seq2 == (uint32_t)-1)
            str_append(dest, ":*");
        else
            str_printfa(dest, ":%u", range->seq2);
    }
}

static void write_quoted(string_t *dest, const char *str)
{
    str_append_c(dest, '"');
    for (; *str != '\0'; str++) {
        if (IS_QUOTED_SPECIAL(*str))
            str_append_c(dest, '\\');
        str_append_c(dest, *str);
    }
    str_append_c(dest, '"');
}

void imap_write_arg(string_t *dest, const struct imap_arg *arg)
{
    switch (arg->type) {
    case IMAP_ARG_NIL:
        str_append(dest, "NIL");
        break;
    case IMAP_ARG_ATOM:
        str_append(dest, imap_arg_as_astring(arg));
        break;
    case IMAP_ARG_STRING:
        write_quoted(dest, imap_arg_as_astring(arg));
        break;
    case IMAP_ARG_LITERAL: {
        const char *text = imap_arg_as_astring(arg);

        str_printfa(dest, "{%zu}\r\n%s", strlen(text), text);
        break;
    }
    case IMAP_ARG_LIST:
        str_append_c(dest, '(');
        imap_write_args(dest, imap_arg_as_list(arg));
        str_append_c(dest, ')');
        break;
    case IMAP_ARG_LITERAL_SIZE:
    case IMAP_ARG_LITERAL_SIZE_NONSYNC:
        str_printfa(dest, "{%llu}\r\n<too large>",
                    (unsigned long long)imap_arg_as_literal_size(arg));
        break;
    case IMAP_ARG_EOL:
        i_unreached();
    }
}

void imap_write_args(string_t *dest, const struct imap_arg *args)
{
    for (bool first = TRUE; !IMAP_ARG_IS_EOL(args); args++, first = FALSE) {
        if (!first)
            str_append_c(dest, ' ');
        imap_write_arg(dest, args);
    }
}

static void write_text_for_human(string_t *dest, const struct imap_arg *arg)
{
    const char *text = imap_arg_as_astring(arg);

    if (strpbrk(text, "\r\n") != NULL) {
        str_printfa(dest, "<%zu byte multi-line literal>", strlen(text));
        return;
    }
    if (arg->type == IMAP_ARG_ATOM)
        str_append(dest, text);
    else
        write_quoted(dest, text);
}

/** Takes out what a line of a log cannot show, from `begun` on. */
static void clean_for_human(string_t *dest, size_t begun)
{
    size_t size = str_len(dest) - begun;
    unsigned char *data = buffer_get_space_unsafe(dest, begun, size);
    buffer_t *valid;

    for (size_t i = 0; i < size; i++) {
        if (data[i] < 0x20 || data[i] == 0x7f)
            data[i] = '?';
    }
    valid = t_buffer_create(size + 16);
    if (!uni_utf8_get_valid_data(data, size, valid)) {
        str_truncate(dest, begun);
        str_append_str(dest, valid);
    }
}

void imap_write_args_for_human(string_t *dest, const struct imap_arg *args)
{
    size_t begun = str_len(dest);

    for (bool first = TRUE; !IMAP_ARG_IS_EOL(args); args++, first = FALSE) {
        if (!first)
            str_append_c(dest, ' ');
        if (IMAP_ARG_IS_ASTRING(args)) {
            write_text_for_human(dest, args);
        } else if (args->type == IMAP_ARG_LIST) {
            str_append_c(dest, '(');
            imap_write_args_for_human(dest, imap_arg_as_list(args));
            str_append_c(dest, ')');
        } else if (args->type == IMAP_ARG_NIL) {
            str_append(dest, "NIL");
        } else {
            str_printfa(dest, "<%llu byte literal>",
                        (unsigned long long)imap_arg_as_literal_size(args));
        }
    }
    clean_for_human(dest, begun);
}

const char *imap_args_to_str(const struct imap_arg *args)
{
    string_t *dest = t_str_new(128);

    imap_write_args(dest, args);
    return str_c(dest);
}
