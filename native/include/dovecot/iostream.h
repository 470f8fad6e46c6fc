/*
 * What input and output streams have in common for those who use them.
 */
#ifndef DOVECOT_IOSTREAM_H
#define DOVECOT_IOSTREAM_H

#include "macros.h"

struct istream;
struct ostream;

DOVECOT_API_BEGIN

/** "Connection closed", with ": " and the error of the stream that has one. Data stack. */
const char *io_stream_get_disconnect_reason(struct istream *input, struct ostream *output);

DOVECOT_API_END

#endif
