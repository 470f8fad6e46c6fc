/*
 * Writing all of something, however many calls that takes.
 */
#ifndef DOVECOT_WRITE_FULL_H
#define DOVECOT_WRITE_FULL_H

#include <stddef.h>
#include <sys/types.h>

#include "macros.h"

DOVECOT_API_BEGIN

/** 0, or -1 with errno (ENOSPC if a write wrote nothing); then some bytes may have been written. */
int write_full(int fd, const void *data, size_t size);
int pwrite_full(int fd, const void *data, size_t size, off_t offset);

DOVECOT_API_END

#endif
