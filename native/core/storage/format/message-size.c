/*
 * Sizes of headers and bodies by reading them.
 */
#include "message-size.h"
#include "format/line-count.h"

#include "istream.h"

void message_size_add(struct message_size *dest, const struct message_size *src)
{
    dest->physical_size += src->physical_size;
    dest->virtual_size += src->virtual_size;
    dest->lines += src->lines;
}

void message_size_count(struct message_size *size, const unsigned char *data, size_t length,
                        bool *last_cr, bool *has_nuls)
{
    const unsigned char *pos = data, *end = data + length, *newline;

    if (length == 0)
        return;
    size->physical_size += length;
    size->virtual_size += length;
    while ((newline = memchr(pos, '\n', (size_t)(end - pos))) != NULL) {
        bool after_cr = newline > data ? newline[-1] == '\r' : *last_cr;

        size->lines++;
        if (!after_cr)
            size->virtual_size++;
        pos = newline + 1;
    }
    *last_cr = end[-1] == '\r';
    if (!*has_nuls)
        *has_nuls = memchr(data, '\0', length) != NULL;
}

enum line_state { LINE_BEGINS, LINE_IS_CR, LINE_HAS_TEXT };

/** Bytes up to and with the end of the empty line, or all; the state goes on from block to block. */
static size_t header_bytes(const unsigned char *data, size_t size, enum line_state *state,
                           bool *ended)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '\n') {
            *ended = *state != LINE_HAS_TEXT;
            *state = LINE_BEGINS;
            if (*ended)
                return i + 1;
        } else {
            *state = data[i] == '\r' && *state == LINE_BEGINS ? LINE_IS_CR : LINE_HAS_TEXT;
        }
    }
    return size;
}

int message_get_header_size(struct istream *input, struct message_size *hdr, bool *has_nuls_r)
{
    const unsigned char *data;
    size_t size;
    enum line_state state = LINE_BEGINS;
    bool last_cr = FALSE, ended = FALSE;

    i_zero(hdr);
    *has_nuls_r = FALSE;
    while (!ended && i_stream_read_more(input, &data, &size) > 0) {
        size = header_bytes(data, size, &state, &ended);
        message_size_count(hdr, data, size, &last_cr, has_nuls_r);
        i_stream_skip(input, size);
    }
    return input->stream_errno == 0 ? 0 : -1;
}

int message_get_body_size(struct istream *input, struct message_size *body, bool *has_nuls_r)
{
    const unsigned char *data;
    size_t size;
    bool last_cr = FALSE;

    i_zero(body);
    *has_nuls_r = FALSE;
    while (i_stream_read_more(input, &data, &size) > 0) {
        message_size_count(body, data, size, &last_cr, has_nuls_r);
        i_stream_skip(input, size);
    }
    return input->stream_errno == 0 ? 0 : -1;
}

int message_skip_virtual(struct istream *input, uoff_t virtual_skip, bool *last_cr_r)
{
    const unsigned char *data;
    size_t size, i;

    *last_cr_r = FALSE;
    while (virtual_skip > 0 && i_stream_read_more(input, &data, &size) > 0) {
        for (i = 0; i < size && virtual_skip > 0; i++) {
            if (data[i] == '\n' && !*last_cr_r) {
                virtual_skip--;
                if (virtual_skip == 0) {
                    *last_cr_r = TRUE; /* behind the CR that is not there */
                    break;
                }
            }
            *last_cr_r = data[i] == '\r';
            virtual_skip--;
        }
        i_stream_skip(input, i);
    }
    return input->stream_errno == 0 ? 0 : -1;
}
