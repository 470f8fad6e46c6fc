/*
 * A part of a message without its transfer encoding (RFC 3516): the pieces between encoded parts with
 * CRLF line ends, the encoded ones decoded, their headers saying so.
 */
#include "lib.h"

#include "array.h"
#include "base.h"
#include "istream-base64.h"
#include "istream-concat.h"
#include "istream-crlf.h"
#include "istream-header-filter.h"
#include "istream-qp.h"
#include "message-decoder.h"
#include "message-header-parser.h"
#include "message-part-data.h"

ARRAY_DEFINE_TYPE(pieces, struct istream *);

struct binary {
    struct istream *input; /**< the message */
    ARRAY_TYPE(pieces) pieces;
    bool unknown_encoding;
};

static enum message_cte encoding_of(const struct message_part *part)
{
    const char *name = part->data == NULL ? NULL : part->data->content_transfer_encoding;

    if (name == NULL || strcasecmp(name, "7bit") == 0 || strcasecmp(name, "8bit") == 0)
        return MESSAGE_CTE_78BIT;
    if (strcasecmp(name, "binary") == 0)
        return MESSAGE_CTE_BINARY;
    if (strcasecmp(name, "base64") == 0)
        return MESSAGE_CTE_BASE64;
    return strcasecmp(name, "quoted-printable") == 0 ? MESSAGE_CTE_QP : MESSAGE_CTE_UNKNOWN;
}

static struct istream *range(struct binary *binary, uoff_t offset, uoff_t size)
{
    i_stream_seek(binary->input, 0);
    return i_stream_create_range(binary->input, offset, size);
}

static void add_piece(struct binary *binary, struct istream *piece)
{
    array_push_back(&binary->pieces, &piece);
}

static void add_lines(struct binary *binary, uoff_t offset, uoff_t size)
{
    struct istream *raw;

    if (size == 0)
        return;
    raw = range(binary, offset, size);
    add_piece(binary, i_stream_create_crlf(raw));
    i_stream_unref(&raw);
}

static void replace_encoding(struct header_filter_istream *input, struct message_header_line *hdr,
                             bool *matched ATTR_UNUSED, void *context ATTR_UNUSED)
{
    static const char binary[] = "Content-Transfer-Encoding: binary\r\n";

    if (hdr == NULL)
        i_stream_header_filter_add(input, binary, sizeof(binary) - 1);
}

static void add_header(struct binary *binary, const struct message_part *part, bool decoded)
{
    static const char *const encoding[] = {"Content-Transfer-Encoding"};
    struct istream *raw;

    if (!decoded) {
        add_lines(binary, part->physical_pos, part->header_size.physical_size);
        return;
    }
    raw = range(binary, part->physical_pos, part->header_size.physical_size);
    add_piece(binary, i_stream_create_header_filter(raw, HEADER_FILTER_EXCLUDE, encoding, 1,
                                                    replace_encoding, (void *)NULL));
    i_stream_unref(&raw);
}

static void add_decoded(struct binary *binary, uoff_t offset, uoff_t size, enum message_cte cte)
{
    struct istream *raw = range(binary, offset, size);

    add_piece(binary, cte == MESSAGE_CTE_BASE64 ? i_stream_create_base64_decoder(raw)
                                                : i_stream_create_qp_decoder(raw));
    i_stream_unref(&raw);
}

static void add_part(struct binary *binary, const struct message_part *part, bool include_hdr);

/* What stands between children is preamble, boundaries and epilogue. */
static void add_children(struct binary *binary, const struct message_part *part, uoff_t offset,
                         uoff_t end)
{
    const struct message_part *child;

    for (child = part->children; child != NULL; child = child->next) {
        add_lines(binary, offset, child->physical_pos - offset);
        add_part(binary, child, TRUE);
        offset =
            child->physical_pos + child->header_size.physical_size + child->body_size.physical_size;
    }
    add_lines(binary, offset, end - offset);
}

static void add_part(struct binary *binary, const struct message_part *part, bool include_hdr)
{
    uoff_t body = part->physical_pos + part->header_size.physical_size;
    enum message_cte cte = encoding_of(part);
    bool decode = part->children == NULL && (cte == MESSAGE_CTE_BASE64 || cte == MESSAGE_CTE_QP);

    if (part->children == NULL && cte == MESSAGE_CTE_UNKNOWN)
        binary->unknown_encoding = true;
    if (include_hdr)
        add_header(binary, part, decode);
    if (decode)
        add_decoded(binary, body, part->body_size.physical_size, cte);
    else if (part->children != NULL)
        add_children(binary, part, body, body + part->body_size.physical_size);
    else
        add_lines(binary, body, part->body_size.physical_size);
}

static struct istream *create_stream(struct binary *binary, const struct message_part *part,
                                     bool include_hdr)
{
    struct istream *result, *none = NULL, **piece;

    t_array_init(&binary->pieces, 16);
    add_part(binary, part, include_hdr);
    if (array_is_empty(&binary->pieces))
        return i_stream_create_from_data("", 0);
    array_push_back(&binary->pieces, &none);
    result = i_stream_create_concat(array_front_modifiable(&binary->pieces));
    array_pop_back(&binary->pieces);
    array_foreach_modifiable(&binary->pieces, piece)
    {
        i_stream_unref(piece);
    }
    return result;
}

static int measure(struct istream *input, uoff_t *size_r, unsigned int *lines_r, bool *binary_r)
{
    const unsigned char *bytes;
    size_t size;

    *size_r = 0;
    *lines_r = 0;
    *binary_r = FALSE;
    while (i_stream_read_more(input, &bytes, &size) > 0) {
        for (size_t i = 0; i < size; i++) {
            if (bytes[i] == '\n')
                (*lines_r)++;
            else if (bytes[i] == '\0')
                *binary_r = TRUE;
        }
        *size_r += size;
        i_stream_skip(input, size);
    }
    return input->stream_errno == 0 ? 0 : -1;
}

static int measure_part(struct binary *binary, const struct message_part *part, bool include_hdr,
                        uoff_t *size_r, unsigned int *lines_r, bool *binary_r)
{
    struct istream *stream = create_stream(binary, part, include_hdr);
    int result = measure(stream, size_r, lines_r, binary_r);

    i_stream_unref(&stream);
    return result;
}

static int conversion_failed(struct mail *mail, const char *text)
{
    mail_storage_set_error(mail->box->storage, MAIL_ERROR_CONVERSION, text);
    return -1;
}

static int get_binary(struct mail *mail, struct binary *binary, const struct message_part *part,
                      bool include_hdr, uoff_t *size_r, unsigned int *lines_r, bool *binary_r)
{
    unsigned int lines;

    if (measure_part(binary, part, include_hdr, size_r, lines_r == NULL ? &lines : lines_r,
                     binary_r) < 0) {
        if (binary->input->stream_errno != 0)
            return mail_base_stream_failed(mail, binary->input);
        return conversion_failed(mail, "The part's transfer encoding is broken");
    }
    return binary->unknown_encoding
               ? conversion_failed(mail, "The part's transfer encoding is unknown")
               : 0;
}

int mail_base_get_binary_stream(struct mail *mail, const struct message_part *part,
                                bool include_hdr, uoff_t *size_r, unsigned int *lines_r,
                                bool *binary_r, struct istream **stream_r)
{
    struct binary binary = {.unknown_encoding = false};
    struct message_part *parts;

    /* A caller's part may be of another parse; ours has the encodings. */
    if (mail_get_parts(mail, &parts) < 0)
        return -1;
    part = message_part_by_idx(parts, message_part_to_idx(part));
    if (part == NULL)
        return conversion_failed(mail, "The message has no such part");
    if (mail_get_stream_because(mail, NULL, NULL, "binary stream", &binary.input) < 0 ||
        get_binary(mail, &binary, part, include_hdr, size_r, lines_r, binary_r) < 0)
        return -1;
    if (stream_r != NULL)
        *stream_r = create_stream(&binary, part, include_hdr);
    return 0;
}
