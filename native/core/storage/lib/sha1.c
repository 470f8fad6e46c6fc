/*
 * SHA-1, as FIPS 180-4 describes it.
 */
#include "sha1.h"

#include "safe-memset.h"

static void ATTR_UNSIGNED_WRAPS add_block(uint32_t state[5], const unsigned char block[64])
{
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

    for (unsigned int t = 0; t < 16; t++)
        w[t] = be32_to_cpu_unaligned(block + (size_t)t * 4);
    for (unsigned int t = 16; t < 80; t++)
        w[t] = bits_rotl32(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);

    for (unsigned int t = 0; t < 80; t++) {
        uint32_t f, k, temp;

        if (t < 20) {
            f = (b & c) | (~b & d);
            k = 0x5a827999;
        } else if (t < 40) {
            f = b ^ c ^ d;
            k = 0x6ed9eba1;
        } else if (t < 60) {
            f = (b & c) | (b & d) | (c & d);
            k = 0x8f1bbcdc;
        } else {
            f = b ^ c ^ d;
            k = 0xca62c1d6;
        }
        temp = bits_rotl32(a, 5) + f + e + k + w[t];
        e = d;
        d = c;
        c = bits_rotl32(b, 30);
        b = a;
        a = temp;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

void sha1_init(struct sha1_ctxt *ctxt)
{
    static const uint32_t first[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

    i_zero(ctxt);
    memcpy(ctxt->state, first, sizeof(first));
}

void sha1_loop(struct sha1_ctxt *ctxt, const void *data, size_t size)
{
    const unsigned char *bytes = data;

    while (size > 0) {
        size_t have = ctxt->size % sizeof(ctxt->block);
        size_t take = I_MIN(size, sizeof(ctxt->block) - have);

        memcpy(ctxt->block + have, bytes, take);
        ctxt->size += take;
        bytes += take;
        size -= take;
        if (have + take == sizeof(ctxt->block))
            add_block(ctxt->state, ctxt->block);
    }
}

void sha1_result(struct sha1_ctxt *ctxt, void *digest_r)
{
    static const unsigned char padding[64] = {0x80};
    unsigned char length[8], *digest = digest_r;
    size_t have = ctxt->size % 64;

    cpu64_to_be_unaligned(ctxt->size * 8, length);
    sha1_loop(ctxt, padding, (have < 56 ? 56 : 120) - have);
    sha1_loop(ctxt, length, sizeof(length));
    for (unsigned int i = 0; i < N_ELEMENTS(ctxt->state); i++)
        cpu32_to_be_unaligned(ctxt->state[i], digest + (size_t)i * 4);
    i_zero_safe(ctxt);
}

void sha1_get_digest(const void *data, size_t size,
                     unsigned char result[STATIC_ARRAY SHA1_RESULTLEN])
{
    struct sha1_ctxt ctxt;

    sha1_init(&ctxt);
    sha1_loop(&ctxt, data, size);
    sha1_result(&ctxt, result);
}

static void method_init(void *context)
{
    sha1_init(context);
}

static void method_loop(void *context, const void *data, size_t size)
{
    sha1_loop(context, data, size);
}

static void method_result(void *context, unsigned char *digest_r)
{
    sha1_result(context, digest_r);
}

const struct hash_method hash_method_sha1 = {
    .name = "sha1",
    .block_size = 64,
    .context_size = sizeof(struct sha1_ctxt),
    .digest_size = SHA1_RESULTLEN,
    .init = method_init,
    .loop = method_loop,
    .result = method_result,
};
