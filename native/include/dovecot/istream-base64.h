/*
 * A stream that decodes base64, with the alphabet of MIME or that of URLs (RFC 4648).
 */
#ifndef ISTREAM_BASE64_H
#define ISTREAM_BASE64_H

#include "lib.h"

struct istream;

DOVECOT_API_BEGIN

/** White space between the characters is skipped. Invalid input ends the stream with EINVAL. */
struct istream *i_stream_create_base64_decoder(struct istream *input);
struct istream *i_stream_create_base64url_decoder(struct istream *input);

DOVECOT_API_END

#endif
