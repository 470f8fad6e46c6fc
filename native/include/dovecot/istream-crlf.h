/*
 * Line ends: reads every one as CRLF, or as LF. A CR that no LF follows is left alone.
 */
#ifndef DOVECOT_ISTREAM_CRLF_H
#define DOVECOT_ISTREAM_CRLF_H

#include "macros.h"

struct istream;

DOVECOT_API_BEGIN

struct istream *i_stream_create_crlf(struct istream *input);
struct istream *i_stream_create_lf(struct istream *input);

DOVECOT_API_END

#endif
