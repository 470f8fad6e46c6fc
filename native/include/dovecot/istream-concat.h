/*
 * Several input streams one after the other, as one.
 */
#ifndef DOVECOT_ISTREAM_CONCAT_H
#define DOVECOT_ISTREAM_CONCAT_H

#include "macros.h"

struct istream;

DOVECOT_API_BEGIN

/**
 * Each from its beginning; a reference is taken of each, the list ends with NULL. Seekable if all
 * of them are.
 */
struct istream *i_stream_create_concat(struct istream *input[]);

DOVECOT_API_END

#endif
