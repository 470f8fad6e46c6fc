/*
 * memset() for secrets: it is done even if nobody reads the memory afterwards.
 */
#ifndef DOVECOT_SAFE_MEMSET_H
#define DOVECOT_SAFE_MEMSET_H

#include "lib.h"

DOVECOT_API_BEGIN

void safe_memset(void *data, int c, size_t size);

DOVECOT_API_END

#endif
