/*
 * A mail with some of its headers (istream-header-filter.h). What is written of the headers goes
 * through a buffer; the body is copied from the parent.
 */
#include "istream-header-filter.h"

#include "istream-private.h"
#include "message-header-parser.h"
#include "str.h"

struct header_filter_istream {
    struct istream_private istream;
    enum header_filter_flags flags;
    pool_t pool;
    const char **headers;
    unsigned int headers_count;
    header_filter_callback *callback;
    void *context;
    size_t max_header_size;

    struct message_header_parser_ctx *parser; /**< while in the headers */
    buffer_t *out;
    size_t taken;       /**< bytes of `out` that were given */
    size_t header_size; /**< of the header being written */
    bool seen_eoh, body_begun;
    bool line_open;          /**< the last line of the headers had no end */
    unsigned char last_byte; /**< of what was given */
};

static void no_callback(struct header_filter_istream *input ATTR_UNUSED,
                        struct message_header_line *hdr ATTR_UNUSED, bool *matched ATTR_UNUSED,
                        void *context ATTR_UNUSED)
{
}
header_filter_callback *null_header_filter_callback = no_callback;

static struct header_filter_istream *filter_of(struct istream_private *stream)
{
    return container_of(stream, struct header_filter_istream, istream);
}

static void filter_destroy(struct iostream_private *_stream)
{
    struct istream_private *stream = container_of(_stream, struct istream_private, iostream);
    struct header_filter_istream *filter = filter_of(stream);

    if (filter->parser != NULL)
        message_parse_header_deinit(&filter->parser);
    buffer_free(&filter->out);
    pool_unref(&filter->pool);
    i_stream_free_buffer(stream);
}

void i_stream_header_filter_add(struct header_filter_istream *input, const void *data, size_t size)
{
    buffer_append(input->out, data, size);
}

static void add_line_end(struct header_filter_istream *filter, bool was_crlf)
{
    bool crlf = (filter->flags & HEADER_FILTER_CRLF_PRESERVE) != 0
                    ? was_crlf
                    : (filter->flags & HEADER_FILTER_NO_CR) == 0;

    buffer_append(filter->out, crlf ? "\r\n" : "\n", crlf ? 2 : 1);
}

static void add_limited(struct header_filter_istream *filter, const void *data, size_t size)
{
    size = I_MIN(size, filter->max_header_size - filter->header_size);
    filter->header_size += size;
    buffer_append(filter->out, data, size);
}

static void add_header_line(struct header_filter_istream *filter,
                            const struct message_header_line *hdr)
{
    if (!hdr->continued) {
        filter->header_size = 0;
        add_limited(filter, hdr->name, hdr->name_len);
        add_limited(filter, hdr->middle, hdr->middle_len);
    }
    add_limited(filter, hdr->value, hdr->value_len);
    filter->line_open = hdr->no_newline;
    if (!hdr->no_newline)
        add_line_end(filter, hdr->crlf_newline);
}

static bool is_listed(const struct header_filter_istream *filter, const char *name)
{
    unsigned int low = 0, high = filter->headers_count;

    while (low < high) {
        unsigned int middle = (low + high) / 2;
        int cmp = strcasecmp(name, filter->headers[middle]);

        if (cmp == 0)
            return TRUE;
        if (cmp < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return FALSE;
}

static void filter_line(struct header_filter_istream *filter, struct message_header_line *hdr)
{
    bool matched = hdr->eoh || is_listed(filter, hdr->name);

    filter->callback(filter, hdr, &matched, filter->context);
    if (hdr->eoh) {
        filter->seen_eoh = TRUE;
        if (matched)
            add_line_end(filter, hdr->crlf_newline);
    } else if (matched != ((filter->flags & HEADER_FILTER_EXCLUDE) != 0)) {
        add_header_line(filter, hdr);
    }
}

static void end_headers(struct header_filter_istream *filter)
{
    bool matched = FALSE;

    message_parse_header_deinit(&filter->parser);
    filter->callback(filter, NULL, &matched, filter->context);
    if (!filter->seen_eoh && (filter->flags & HEADER_FILTER_ADD_MISSING_EOH) != 0) {
        if (filter->line_open)
            add_line_end(filter, FALSE);
        add_line_end(filter, FALSE);
    }
}

/** Header lines until something is in the buffer. As read(), 1 when there is or they have ended. */
static int read_headers(struct header_filter_istream *filter)
{
    struct istream *parent = filter->istream.parent;
    struct message_header_line *hdr;

    while (filter->out->used == 0 && filter->parser != NULL) {
        int ret = message_parse_header_next(filter->parser, &hdr);

        if (ret == 0)
            return 0;
        if (ret < 0 && parent->stream_errno != 0) {
            filter->istream.istream.stream_errno = parent->stream_errno;
            return -1;
        }
        if (ret > 0)
            filter_line(filter, hdr);
        else
            end_headers(filter);
    }
    return 1;
}

/** Puts bytes into the stream's own buffer, where there is room for them. */
static ssize_t give(struct header_filter_istream *filter, const void *data, size_t size)
{
    struct istream_private *stream = &filter->istream;

    memcpy(stream->w_buffer + stream->pos, data, size);
    stream->pos += size;
    filter->last_byte = stream->w_buffer[stream->pos - 1];
    return (ssize_t)size;
}

/** Whether the body lacks the line end that was asked for; then it is in the buffer now. */
static bool add_last_line_end(struct header_filter_istream *filter)
{
    if (!filter->body_begun || filter->last_byte == '\n' ||
        (filter->flags & HEADER_FILTER_END_BODY_WITH_LF) == 0)
        return FALSE;
    add_line_end(filter, FALSE);
    return TRUE;
}

static ssize_t give_buffered(struct header_filter_istream *filter, size_t room)
{
    size_t size = I_MIN(room, filter->out->used - filter->taken);
    ssize_t given = give(filter, CONST_PTR_OFFSET(filter->out->data, filter->taken), size);

    filter->taken += size;
    if (filter->taken == filter->out->used) {
        buffer_set_used_size(filter->out, 0);
        filter->taken = 0;
    }
    return given;
}

static ssize_t read_body(struct header_filter_istream *filter, size_t room)
{
    struct istream *parent = filter->istream.parent;
    struct istream *stream = &filter->istream.istream;
    const unsigned char *data;
    size_t size;
    int ret;

    if ((filter->flags & HEADER_FILTER_HIDE_BODY) != 0) {
        stream->eof = TRUE;
        return -1;
    }
    ret = i_stream_read_more_memarea(parent, &data, &size);
    if (ret == 0)
        return 0;
    if (ret < 0) {
        stream->stream_errno = parent->stream_errno;
        if (stream->stream_errno == 0 && add_last_line_end(filter))
            return give_buffered(filter, room);
        stream->eof = TRUE;
        return -1;
    }
    filter->body_begun = TRUE;
    size = I_MIN(size, room);
    (void)give(filter, data, size);
    i_stream_skip(parent, size);
    return (ssize_t)size;
}

static ssize_t filter_read(struct istream_private *stream)
{
    struct header_filter_istream *filter = filter_of(stream);
    size_t room;

    if (!i_stream_try_alloc(stream, 1, &room))
        return -2;
    if (filter->out->used == 0) {
        int ret = read_headers(filter);

        if (ret <= 0)
            return ret;
    }
    return filter->out->used > 0 ? give_buffered(filter, room) : read_body(filter, room);
}

static void begin(struct header_filter_istream *filter)
{
    if (filter->parser != NULL)
        message_parse_header_deinit(&filter->parser);
    filter->parser = message_parse_header_init(filter->istream.parent, NULL, 0);
    buffer_set_used_size(filter->out, 0);
    filter->taken = filter->header_size = 0;
    filter->seen_eoh = filter->body_begun = filter->line_open = FALSE;
    filter->last_byte = '\0';
}

static void filter_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    if (i_stream_nonseekable_try_seek(stream, v_offset))
        return;
    stream->istream.v_offset = 0;
    stream->skip = stream->pos = stream->high_pos = 0;
    begin(filter_of(stream));
    stream->parent_expected_offset = stream->parent_start_offset;
    (void)i_stream_nonseekable_try_seek(stream, v_offset);
}

#undef i_stream_create_header_filter
struct istream *i_stream_create_header_filter(struct istream *input, enum header_filter_flags flags,
                                              const char *const *headers,
                                              unsigned int headers_count,
                                              header_filter_callback *callback, void *context)
{
    struct header_filter_istream *filter = i_new(struct header_filter_istream, 1);
    struct istream *stream;

    i_assert(((flags & HEADER_FILTER_INCLUDE) != 0) != ((flags & HEADER_FILTER_EXCLUDE) != 0));
    filter->pool = pool_alloconly_create(MEMPOOL_GROWING "header filter", 256);
    filter->flags = flags;
    filter->headers = p_new(filter->pool, const char *, headers_count + 1);
    filter->headers_count = headers_count;
    for (unsigned int i = 0; i < headers_count; i++)
        filter->headers[i] = p_strdup(filter->pool, headers[i]);
    filter->callback = callback;
    filter->context = context;
    filter->max_header_size = SIZE_MAX;
    filter->out = buffer_create_dynamic(default_pool, 1024);
    filter->istream.max_buffer_size = input->real_stream->max_buffer_size;
    filter->istream.read = filter_read;
    filter->istream.seek = filter_seek;
    filter->istream.iostream.destroy = filter_destroy;
    filter->istream.istream.blocking = input->blocking;
    filter->istream.istream.seekable = input->seekable;
    stream = i_stream_create(&filter->istream, input, i_stream_get_fd(input), 0);
    begin(filter);
    return stream;
}

void i_stream_header_filter_set_max_header_block_size(struct istream *input,
                                                      size_t max_header_block_size)
{
    filter_of(input->real_stream)->max_header_size = max_header_block_size;
}
