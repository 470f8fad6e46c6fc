/*
 * Reading arguments (imap-arg-text.h). What is read comes from people and other programs, so lists
 * nest only so deep, and atoms may hold what they must not (`\Seen`, `BODY[TEXT]`, 8-bit characters):
 * they end at white space and parentheses.
 */
#include "format/imap-arg-text.h"

#include "str.h"

#define LIST_DEPTH_MAX 100

struct arg_reader {
    pool_t pool;
    const char *pos, *end;
    const char *error;
    unsigned int depth;
};

static int read_list(struct arg_reader *reader, ARRAY_TYPE(imap_arg_list) * list);

static void set_text(struct imap_arg *arg, enum imap_arg_type type, const char *text, size_t length)
{
    arg->type = type;
    arg->_data.str = text;
    arg->str_len = length;
}

static int read_quoted(struct arg_reader *reader, struct imap_arg *arg)
{
    string_t *text = str_new(reader->pool, 32);

    for (reader->pos++; reader->pos < reader->end; reader->pos++) {
        if (*reader->pos == '"') {
            reader->pos++;
            set_text(arg, IMAP_ARG_STRING, str_c(text), str_len(text));
            return 0;
        }
        if (*reader->pos == '\r' || *reader->pos == '\n')
            break;
        if (*reader->pos == '\\' && reader->pos + 1 < reader->end)
            reader->pos++;
        str_append_c(text, *reader->pos);
    }
    reader->error = "Missing '\"'";
    return -1;
}

/** `{5}`, `{5+}` or `~{5}` and a line end, then five bytes. */
static int read_literal(struct arg_reader *reader, struct imap_arg *arg)
{
    size_t size = 0;

    if (*reader->pos == '~') {
        arg->literal8 = TRUE;
        reader->pos++;
    }
    reader->error = "Invalid literal";
    for (reader->pos++; reader->pos < reader->end && i_isdigit(*reader->pos); reader->pos++) {
        size = size * 10 + (size_t)(*reader->pos - '0');
        if (size > (size_t)(reader->end - reader->pos))
            return -1;
    }
    if (reader->pos < reader->end && *reader->pos == '+')
        reader->pos++;
    if (reader->end - reader->pos < 2 || *reader->pos++ != '}')
        return -1;
    if (*reader->pos == '\r')
        reader->pos++;
    if (reader->pos == reader->end || *reader->pos++ != '\n' ||
        size > (size_t)(reader->end - reader->pos))
        return -1;
    set_text(arg, IMAP_ARG_LITERAL, p_strdup_until(reader->pool, reader->pos, reader->pos + size),
             size);
    reader->pos += size;
    reader->error = NULL;
    return 0;
}

static bool ends_atom(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '(' ||
           byte == ')' || byte == '"' || byte == '\0';
}

static int read_atom(struct arg_reader *reader, struct imap_arg *arg)
{
    const char *start = reader->pos, *text;
    size_t length;

    while (reader->pos < reader->end && !ends_atom(*reader->pos))
        reader->pos++;
    length = (size_t)(reader->pos - start);
    if (length == 0) {
        reader->error = "Unexpected character";
        return -1;
    }
    text = p_strdup_until(reader->pool, start, reader->pos);
    set_text(arg, strcasecmp(text, "NIL") == 0 ? IMAP_ARG_NIL : IMAP_ARG_ATOM, text, length);
    return 0;
}

static int read_sublist(struct arg_reader *reader, struct imap_arg *arg)
{
    if (reader->depth == LIST_DEPTH_MAX) {
        reader->error = "Too many nested lists";
        return -1;
    }
    reader->pos++;
    reader->depth++;
    arg->type = IMAP_ARG_LIST;
    if (read_list(reader, &arg->_data.list) < 0)
        return -1;
    reader->depth--;
    if (reader->pos == reader->end) {
        reader->error = "Missing ')'";
        return -1;
    }
    reader->pos++;
    return 0;
}

static int read_arg(struct arg_reader *reader, struct imap_arg *arg)
{
    switch (*reader->pos) {
    case '"':
        return read_quoted(reader, arg);
    case '(':
        return read_sublist(reader, arg);
    case '{':
        return read_literal(reader, arg);
    case '~':
        if (reader->pos + 1 < reader->end && reader->pos[1] == '{')
            return read_literal(reader, arg);
        return read_atom(reader, arg);
    default:
        return read_atom(reader, arg);
    }
}

/** Up to a `)`, which is left, or the end. */
static int read_list(struct arg_reader *reader, ARRAY_TYPE(imap_arg_list) * list)
{
    struct imap_arg arg;

    p_array_init(list, reader->pool, 4);
    while (reader->pos < reader->end && *reader->pos != ')') {
        if (strchr(" \t\r\n", *reader->pos) != NULL && *reader->pos != '\0') {
            reader->pos++;
            continue;
        }
        i_zero(&arg);
        if (read_arg(reader, &arg) < 0)
            return -1;
        array_push_back(list, &arg);
    }
    i_zero(&arg);
    arg.type = IMAP_ARG_EOL;
    array_push_back(list, &arg);
    return 0;
}

/** The lists do not grow any more: their arguments can be pointed to. */
static void set_parents(ARRAY_TYPE(imap_arg_list) * list, struct imap_arg *parent)
{
    struct imap_arg *arg;

    array_foreach_modifiable(list, arg)
    {
        arg->parent = parent;
        if (arg->type == IMAP_ARG_LIST)
            set_parents(&arg->_data.list, arg);
    }
}

int imap_args_from_text(pool_t pool, const char *text, size_t size, const struct imap_arg **args_r,
                        const char **error_r)
{
    struct arg_reader reader = {.pool = pool, .pos = text, .end = text + size};
    ARRAY_TYPE(imap_arg_list) list;

    if (read_list(&reader, &list) < 0) {
        *error_r = reader.error;
        return -1;
    }
    if (reader.pos < reader.end) {
        *error_r = "Unexpected ')'";
        return -1;
    }
    set_parents(&list, NULL);
    *args_r = array_front(&list);
    return 0;
}
