/*
 * Quoted-printable bodies (RFC 2045 §6.7), read in pieces of any size.
 */
#ifndef QP_DECODER_H
#define QP_DECODER_H

#include "lib.h"

struct qp_decoder;

DOVECOT_API_BEGIN

/** Everything decoded is appended to `dest`, which stays the caller's. */
struct qp_decoder *qp_decoder_init(buffer_t *dest);
void qp_decoder_deinit(struct qp_decoder **qp);
/**
 * 0, or -1 when something was invalid; that is copied as it is, and `*invalid_src_pos_r` is where
 * the first of it stands. Line ends are written as CRLF.
 */
int qp_decoder_more(struct qp_decoder *qp, const unsigned char *src, size_t src_size,
                    size_t *invalid_src_pos_r, const char **error_r);
/** Ends the input; the decoder can then be used for another. */
int qp_decoder_finish(struct qp_decoder *qp, const char **error_r);

DOVECOT_API_END

#endif
