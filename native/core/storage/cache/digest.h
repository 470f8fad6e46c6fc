/*
 * A checksum of bytes against damage, not against malice: 64 bits, at the speed of reading memory.
 */
#ifndef STORAGE_CACHE_DIGEST_H
#define STORAGE_CACHE_DIGEST_H

#include "lib.h"

/** Depends on the byte order of the machine. */
uint64_t cache_digest(const void *data, size_t size);

#endif
