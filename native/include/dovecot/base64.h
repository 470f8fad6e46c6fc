/*
 * Base64 and base64url (RFC 4648), at once or piece by piece.
 *
 *     base64_encode(data, size, dest);          appends to a string
 *     ret = base64_decode(text, len, NULL, dest);
 *
 * Both alphabets have the same functions: base64_… with the default padding, base64url_… with
 * flags.
 */
#ifndef DOVECOT_BASE64_H
#define DOVECOT_BASE64_H

#include "buffer.h"

/* At most so many bytes come out. */
#define MAX_BASE64_ENCODED_SIZE(size) ((((size) + 2) / 3) * 4)
#define MAX_BASE64_DECODED_SIZE(size) (((size) + 3) / 4 * 3)

/** An alphabet: the characters, and the value of each of them (0xff: not one). */
struct base64_scheme {
    const char encmap[64];
    const unsigned char decmap[256];
};

/* ---- Encoding piece by piece --------------------------------------------------------------- */

enum base64_encode_flags {
    BASE64_ENCODE_FLAG_CRLF = BIT(0),      /**< lines end with CRLF, not LF */
    BASE64_ENCODE_FLAG_NO_PADDING = BIT(1) /**< no '=' at the end */
};

/** The caller's; nothing to free. */
struct base64_encoder {
    const struct base64_scheme *b64;
    enum base64_encode_flags flags;
    size_t max_line_len;

    size_t cur_line_len;
    unsigned char group[3]; /**< input that is no whole group yet */
    unsigned int group_len;
    unsigned char waiting[16]; /**< output that had no room yet */
    unsigned int waiting_len;
    bool finishing : 1;
    bool finished : 1;
};

/** `max_line_len` characters make a line; 0: all is one. */
static inline void base64_encode_init(struct base64_encoder *enc, const struct base64_scheme *b64,
                                      enum base64_encode_flags flags, size_t max_line_len)
{
    i_zero(enc);
    enc->b64 = b64;
    enc->flags = flags;
    enc->max_line_len = max_line_len == 0 ? SIZE_MAX : max_line_len;
}

/** Back to the beginning, with the same settings. */
static inline void base64_encode_reset(struct base64_encoder *enc)
{
    base64_encode_init(enc, enc->b64, enc->flags, enc->max_line_len);
}

static inline bool base64_encode_is_finished(struct base64_encoder *enc)
{
    return enc->finished;
}

DOVECOT_API_BEGIN

/** Appends the code of `src` to `dest`. FALSE if `dest`, a fixed buffer, was full before all of it
 *  was taken; `*src_pos_r` (may be NULL) says how much was. */
bool ATTR_NOWARN_UNUSED_RESULT base64_encode_more(struct base64_encoder *enc, const void *src,
                                                  size_t src_size, size_t *src_pos_r,
                                                  buffer_t *dest) ATTR_NULL(4);
/** Writes the rest. FALSE if there was no room: call again. `dest` may be NULL to drop it. */
bool ATTR_NOWARN_UNUSED_RESULT base64_encode_finish(struct base64_encoder *enc, buffer_t *dest)
    ATTR_NULL(2);

/** Bytes that all of an input of `src_size` becomes, from a fresh encoder. */
uoff_t base64_get_full_encoded_size(struct base64_encoder *enc, uoff_t src_size);
/** Bytes that base64_encode_more() would append now. */
size_t base64_encode_get_size(struct base64_encoder *enc, size_t src_size);
/** Bytes of input that can be encoded and finished in `dst_space` bytes. */
size_t base64_encode_get_full_space(struct base64_encoder *enc, size_t dst_space);

DOVECOT_API_END

/* ---- Decoding piece by piece --------------------------------------------------------------- */

enum base64_decode_flags {
    BASE64_DECODE_FLAG_EXPECT_BOUNDARY = BIT(0), /**< another character ends the data */
    BASE64_DECODE_FLAG_NO_WHITESPACE = BIT(1),   /**< white space is an error */
    BASE64_DECODE_FLAG_NO_PADDING = BIT(2),      /**< '=' is an error */
    BASE64_DECODE_FLAG_IGNORE_PADDING = BIT(3)   /**< '=' may be there or not */
};

/** The caller's; nothing to free. */
struct base64_decoder {
    const struct base64_scheme *b64;
    enum base64_decode_flags flags;

    unsigned int sub_pos; /**< characters of the current group of four */
    uint32_t bits;        /**< their values */

    bool seen_padding : 1;
    bool seen_end : 1;
    bool seen_boundary : 1;
    bool finished : 1;
    bool failed : 1;
};

static inline void base64_decode_init(struct base64_decoder *dec, const struct base64_scheme *b64,
                                      enum base64_decode_flags flags)
{
    i_zero(dec);
    dec->b64 = b64;
    dec->flags = flags;
}

static inline void base64_decode_reset(struct base64_decoder *dec)
{
    base64_decode_init(dec, dec->b64, dec->flags);
}

static inline bool base64_decode_is_finished(struct base64_decoder *dec)
{
    return dec->finished;
}

DOVECOT_API_BEGIN

/** Appends what `src` says to `dest` (which may be the buffer `src` lies in). 1: there may be more;
 *  0: the data ended, by padding or a boundary; -1: it is no base64. `*src_pos_r` (may be NULL) is
 *  the first character that was not taken: there is one if the data ended, or if `dest`, a fixed
 *  buffer, is full. */
int base64_decode_more(struct base64_decoder *dec, const void *src, size_t src_size,
                       size_t *src_pos_r, buffer_t *dest) ATTR_NULL(4);
/** -1 if the data did not end as it must. */
int base64_decode_finish(struct base64_decoder *dec);

/* ---- At once ------------------------------------------------------------------------------- */

extern struct base64_scheme base64_scheme;
extern struct base64_scheme base64url_scheme;

/** 1 if all was decoded, 0 if it ended before the end of `src`, -1 if it is no base64. */
int base64_scheme_decode(const struct base64_scheme *b64, enum base64_decode_flags flags,
                         const void *src, size_t src_size, buffer_t *dest);

/** Results in a new buffer on the data stack; what cannot be decoded is left out. */
buffer_t *t_base64_scheme_encode(const struct base64_scheme *b64, enum base64_encode_flags flags,
                                 size_t max_line_len, const void *src, size_t src_size);
buffer_t *t_base64_scheme_decode(const struct base64_scheme *b64, enum base64_decode_flags flags,
                                 const void *src, size_t src_size);

DOVECOT_API_END

static inline void base64_scheme_encode(const struct base64_scheme *b64,
                                        enum base64_encode_flags flags, size_t max_line_len,
                                        const void *src, size_t src_size, buffer_t *dest)
{
    struct base64_encoder enc;

    base64_encode_init(&enc, b64, flags, max_line_len);
    (void)base64_encode_more(&enc, src, src_size, NULL, dest);
    (void)base64_encode_finish(&enc, dest);
}

static inline buffer_t *t_base64_scheme_encode_str(const struct base64_scheme *b64,
                                                   enum base64_encode_flags flags,
                                                   size_t max_line_len, const char *src)
{
    return t_base64_scheme_encode(b64, flags, max_line_len, src, strlen(src));
}

static inline buffer_t *t_base64_scheme_decode_str(const struct base64_scheme *b64,
                                                   enum base64_decode_flags flags, const char *str)
{
    return t_base64_scheme_decode(b64, flags, str, strlen(str));
}

/** Whether a character is one of the alphabet; '=' is not. */
static inline bool base64_scheme_is_valid_char(const struct base64_scheme *b64, char c)
{
    return b64->decmap[(unsigned char)c] != 0xff;
}

/* ---- base64 -------------------------------------------------------------------------------- */

static inline void base64_encode(const void *src, size_t src_size, buffer_t *dest)
{
    base64_scheme_encode(&base64_scheme, (enum base64_encode_flags)0, 0, src, src_size, dest);
}

static inline buffer_t *t_base64_encode(enum base64_encode_flags flags, size_t max_line_len,
                                        const void *src, size_t src_size)
{
    return t_base64_scheme_encode(&base64_scheme, flags, max_line_len, src, src_size);
}

static inline buffer_t *t_base64_encode_str(enum base64_encode_flags flags, size_t max_line_len,
                                            const char *src)
{
    return t_base64_encode(flags, max_line_len, src, strlen(src));
}

/** `src_pos_r` must be NULL. */
static inline int base64_decode(const void *src, size_t src_size, size_t *src_pos_r, buffer_t *dest)
{
    i_assert(src_pos_r == NULL);
    return base64_scheme_decode(&base64_scheme, (enum base64_decode_flags)0, src, src_size, dest);
}

static inline buffer_t *t_base64_decode(enum base64_decode_flags flags, const void *src,
                                        size_t src_size)
{
    return t_base64_scheme_decode(&base64_scheme, flags, src, src_size);
}

static inline buffer_t *t_base64_decode_str(const char *str)
{
    return t_base64_decode((enum base64_decode_flags)0, str, strlen(str));
}

static inline bool base64_is_valid_char(char c)
{
    return base64_scheme_is_valid_char(&base64_scheme, c);
}

/* ---- base64url ----------------------------------------------------------------------------- */

static inline void base64url_encode(enum base64_encode_flags flags, size_t max_line_len,
                                    const void *src, size_t src_size, buffer_t *dest)
{
    base64_scheme_encode(&base64url_scheme, flags, max_line_len, src, src_size, dest);
}

static inline buffer_t *t_base64url_encode(enum base64_encode_flags flags, size_t max_line_len,
                                           const void *src, size_t src_size)
{
    return t_base64_scheme_encode(&base64url_scheme, flags, max_line_len, src, src_size);
}

static inline buffer_t *t_base64url_encode_str(enum base64_encode_flags flags, size_t max_line_len,
                                               const char *src)
{
    return t_base64url_encode(flags, max_line_len, src, strlen(src));
}

static inline int base64url_decode(enum base64_decode_flags flags, const void *src, size_t src_size,
                                   buffer_t *dest)
{
    return base64_scheme_decode(&base64url_scheme, flags, src, src_size, dest);
}

static inline buffer_t *t_base64url_decode(enum base64_decode_flags flags, const void *src,
                                           size_t src_size)
{
    return t_base64_scheme_decode(&base64url_scheme, flags, src, src_size);
}

static inline buffer_t *t_base64url_decode_str(enum base64_decode_flags flags, const char *str)
{
    return t_base64url_decode(flags, str, strlen(str));
}

static inline bool base64url_is_valid_char(char c)
{
    return base64_scheme_is_valid_char(&base64url_scheme, c);
}

#endif
