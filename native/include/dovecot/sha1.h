/*
 * SHA-1 (FIPS 180-4).
 */
#ifndef DOVECOT_SHA1_H
#define DOVECOT_SHA1_H

#include "hash-method.h"

#define SHA1_RESULTLEN (160 / 8)

struct sha1_ctxt {
    uint32_t state[5];
    uint64_t size; /**< bytes so far */
    unsigned char block[64];
};

DOVECOT_API_BEGIN

void sha1_init(struct sha1_ctxt *ctxt);
void sha1_loop(struct sha1_ctxt *ctxt, const void *data, size_t size);
/** Writes SHA1_RESULTLEN bytes and wipes the context. */
void sha1_result(struct sha1_ctxt *ctxt, void *digest_r);

void sha1_get_digest(const void *data, size_t size,
                     unsigned char result[STATIC_ARRAY SHA1_RESULTLEN]);

extern const struct hash_method hash_method_sha1;

DOVECOT_API_END

typedef struct sha1_ctxt SHA1_CTX;
#define SHA1Init(x) sha1_init((x))
#define SHA1Update(x, y, z) sha1_loop((x), (y), (z))
#define SHA1Final(x, y) sha1_result((y), (x))

#endif
