/*
 * The header parser: finds the lines, divides each into name and value, and joins folded values for
 * those who ask. What names and values mean is left to others.
 *
 * A line stays in the stream's buffer while the caller looks at it and is skipped by the next call,
 * so that nothing is copied but names and folded values.
 */
#include "format/header-parser.h"

#include "istream.h"
#include "message-size.h"
#include "str.h"
#include "unichar.h"

struct message_header_parser_ctx {
    struct message_header_line line;
    struct istream *input;
    enum message_header_parser_flags flags;

    struct message_size *hdr_size;
    struct message_size size_before_line;
    struct message_size own_size; /**< where nobody asked for it */

    string_t *name;
    buffer_t *full_value;
    size_t full_value_room; /**< how much more may be kept for this block */

    size_t skip;      /**< bytes of the line given last */
    size_t scanned;   /**< bytes of the next line known to hold no LF */
    bool value_begun; /**< some line of this header had a value */
    bool ended;
    bool has_nuls;
};

struct message_header_parser_ctx *message_parse_header_init(struct istream *input,
                                                            struct message_size *hdr_size,
                                                            enum message_header_parser_flags flags)
{
    struct message_header_parser_ctx *ctx = i_new(struct message_header_parser_ctx, 1);

    ctx->input = input;
    ctx->flags = flags;
    ctx->hdr_size = hdr_size != NULL ? hdr_size : &ctx->own_size;
    i_zero(ctx->hdr_size);
    ctx->name = str_new(default_pool, 64);
    ctx->full_value = buffer_create_dynamic(default_pool, 256);
    ctx->full_value_room = MESSAGE_HEADER_BLOCK_DEFAULT_MAX_SIZE;
    return ctx;
}

static void skip_given_line(struct message_header_parser_ctx *ctx)
{
    if (ctx->skip > 0)
        i_stream_skip(ctx->input, ctx->skip);
    ctx->skip = 0;
}

void message_parse_header_deinit(struct message_header_parser_ctx **_ctx)
{
    struct message_header_parser_ctx *ctx = *_ctx;

    *_ctx = NULL;
    skip_given_line(ctx);
    buffer_free(&ctx->full_value);
    str_free(&ctx->name);
    i_free(ctx);
}

void message_parse_header_set_limit(struct message_header_parser_ctx *parser,
                                    size_t header_block_max_size)
{
    parser->full_value_room = header_block_max_size;
}

void message_parse_header_lower_limit(struct message_header_parser_ctx *parser,
                                      size_t header_block_max_size)
{
    if (parser->full_value_room > header_block_max_size)
        parser->full_value_room = header_block_max_size;
}

bool message_parse_header_has_nuls(const struct message_header_parser_ctx *ctx)
{
    return ctx->has_nuls;
}

void message_parse_header_unread(struct message_header_parser_ctx *ctx)
{
    ctx->skip = 0;
    *ctx->hdr_size = ctx->size_before_line;
    ctx->ended = TRUE;
}

/** A line in the stream's buffer. */
struct raw_line {
    const unsigned char *data;
    size_t length;     /**< without its end */
    size_t end_length; /**< 0: no newline, 1: LF, 2: CRLF */
    bool continues;
};

/** A piece of a line that the stream's buffer cannot hold; a CR at its end may belong to the LF. */
static void take_piece(struct raw_line *line, const unsigned char *data, size_t size)
{
    line->data = data;
    line->length = size > 1 && data[size - 1] == '\r' ? size - 1 : size;
    line->end_length = 0;
    line->continues = TRUE;
}

static bool is_end_of_headers(const struct message_header_parser_ctx *ctx,
                              const unsigned char *data, size_t length)
{
    return !ctx->line.continues && (length == 0 || (length == 1 && data[0] == '\r'));
}

/** 1, 0 or -1 as message_parse_header_next(). One byte behind the line is looked at. */
static int read_line(struct message_header_parser_ctx *ctx, struct raw_line *line)
{
    const unsigned char *data, *newline;
    size_t size, length;
    int ret;

    for (;;) {
        data = i_stream_get_data(ctx->input, &size);
        newline =
            size > ctx->scanned ? memchr(data + ctx->scanned, '\n', size - ctx->scanned) : NULL;
        length = newline != NULL ? (size_t)(newline - data) : size;
        if (newline != NULL && (length + 1 < size || is_end_of_headers(ctx, data, length)))
            break;
        ctx->scanned = length;
        ret = i_stream_read_data(ctx->input, &data, &size, size);
        if (ret > 0)
            continue;
        if (ret == 0)
            return 0;
        if (ret == -2 && length > 0) {
            take_piece(line, data, length);
            return 1;
        }
        if (size == 0 || ctx->input->stream_errno != 0)
            return -1;
        break;
    }
    line->data = data;
    line->end_length = newline == NULL ? 0 : length > 0 && data[length - 1] == '\r' ? 2 : 1;
    line->length = line->end_length == 2 ? length - 1 : length;
    line->continues = newline != NULL && length + 1 < size && IS_LWSP(data[length + 1]) &&
                      !is_end_of_headers(ctx, data, length);
    return 1;
}

static void add_size(struct message_header_parser_ctx *ctx, const struct raw_line *line)
{
    ctx->size_before_line = *ctx->hdr_size;
    ctx->hdr_size->physical_size += ctx->skip;
    ctx->hdr_size->virtual_size += ctx->skip + (line->end_length == 1 ? 1 : 0);
    ctx->hdr_size->lines += line->end_length > 0 ? 1 : 0;
    if (memchr(line->data, '\0', line->length) != NULL)
        ctx->has_nuls = TRUE;
}

static size_t skip_lwsp(const unsigned char *data, size_t pos, size_t length)
{
    while (pos < length && IS_LWSP(data[pos]))
        pos++;
    return pos;
}

static void set_value(struct message_header_line *hdr, const struct raw_line *line, size_t pos)
{
    hdr->value = line->data + pos;
    hdr->value_len = line->length - pos;
}

static void begin_header(struct message_header_parser_ctx *ctx, const struct raw_line *line)
{
    struct message_header_line *hdr = &ctx->line;
    const unsigned char *colon =
        line->length == 0 || IS_LWSP(line->data[0]) ? NULL : memchr(line->data, ':', line->length);
    size_t name_len = colon == NULL ? 0 : (size_t)(colon - line->data);
    size_t value_pos = 0;

    if (colon != NULL) {
        value_pos = skip_lwsp(line->data, name_len + 1, line->length);
        if (value_pos == line->length && value_pos > name_len + 2 &&
            (ctx->flags & MESSAGE_HEADER_PARSER_FLAG_SKIP_INITIAL_LWSP) == 0)
            value_pos = name_len + 2;
    }
    while (name_len > 0 && IS_LWSP(line->data[name_len - 1]))
        name_len--;
    str_truncate(ctx->name, 0);
    str_append_data(ctx->name, line->data, name_len);
    hdr->name = str_c(ctx->name);
    hdr->name_len = name_len;
    hdr->middle = line->data + name_len;
    hdr->middle_len = value_pos - name_len;
    set_value(hdr, line, value_pos);
    hdr->full_value = hdr->value;
    hdr->full_value_len = hdr->value_len;
    hdr->name_offset = ctx->input->v_offset;
    hdr->full_value_offset = ctx->input->v_offset + value_pos;
    hdr->use_full_value = FALSE;
    ctx->value_begun = hdr->value_len > 0;
}

static void keep_value(struct message_header_parser_ctx *ctx, const void *data, size_t size)
{
    if (size > ctx->full_value_room)
        size = ctx->full_value_room;
    ctx->full_value_room -= size;
    buffer_append(ctx->full_value, data, size);
}

static void continue_header(struct message_header_parser_ctx *ctx, const struct raw_line *line)
{
    struct message_header_line *hdr = &ctx->line;
    size_t pos = 0, value_pos;

    hdr->middle_len = 0;
    set_value(hdr, line, 0);
    if (hdr->no_newline) {
        /* the next piece of a long line */
    } else if (!ctx->value_begun &&
               (ctx->flags & MESSAGE_HEADER_PARSER_FLAG_SKIP_INITIAL_LWSP) != 0) {
        pos = skip_lwsp(line->data, 0, line->length);
        set_value(hdr, line, pos);
    } else if (hdr->use_full_value) {
        if ((ctx->flags & MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE) != 0) {
            pos = skip_lwsp(line->data, 0, line->length);
            keep_value(ctx, " ", 1);
        } else if (hdr->crlf_newline && (ctx->flags & MESSAGE_HEADER_PARSER_FLAG_DROP_CR) == 0) {
            keep_value(ctx, "\r\n", 2);
        } else {
            keep_value(ctx, "\n", 1);
        }
    }
    value_pos = skip_lwsp(line->data, pos, line->length);
    if (value_pos < line->length)
        ctx->value_begun = TRUE;
    if (!hdr->use_full_value)
        return;
    keep_value(ctx, line->data + pos, line->length - pos);
    hdr->full_value = ctx->full_value->data;
    hdr->full_value_len = ctx->full_value->used;
}

static void end_headers(struct message_header_parser_ctx *ctx, const struct raw_line *line)
{
    struct message_header_line *hdr = &ctx->line;

    i_zero(hdr);
    hdr->name = "";
    hdr->value = hdr->full_value = hdr->middle = line->data;
    hdr->name_offset = hdr->full_value_offset = ctx->input->v_offset;
    hdr->eoh = TRUE;
    ctx->ended = TRUE;
}

int message_parse_header_next(struct message_header_parser_ctx *ctx,
                              struct message_header_line **hdr_r)
{
    struct message_header_line *hdr = &ctx->line;
    struct raw_line line = {NULL, 0, 0, FALSE};
    int ret;

    *hdr_r = NULL;
    if (hdr->continues && !hdr->continued && hdr->use_full_value && ctx->skip > 0) {
        buffer_set_used_size(ctx->full_value, 0);
        keep_value(ctx, hdr->value, hdr->value_len);
    }
    skip_given_line(ctx);
    if (ctx->ended)
        return -1;
    ret = read_line(ctx, &line);
    if (ret <= 0)
        return ret;
    ctx->scanned = 0;
    ctx->skip = line.length + line.end_length;
    add_size(ctx, &line);
    if (line.end_length > 0 && is_end_of_headers(ctx, line.data, line.length)) {
        end_headers(ctx, &line);
    } else {
        hdr->continued = hdr->continues;
        if (hdr->continued)
            continue_header(ctx, &line);
        else
            begin_header(ctx, &line);
        hdr->continues = line.continues;
    }
    hdr->no_newline = line.end_length == 0;
    hdr->crlf_newline = line.end_length == 2;
    *hdr_r = hdr;
    return 1;
}

#undef message_parse_header
void message_parse_header(struct istream *input, struct message_size *hdr_size,
                          enum message_header_parser_flags flags,
                          message_header_callback_t *callback, void *context)
{
    struct message_header_parser_ctx *ctx = message_parse_header_init(input, hdr_size, flags);
    struct message_header_line *hdr;
    int ret;

    while ((ret = message_parse_header_next(ctx, &hdr)) > 0)
        callback(hdr, context);
    i_assert(ret != 0);
    message_parse_header_deinit(&ctx);
    callback(NULL, context);
}

void message_header_line_write(buffer_t *output, const struct message_header_line *hdr)
{
    if (!hdr->continued) {
        buffer_append(output, hdr->name, hdr->name_len);
        buffer_append(output, hdr->middle, hdr->middle_len);
    }
    buffer_append(output, hdr->value, hdr->value_len);
    if (!hdr->no_newline)
        buffer_append(output, hdr->crlf_newline ? "\r\n" : "\n", hdr->crlf_newline ? 2 : 1);
}

const char *message_header_strdup(pool_t pool, const unsigned char *data, size_t size)
{
    string_t *str;
    const unsigned char *nul;

    if (memchr(data, '\0', size) == NULL)
        return p_strndup(pool, data, size);
    str = str_new(pool, size + 16);
    while ((nul = memchr(data, '\0', size)) != NULL) {
        str_append_data(str, data, (size_t)(nul - data));
        str_append(str, UNICODE_REPLACEMENT_CHAR_UTF8);
        size -= (size_t)(nul - data) + 1;
        data = nul + 1;
    }
    str_append_data(str, data, size);
    return str_c(str);
}

bool message_header_name_is_valid(const char *name)
{
    const unsigned char *byte = (const unsigned char *)name;

    for (; *byte != '\0'; byte++) {
        if (*byte <= 0x20 || *byte >= 0x7f || *byte == ':')
            return FALSE;
    }
    return name[0] != '\0';
}
