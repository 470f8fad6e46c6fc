/*
 * The MIME parser: which part a byte of a message belongs to. It reads headers only as far as that
 * needs: types, boundaries, MIME-Version.
 *
 * A newline before a boundary belongs to the boundary, so the last newline of what is in the
 * stream's buffer is held back until the next line is known.
 */
#include "message-parser.h"
#include "format/header-parser.h"
#include "format/line-count.h"
#include "format/mime-boundary.h"
#include "format/mime-type.h"

#include "istream.h"

struct message_parser_ctx {
    pool_t part_pool;
    struct istream *input;
    struct message_parser_settings set;

    struct message_part *parts, *part;
    unsigned int part_count, nesting;
    struct mime_boundary *boundaries; /**< innermost first */

    struct message_header_parser_ctx *hdr_parser; /**< while in a header */
    struct mime_type type;                        /**< of the header being parsed */
    bool type_seen;

    int (*next_block)(struct message_parser_ctx *ctx, struct message_block *block_r);
    size_t skip;     /**< bytes of the block given last */
    bool line_start; /**< the stream stands at the beginning of a line */
    bool last_cr;
    bool closing; /**< the boundary being read ends its multipart */
};

static int next_body(struct message_parser_ctx *ctx, struct message_block *block_r);
static int next_boundary(struct message_parser_ctx *ctx, struct message_block *block_r);
static int next_boundary_rest(struct message_parser_ctx *ctx, struct message_block *block_r);
static int next_header(struct message_parser_ctx *ctx, struct message_block *block_r);

/* ---- Parts -------------------------------------------------------------------------------------- */

static struct message_part *new_part(struct message_parser_ctx *ctx, struct message_part *parent)
{
    struct message_part *part = p_new(ctx->part_pool, struct message_part, 1);

    part->parent = parent;
    part->physical_pos = ctx->input->v_offset;
    for (struct message_part *above = parent; above != NULL; above = above->parent)
        above->children_count++;
    ctx->part = part;
    ctx->part_count++;
    ctx->hdr_parser = message_parse_header_init(ctx->input, &part->header_size, ctx->set.hdr_flags);
    message_parse_header_lower_limit(ctx->hdr_parser, ctx->set.all_headers_max_size);
    mime_type_reset(&ctx->type);
    ctx->type_seen = FALSE;
    ctx->next_block = next_header;
    return part;
}

/** The next part of the innermost multipart; the last one allowed takes all that follows. */
static int next_child(struct message_parser_ctx *ctx, struct message_block *block_r)
{
    struct mime_boundary *boundary = ctx->boundaries;
    struct message_part *child = new_part(ctx, boundary->part);

    if (boundary->last_child == NULL)
        boundary->part->children = child;
    else
        boundary->last_child->next = child;
    boundary->last_child = child;
    if (ctx->part_count >= ctx->set.max_total_mime_parts) {
        child->flags |= MESSAGE_PART_FLAG_OVERFLOW;
        mime_boundary_pop(&ctx->boundaries, NULL);
    }
    return next_header(ctx, block_r);
}

/** A part has ended: its bytes are its parent's too. */
static void add_to_parent(struct message_part *part)
{
    if (part->parent == NULL)
        return;
    message_size_add(&part->parent->body_size, &part->header_size);
    message_size_add(&part->parent->body_size, &part->body_size);
    part->parent->flags |= part->flags & MESSAGE_PART_FLAG_HAS_NULS;
}

/** Ends all parts inside `outer`, which is the current one then; with NULL, the whole message. */
static void end_parts_inside(struct message_parser_ctx *ctx, struct message_part *outer)
{
    for (; ctx->part != outer; ctx->part = ctx->part->parent) {
        add_to_parent(ctx->part);
        if ((ctx->part->flags & (MESSAGE_PART_FLAG_MULTIPART | MESSAGE_PART_FLAG_MESSAGE_RFC822)) !=
            0)
            ctx->nesting--;
    }
}

/* ---- Headers ------------------------------------------------------------------------------------ */

/** Whether the stream, at the beginning of a line, stands at a boundary. */
static bool at_boundary(const struct message_parser_ctx *ctx)
{
    size_t size;
    const unsigned char *data = i_stream_get_data(ctx->input, &size);
    bool closing;

    return mime_boundary_find(ctx->boundaries, data, size, &closing) != NULL;
}

static void read_type_header(struct message_parser_ctx *ctx, struct message_header_line *hdr)
{
    if (strcasecmp(hdr->name, "MIME-Version") == 0) {
        ctx->part->flags |= MESSAGE_PART_FLAG_IS_MIME;
        return;
    }
    if (ctx->type_seen || strcasecmp(hdr->name, "Content-Type") != 0)
        return;
    if (hdr->continues) {
        hdr->use_full_value = TRUE;
        return;
    }
    ctx->type_seen = TRUE;
    T_BEGIN
    {
        mime_type_parse(&ctx->type, hdr->full_value, hdr->full_value_len);
    }
    T_END;
}

static bool is_mime(const struct message_parser_ctx *ctx)
{
    const struct message_part *part = ctx->part;

    if ((ctx->set.flags & MESSAGE_PARSER_FLAG_MIME_VERSION_STRICT) == 0)
        return TRUE;
    if (part->parent != NULL && (part->parent->flags & MESSAGE_PART_FLAG_MULTIPART) != 0)
        return TRUE;
    return (part->flags & MESSAGE_PART_FLAG_IS_MIME) != 0;
}

static bool too_many(struct message_parser_ctx *ctx)
{
    if (ctx->nesting < ctx->set.max_nested_mime_parts &&
        ctx->part_count < ctx->set.max_total_mime_parts)
        return FALSE;
    ctx->part->flags |= MESSAGE_PART_FLAG_OVERFLOW;
    return TRUE;
}

/** The header has ended: what the body is like. */
static void begin_body(struct message_parser_ctx *ctx)
{
    struct message_part *part = ctx->part;

    ctx->next_block = next_body;
    ctx->line_start = TRUE;
    ctx->last_cr = FALSE;
    if (!ctx->type_seen || !is_mime(ctx)) {
        bool in_digest =
            part->parent != NULL && (part->parent->flags & MESSAGE_PART_FLAG_MULTIPART_DIGEST) != 0;

        ctx->type.kind = in_digest ? MIME_MESSAGE : MIME_TEXT;
    }
    switch (ctx->type.kind) {
    case MIME_TEXT:
        part->flags |= MESSAGE_PART_FLAG_TEXT;
        break;
    case MIME_MULTIPART:
    case MIME_DIGEST:
        if (ctx->type.boundary[0] == '\0' || too_many(ctx))
            break;
        part->flags |= MESSAGE_PART_FLAG_MULTIPART;
        if (ctx->type.kind == MIME_DIGEST)
            part->flags |= MESSAGE_PART_FLAG_MULTIPART_DIGEST;
        ctx->nesting++;
        mime_boundary_push(&ctx->boundaries, part, ctx->type.boundary);
        break;
    case MIME_MESSAGE:
        if (too_many(ctx))
            break;
        part->flags |= MESSAGE_PART_FLAG_MESSAGE_RFC822;
        ctx->nesting++;
        part->children = new_part(ctx, part);
        break;
    case MIME_OTHER:
        break;
    }
}

static void end_header(struct message_parser_ctx *ctx)
{
    uoff_t size;

    if (message_parse_header_has_nuls(ctx->hdr_parser))
        ctx->part->flags |= MESSAGE_PART_FLAG_HAS_NULS;
    message_parse_header_deinit(&ctx->hdr_parser);
    size = ctx->part->header_size.physical_size;
    ctx->set.all_headers_max_size -= I_MIN(size, ctx->set.all_headers_max_size);
    begin_body(ctx);
}

static int next_header(struct message_parser_ctx *ctx, struct message_block *block_r)
{
    struct message_header_line *hdr;
    int ret = message_parse_header_next(ctx->hdr_parser, &hdr);

    if (ret == 0 || (ret < 0 && ctx->input->stream_errno != 0))
        return ret;
    block_r->part = ctx->part;
    if (ret > 0 && ctx->boundaries != NULL && !hdr->continued && at_boundary(ctx)) {
        message_parse_header_unread(ctx->hdr_parser);
        ret = -1;
    }
    if (ret < 0 || hdr->eoh) {
        end_header(ctx);
        return 1;
    }
    read_type_header(ctx, hdr);
    block_r->hdr = hdr;
    return 1;
}

/* ---- Bodies ------------------------------------------------------------------------------------- */

static bool body_is_wanted(const struct message_parser_ctx *ctx)
{
    if ((ctx->set.flags & MESSAGE_PARSER_FLAG_SKIP_BODY_BLOCK) != 0)
        return FALSE;
    return (ctx->part->flags & MESSAGE_PART_FLAG_MULTIPART) == 0 ||
           (ctx->set.flags & MESSAGE_PARSER_FLAG_INCLUDE_MULTIPART_BLOCKS) != 0;
}

/** Makes data[0..size) of the stream's buffer a block of the current part's body. */
static void take(struct message_parser_ctx *ctx, const unsigned char *data, size_t size,
                 struct message_block *block_r)
{
    bool has_nuls = FALSE;

    message_size_count(&ctx->part->body_size, data, size, &ctx->last_cr, &has_nuls);
    if (has_nuls)
        ctx->part->flags |= MESSAGE_PART_FLAG_HAS_NULS;
    ctx->line_start = data[size - 1] == '\n';
    ctx->skip = size;
    block_r->part = ctx->part;
    block_r->data = data;
    block_r->size = size;
}

/** Marks a block that the caller did not ask for. */
static void hide(struct message_block *block_r)
{
    block_r->part = NULL;
}

static int next_body(struct message_parser_ctx *ctx, struct message_block *block_r)
{
    const unsigned char *data;
    struct mime_scan scan;
    size_t size, seen = 0;
    bool at_end;

    for (;;) {
        int ret = i_stream_read_data(ctx->input, &data, &size, seen);

        if (ret == 0)
            return 0;
        if (ret < 0 && ctx->input->stream_errno != 0)
            return -1;
        at_end = ret < 0;
        if (size == 0)
            return -1;
        scan = mime_boundary_scan(ctx->boundaries, data, size, ctx->line_start, at_end);
        if (scan.body > 0)
            break;
        if (scan.boundary) {
            ctx->next_block = next_boundary;
            return next_boundary(ctx, block_r);
        }
        seen = size;
    }
    take(ctx, data, scan.body, block_r);
    if (!body_is_wanted(ctx))
        hide(block_r);
    return 1;
}

/* ---- Boundaries --------------------------------------------------------------------------------- */

static int give_boundary(struct message_parser_ctx *ctx, const unsigned char *data, size_t size,
                         struct message_block *block_r)
{
    take(ctx, data, size, block_r);
    if ((ctx->set.flags & MESSAGE_PARSER_FLAG_INCLUDE_BOUNDARIES) == 0)
        hide(block_r);
    return 1;
}

/** The stream stands at a boundary, or at the newline that belongs to it. */
static int next_boundary(struct message_parser_ctx *ctx, struct message_block *block_r)
{
    size_t size, pos;
    const unsigned char *data = i_stream_get_data(ctx->input, &size);
    struct mime_boundary *boundary;

    pos = data[0] == '\n' ? 1 : data[0] == '\r' ? 2 : 0;
    boundary = mime_boundary_find(ctx->boundaries, data + pos, size - pos, &ctx->closing);
    i_assert(boundary != NULL);
    pos += 2 + boundary->length + (ctx->closing ? 2 : 0);
    end_parts_inside(ctx, boundary->part);
    if (ctx->closing) {
        mime_boundary_pop(&ctx->boundaries, boundary);
    } else if (boundary != ctx->boundaries) {
        struct mime_boundary *inner = ctx->boundaries;

        while (inner->outer != boundary)
            inner = inner->outer;
        mime_boundary_pop(&ctx->boundaries, inner);
    }
    ctx->next_block = next_boundary_rest;
    return give_boundary(ctx, data, pos, block_r);
}

/** What stands behind a boundary up to the end of its line. */
static int next_boundary_rest(struct message_parser_ctx *ctx, struct message_block *block_r)
{
    const unsigned char *data, *newline;
    size_t size;
    int ret = i_stream_read_more(ctx->input, &data, &size);

    if (ret <= 0)
        return ret;
    newline = memchr(data, '\n', size);
    if (newline != NULL) {
        size = (size_t)(newline - data) + 1;
        ctx->next_block = ctx->closing ? next_body : next_child;
    }
    return give_boundary(ctx, data, size, block_r);
}

/* ---- The face ----------------------------------------------------------------------------------- */

struct message_parser_ctx *message_parser_init(pool_t part_pool, struct istream *input,
                                               const struct message_parser_settings *set)
{
    struct message_parser_ctx *ctx = i_new(struct message_parser_ctx, 1);

    ctx->part_pool = part_pool;
    pool_ref(part_pool);
    ctx->input = input;
    i_stream_ref(input);
    ctx->set = *set;
    if (ctx->set.max_nested_mime_parts == 0)
        ctx->set.max_nested_mime_parts = MESSAGE_PARSER_DEFAULT_MAX_NESTED_MIME_PARTS;
    if (ctx->set.max_total_mime_parts == 0)
        ctx->set.max_total_mime_parts = MESSAGE_PARSER_DEFAULT_MAX_TOTAL_MIME_PARTS;
    if (ctx->set.all_headers_max_size == 0)
        ctx->set.all_headers_max_size = MESSAGE_PARSER_DEFAULT_ALL_HEADERS_MAX_SIZE;
    ctx->parts = new_part(ctx, NULL);
    return ctx;
}

void message_parser_deinit(struct message_parser_ctx **_ctx, struct message_part **parts_r)
{
    struct message_parser_ctx *ctx = *_ctx;

    *_ctx = NULL;
    if (ctx->hdr_parser != NULL)
        message_parse_header_deinit(&ctx->hdr_parser);
    if (ctx->skip > 0)
        i_stream_skip(ctx->input, ctx->skip);
    end_parts_inside(ctx, NULL);
    *parts_r = ctx->parts;
    mime_boundary_pop(&ctx->boundaries, NULL);
    i_stream_unref(&ctx->input);
    pool_unref(&ctx->part_pool);
    i_free(ctx);
}

int message_parser_parse_next_block(struct message_parser_ctx *ctx, struct message_block *block_r)
{
    int ret;

    do {
        if (ctx->skip > 0)
            i_stream_skip(ctx->input, ctx->skip);
        ctx->skip = 0;
        i_zero(block_r);
        ret = ctx->next_block(ctx, block_r);
    } while (ret > 0 && block_r->part == NULL);
    return ret;
}
