/*
 * MD5 (RFC 1321), for what others defined with it; never for security.
 */
#ifndef DOVECOT_MD5_H
#define DOVECOT_MD5_H

#include "hash-method.h"

#define MD5_RESULTLEN (128 / 8)

struct md5_context {
    uint32_t state[4];
    uint64_t size; /**< bytes so far */
    unsigned char block[64];
};

DOVECOT_API_BEGIN

void md5_init(struct md5_context *ctx);
void md5_update(struct md5_context *ctx, const void *data, size_t size);
/** Writes the digest and wipes the context. */
void md5_final(struct md5_context *ctx, unsigned char result[STATIC_ARRAY MD5_RESULTLEN]);

void md5_get_digest(const void *data, size_t size,
                    unsigned char result[STATIC_ARRAY MD5_RESULTLEN]);

extern const struct hash_method hash_method_md5;

DOVECOT_API_END

#endif
