/*
 * Parameters in pieces and with charsets (RFC 2231). The pieces of one parameter may come in any
 * order and with others between them.
 */
#include "rfc2231-parser.h"
#include "rfc822-parser.h"

#include "array.h"
#include "str.h"

struct piece {
    const char *key; /**< without its number */
    const char *value;
    unsigned int number;
    unsigned int order; /**< in the header */
    bool extended;      /**< percent-encoded */
};
ARRAY_DEFINE_TYPE(piece, struct piece);

/** `name*3*` → name, 3, extended. A single `name*` is no piece of several. */
static bool is_piece(const char *key, struct piece *piece)
{
    size_t length = strlen(key);
    const char *star;

    piece->extended = length > 0 && key[length - 1] == '*';
    if (piece->extended)
        key = t_strndup(key, length - 1);
    star = strrchr(key, '*');
    if (star == NULL || str_to_uint(star + 1, &piece->number) < 0)
        return FALSE;
    piece->key = t_strdup_until(key, star);
    return TRUE;
}

static int piece_cmp(const struct piece *p1, const struct piece *p2)
{
    int ret = strcmp(p1->key, p2->key);

    if (ret == 0)
        ret = p1->number < p2->number ? -1 : p1->number > p2->number ? 1 : 0;
    if (ret == 0)
        ret = p1->order < p2->order ? -1 : 1;
    return ret;
}

/** A plain piece of a parameter whose other pieces are percent-encoded. */
static void append_encoded(string_t *dest, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '%' || *value == '\'' || *value == ' ')
            str_printfa(dest, "%%%02X", (unsigned char)*value);
        else
            str_append_c(dest, *value);
    }
}

/** The parameter that begins at `first`; returns the index behind its last piece. */
static unsigned int join(const struct piece *pieces, unsigned int first, unsigned int count,
                         ARRAY_TYPE(const_string) * result)
{
    string_t *value = t_str_new(64);
    const char *key = pieces[first].key, *joined;
    bool extended = FALSE;
    unsigned int end, expected = 0;

    for (end = first; end < count && strcmp(pieces[end].key, key) == 0; end++)
        extended = extended || (pieces[end].extended && pieces[first].number == 0);
    if (extended && !pieces[first].extended)
        str_append(value, "''");
    for (unsigned int i = first; i < end; i++) {
        if (pieces[i].number != expected)
            continue; /* one is missing, or there twice */
        expected++;
        if (extended && !pieces[i].extended)
            append_encoded(value, pieces[i].value);
        else
            str_append(value, pieces[i].value);
    }
    if (expected > 0) {
        if (extended)
            key = t_strconcat(key, "*", NULL);
        joined = str_c(value);
        array_push_back(result, &key);
        array_push_back(result, &joined);
    }
    return end;
}

int rfc2231_parse(struct rfc822_parser_context *ctx, const char *const **result_r)
{
    ARRAY_TYPE(const_string) result;
    ARRAY_TYPE(piece) pieces;
    const char *key, *old_replacement = ctx->nul_replacement_str;
    string_t *value = t_str_new(64);
    unsigned int count = 0;
    bool broken = FALSE;
    int ret;

    ctx->nul_replacement_str = RFC822_NUL_REPLACEMENT_STR;
    t_array_init(&result, 8);
    t_array_init(&pieces, 8);
    while ((ret = rfc822_parse_content_param(ctx, &key, value)) != 0 &&
           count < RFC2231_MAX_PARAMS) {
        struct piece piece;

        if (ret < 0) {
            /* on to the next parameter */
            broken = TRUE;
            while (ctx->data < ctx->end && *ctx->data != ';')
                ctx->data++;
            continue;
        }
        count++;
        i_zero(&piece);
        piece.value = t_strdup(str_c(value));
        if (is_piece(key, &piece)) {
            piece.order = array_count(&pieces);
            array_push_back(&pieces, &piece);
        } else {
            array_push_back(&result, &key);
            array_push_back(&result, &piece.value);
        }
    }
    ctx->nul_replacement_str = old_replacement;
    array_sort(&pieces, piece_cmp);
    for (unsigned int i = 0; i < array_count(&pieces);)
        i = join(array_front(&pieces), i, array_count(&pieces), &result);
    array_append_zero(&result);
    *result_r = array_front(&result);
    return broken ? -1 : 0;
}
