/*
 * A mail as a stream that shows only some of its headers, or has others put in.
 */
#ifndef ISTREAM_HEADER_FILTER_H
#define ISTREAM_HEADER_FILTER_H

#include "lib.h"

struct istream;
struct header_filter_istream;
struct message_header_line;

enum header_filter_flags {
    HEADER_FILTER_INCLUDE = 0x01, /**< show the listed headers only */
    HEADER_FILTER_EXCLUDE = 0x02, /**< show all but the listed headers */

    HEADER_FILTER_NO_CR = 0x04,            /**< header lines end with LF; without this, with CRLF */
    HEADER_FILTER_HIDE_BODY = 0x08,        /**< the stream ends after the headers */
    HEADER_FILTER_ADD_MISSING_EOH = 0x10,  /**< the empty line is there even if the mail has none */
    HEADER_FILTER_END_BODY_WITH_LF = 0x20, /**< a last line without end gets one */
    HEADER_FILTER_CRLF_PRESERVE = 0x40     /**< lines end as they do in the mail */
};

/**
 * Called for each line, the empty one too, before it is written, and with hdr NULL at the end of the
 * headers. `*matched` says whether the list has it and may be changed.
 */
typedef void header_filter_callback(struct header_filter_istream *input,
                                    struct message_header_line *hdr, bool *matched, void *context);

DOVECOT_API_BEGIN

extern header_filter_callback *null_header_filter_callback;

/** `headers` is sorted without regard to case; it is copied. */
struct istream *i_stream_create_header_filter(struct istream *input, enum header_filter_flags flags,
                                              const char *const *headers,
                                              unsigned int headers_count,
                                              header_filter_callback *callback, void *context)
    ATTR_NULL(6);
#define i_stream_create_header_filter(input, flags, headers, headers_count, callback, context) \
    i_stream_create_header_filter(                                                             \
        input, flags, headers,                                                                 \
        headers_count - CALLBACK_TYPECHECK(callback, void (*)(struct header_filter_istream *,  \
                                                              struct message_header_line *,    \
                                                              bool *, __typeof__(context))),   \
        (header_filter_callback *)callback, context)

/** For callbacks: puts bytes into the stream at this place. */
void i_stream_header_filter_add(struct header_filter_istream *input, const void *data, size_t size);

/** How many bytes of a header are shown at most; without a call, all. */
void i_stream_header_filter_set_max_header_block_size(struct istream *input,
                                                      size_t max_header_block_size);

DOVECOT_API_END

#endif
