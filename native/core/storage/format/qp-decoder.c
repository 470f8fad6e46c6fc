/*
 * Quoted-printable bodies in pieces of any size (qp-decoder.h).
 *
 * White space at the end of a line was put there on the way and is dropped, so it is kept aside until
 * something follows it; there can be any amount of it, so it is counted as a buffer, not a size.
 */
#include "qp-decoder.h"

#include "buffer.h"
#include "format/mime-encoding.h"

enum qp_state {
    QP_TEXT,
    QP_SPACE,  /**< white space that may end the line */
    QP_EQUALS, /**< behind `=` */
    QP_HEX,    /**< behind `=` and a digit */
    QP_SOFT,   /**< behind `=` and white space, or its CR */
    QP_CR      /**< behind a CR */
};

struct qp_decoder {
    buffer_t *dest;
    buffer_t *space;
    enum qp_state state;
    unsigned char digit;
};

struct qp_decoder *qp_decoder_init(buffer_t *dest)
{
    struct qp_decoder *qp = i_new(struct qp_decoder, 1);

    qp->dest = dest;
    qp->space = buffer_create_dynamic(default_pool, 64);
    return qp;
}

void qp_decoder_deinit(struct qp_decoder **_qp)
{
    struct qp_decoder *qp = *_qp;

    *_qp = NULL;
    buffer_free(&qp->space);
    i_free(qp);
}

static void flush_space(struct qp_decoder *qp)
{
    buffer_append(qp->dest, qp->space->data, qp->space->used);
    buffer_set_used_size(qp->space, 0);
}

/** A byte of text, when nothing is pending. */
static void text_byte(struct qp_decoder *qp, unsigned char byte)
{
    switch (byte) {
    case ' ':
    case '\t':
        buffer_append_c(qp->space, byte);
        qp->state = QP_SPACE;
        break;
    case '=':
        flush_space(qp);
        qp->state = QP_EQUALS;
        break;
    case '\r':
        qp->state = QP_CR;
        break;
    case '\n':
        buffer_set_used_size(qp->space, 0);
        buffer_append(qp->dest, "\r\n", 2);
        qp->state = QP_TEXT;
        break;
    default:
        flush_space(qp);
        buffer_append_c(qp->dest, byte);
        qp->state = QP_TEXT;
        break;
    }
}

/** Behind `=`. FALSE when this is nothing that may stand there. */
static bool equals_byte(struct qp_decoder *qp, unsigned char byte)
{
    if (i_isxdigit(byte)) {
        qp->digit = byte;
        qp->state = QP_HEX;
        return TRUE;
    }
    if (byte == '\n') {
        qp->state = QP_TEXT;
        return TRUE;
    }
    if (byte == ' ' || byte == '\t' || byte == '\r') {
        buffer_append_c(qp->space, byte);
        qp->state = QP_SOFT;
        return TRUE;
    }
    buffer_append_c(qp->dest, '=');
    text_byte(qp, byte);
    return FALSE;
}

static bool hex_byte(struct qp_decoder *qp, unsigned char byte)
{
    unsigned char digits[2] = {qp->digit, byte};
    int decoded = mime_hex_byte(digits);

    qp->state = QP_TEXT;
    if (decoded >= 0) {
        buffer_append_c(qp->dest, (unsigned char)decoded);
        return TRUE;
    }
    buffer_append_c(qp->dest, '=');
    buffer_append_c(qp->dest, qp->digit);
    text_byte(qp, byte);
    return FALSE;
}

/** Behind `=` and white space: only the end of the line may follow. */
static bool soft_byte(struct qp_decoder *qp, unsigned char byte)
{
    if (byte == '\n') {
        buffer_set_used_size(qp->space, 0);
        qp->state = QP_TEXT;
        return TRUE;
    }
    if (byte == ' ' || byte == '\t' || byte == '\r') {
        buffer_append_c(qp->space, byte);
        return TRUE;
    }
    buffer_append_c(qp->dest, '=');
    text_byte(qp, byte);
    return FALSE;
}

static bool any_byte(struct qp_decoder *qp, unsigned char byte)
{
    switch (qp->state) {
    case QP_TEXT:
    case QP_SPACE:
        text_byte(qp, byte);
        return TRUE;
    case QP_EQUALS:
        return equals_byte(qp, byte);
    case QP_HEX:
        return hex_byte(qp, byte);
    case QP_SOFT:
        return soft_byte(qp, byte);
    case QP_CR:
        if (byte != '\n') {
            flush_space(qp);
            buffer_append_c(qp->dest, '\r');
        }
        text_byte(qp, byte);
        return TRUE;
    }
    i_unreached();
}

/** Plain bytes at the beginning, which need no state. */
static size_t plain_bytes(const unsigned char *src, size_t size)
{
    size_t length = 0;

    while (length < size && src[length] > ' ' && src[length] != '=')
        length++;
    return length;
}

int qp_decoder_more(struct qp_decoder *qp, const unsigned char *src, size_t src_size,
                    size_t *invalid_src_pos_r, const char **error_r)
{
    size_t pos = 0;
    int ret = 0;

    *invalid_src_pos_r = SIZE_MAX;
    while (pos < src_size) {
        if (qp->state == QP_TEXT || qp->state == QP_SPACE) {
            size_t length = plain_bytes(src + pos, src_size - pos);

            if (length > 0) {
                flush_space(qp);
                buffer_append(qp->dest, src + pos, length);
                qp->state = QP_TEXT;
                pos += length;
                continue;
            }
        }
        if (!any_byte(qp, src[pos]) && ret == 0) {
            *invalid_src_pos_r = pos;
            *error_r = "'=' not followed by two hex digits or a newline";
            ret = -1;
        }
        pos++;
    }
    return ret;
}

int qp_decoder_finish(struct qp_decoder *qp, const char **error_r)
{
    int ret = 0;

    if (qp->state == QP_HEX || qp->state == QP_EQUALS || qp->state == QP_SOFT) {
        buffer_append_c(qp->dest, '=');
        if (qp->state == QP_HEX)
            buffer_append_c(qp->dest, qp->digit);
        *error_r = "quoted-printable input ends with '='";
        ret = qp->state == QP_SOFT ? 0 : -1;
    } else if (qp->state == QP_CR) {
        flush_space(qp);
        buffer_append_c(qp->dest, '\r');
    }
    buffer_set_used_size(qp->space, 0);
    qp->state = QP_TEXT;
    return ret;
}
