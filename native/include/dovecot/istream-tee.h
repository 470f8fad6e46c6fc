/*
 * Several readers of one input, each at its own place. A byte is dropped once all have passed it; a
 * reader that runs ahead of a full buffer gets 0 from i_stream_read() until the others follow.
 */
#ifndef DOVECOT_ISTREAM_TEE_H
#define DOVECOT_ISTREAM_TEE_H

#include "compat.h"
#include "macros.h"

struct istream;
struct tee_istream;

DOVECOT_API_BEGIN

/** Takes a reference of the input. The tee goes with its last child, so make one. */
struct tee_istream *tee_i_stream_create(struct istream *input);

/** A reader, from where the input stands now. */
struct istream *tee_i_stream_create_child(struct tee_istream *tee);

/** Whether the child's last read returned 0 because of the others. */
bool tee_i_stream_child_is_waiting(struct istream *input);

DOVECOT_API_END

#endif
