/*
 * Counting lines in data that comes in pieces.
 */
#ifndef STORAGE_FORMAT_LINE_COUNT_H
#define STORAGE_FORMAT_LINE_COUNT_H

#include "message-size.h"

/**
 * Adds `length` bytes to the size. `*last_cr` says whether the byte before was a CR, and is updated;
 * `*has_nuls` is only ever set.
 */
void message_size_count(struct message_size *size, const unsigned char *data, size_t length,
                        bool *last_cr, bool *has_nuls);

#endif
