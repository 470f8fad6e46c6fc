/*
 * Reading exactly so many bytes, however many calls that takes.
 */
#ifndef DOVECOT_READ_FULL_H
#define DOVECOT_READ_FULL_H

#include <stddef.h>
#include <sys/types.h>

#include "macros.h"

DOVECOT_API_BEGIN

/** 1: all read; 0: the end came before; -1: error. */
int read_full(int fd, void *data, size_t size);
int pread_full(int fd, void *data, size_t size, off_t offset);

DOVECOT_API_END

#endif
