/*
 * Random bytes from the kernel. For numbers see i_rand() in lib.h.
 */
#ifndef DOVECOT_RANDGEN_H
#define DOVECOT_RANDGEN_H

#include <stddef.h>

#include "macros.h"

DOVECOT_API_BEGIN

/** Fatal if the kernel has none. */
void random_fill(void *buf, size_t size);

/** For those who call them: nothing needs to be set up. */
void random_init(void);
void random_deinit(void);

DOVECOT_API_END

#endif
