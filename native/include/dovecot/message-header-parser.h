/*
 * Headers, line by line, from a stream.
 *
 * A folded header is given one line at a time: `continues` says that more follows, `continued` that
 * this is not the first line. Who wants it in one piece sets `use_full_value` on each line it is
 * given and waits for the one without `continues`, whose `full_value` is whole. A line longer than
 * the stream's buffer comes in pieces (`no_newline` and `continues`).
 */
#ifndef MESSAGE_HEADER_PARSER_H
#define MESSAGE_HEADER_PARSER_H

#include "lib.h"

/** How much of one header block's values is kept in memory, unless set otherwise. */
#define MESSAGE_HEADER_BLOCK_DEFAULT_MAX_SIZE ((size_t)10 * 1024 * 1024)

#define IS_LWSP(c) ((c) == ' ' || (c) == '\t')

struct istream;
struct message_size;
struct message_header_parser_ctx;

enum message_header_parser_flags {
    /** No white space before the value, even if the value begins on the second line. */
    MESSAGE_HEADER_PARSER_FLAG_SKIP_INITIAL_LWSP = 0x01,
    /** Line ends inside full_value are LF, whatever they were. */
    MESSAGE_HEADER_PARSER_FLAG_DROP_CR = 0x02,
    /** A line end with the white space after it is one space in full_value. */
    MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE = 0x04
};

/** Valid until the parser is asked for the next line. */
struct message_header_line {
    const char *name; /**< NUL-terminated; empty for a line without a colon */
    size_t name_len;

    const unsigned char *value; /**< of this line */
    size_t value_len;

    const unsigned char *full_value; /**< of all lines, where it was asked for */
    size_t full_value_len;

    const unsigned char *middle; /**< what stands between name and value: colon and white space */
    size_t middle_len;

    uoff_t name_offset, full_value_offset; /**< in the stream */

    bool continues : 1;
    bool continued : 1;
    bool eoh : 1; /**< this is the empty line that ends the headers */
    bool no_newline : 1;
    bool crlf_newline : 1;
    bool use_full_value : 1; /**< to be set by the caller */
};

/** Called for each line, and once with NULL at the end of the headers. */
typedef void message_header_callback_t(struct message_header_line *hdr, void *context);

DOVECOT_API_BEGIN

/**
 * The stream must stay until deinit. hdr_size, when given, is zeroed and grows while parsing. After
 * the end of the headers the stream stands at the first byte of the body.
 */
struct message_header_parser_ctx *message_parse_header_init(struct istream *input,
                                                            struct message_size *hdr_size,
                                                            enum message_header_parser_flags flags)
    ATTR_NULL(2);
void message_parse_header_deinit(struct message_header_parser_ctx **ctx);

/** Bytes of values kept at most for this block; what is beyond is missing from full_value. */
void message_parse_header_set_limit(struct message_header_parser_ctx *parser,
                                    size_t header_block_max_size);
/** The same, but never raises it. */
void message_parse_header_lower_limit(struct message_header_parser_ctx *parser,
                                      size_t header_block_max_size);

/** 1: a line, 0: the stream would block, -1: no more headers, or the stream failed. */
int message_parse_header_next(struct message_header_parser_ctx *ctx,
                              struct message_header_line **hdr_r);

bool message_parse_header_has_nuls(const struct message_header_parser_ctx *ctx) ATTR_PURE;

/** Parses a whole header block of a blocking stream. */
void message_parse_header(struct istream *input, struct message_size *hdr_size,
                          enum message_header_parser_flags flags,
                          message_header_callback_t *callback, void *context) ATTR_NULL(2);
#define message_parse_header(input, hdr_size, flags, callback, context)                         \
    message_parse_header(                                                                       \
        input, hdr_size,                                                                        \
        flags - CALLBACK_TYPECHECK(                                                             \
                    callback, void (*)(struct message_header_line * hdr, __typeof__(context))), \
        (message_header_callback_t *)callback, context)

/** Appends the line as it was read, with its line end. */
void message_header_line_write(buffer_t *output, const struct message_header_line *hdr);

/** A string of header data; NULs become U+FFFD. */
const char *message_header_strdup(pool_t pool, const unsigned char *data, size_t size);

/** RFC 5322's field-name: printable ASCII without colon, not empty. */
bool message_header_name_is_valid(const char *name);

DOVECOT_API_END

#endif
