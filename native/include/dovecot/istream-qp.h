/*
 * A stream that decodes quoted-printable.
 */
#ifndef ISTREAM_QP_H
#define ISTREAM_QP_H

#include "lib.h"

struct istream;

DOVECOT_API_BEGIN

/** Invalid input ends the stream with EINVAL. */
struct istream *i_stream_create_qp_decoder(struct istream *input);

DOVECOT_API_END

#endif
