/*
 * An output stream that takes everything and keeps nothing: for counting, and for dry runs.
 */
#ifndef DOVECOT_OSTREAM_NULL_H
#define DOVECOT_OSTREAM_NULL_H

#include "macros.h"

struct ostream;

DOVECOT_API_BEGIN

struct ostream *o_stream_create_null(void);

DOVECOT_API_END

#endif
