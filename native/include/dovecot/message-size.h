/*
 * How large a piece of a message is, as it is stored and as IMAP counts it.
 */
#ifndef MESSAGE_SIZE_H
#define MESSAGE_SIZE_H

#include "lib.h"

struct istream;

struct message_size {
    uoff_t physical_size; /**< bytes as they are */
    uoff_t virtual_size;  /**< bytes if every line ended with CRLF */
    unsigned int lines;   /**< number of LFs */
};

DOVECOT_API_BEGIN

/**
 * Reads the header and leaves the stream at the first byte of the body. 0, or -1 when the stream
 * failed.
 */
int message_get_header_size(struct istream *input, struct message_size *hdr, bool *has_nuls_r);
/** Reads to the end of the stream. 0, or -1 when the stream failed. */
int message_get_body_size(struct istream *input, struct message_size *body, bool *has_nuls_r);
void message_size_add(struct message_size *dest, const struct message_size *src);
/**
 * Skips as many bytes as are `virtual_skip` bytes with CRLF line ends. `*last_cr_r` becomes TRUE
 * when that ended between the CR that a bare LF lacks and the LF itself. 0, or -1 when the stream
 * failed.
 */
int message_skip_virtual(struct istream *input, uoff_t virtual_skip, bool *last_cr_r);

DOVECOT_API_END

#endif
