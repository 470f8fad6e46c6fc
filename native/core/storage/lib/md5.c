/*
 * MD5, as RFC 1321 describes it. The constants are floor(2^32 * |sin(i + 1)|).
 */
#include "md5.h"

#include "safe-memset.h"

static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

/* How far each step rotates: four numbers for each of the four rounds. */
static const unsigned char rotations[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static void ATTR_UNSIGNED_WRAPS add_block(uint32_t state[4], const unsigned char block[64])
{
    uint32_t words[16], a = state[0], b = state[1], c = state[2], d = state[3];

    for (unsigned int i = 0; i < 16; i++)
        words[i] = le32_to_cpu_unaligned(block + (size_t)i * 4);

    for (unsigned int i = 0; i < 64; i++) {
        uint32_t f, temp;
        unsigned int word;

        if (i < 16) {
            f = (b & c) | (~b & d);
            word = i;
        } else if (i < 32) {
            f = (d & b) | (~d & c);
            word = (5 * i + 1) % 16;
        } else if (i < 48) {
            f = b ^ c ^ d;
            word = (3 * i + 5) % 16;
        } else {
            f = c ^ (b | ~d);
            word = (7 * i) % 16;
        }
        temp = d;
        d = c;
        c = b;
        b += bits_rotl32(a + f + sines[i] + words[word], rotations[i / 16][i % 4]);
        a = temp;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void md5_init(struct md5_context *ctx)
{
    static const uint32_t first[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

    i_zero(ctx);
    memcpy(ctx->state, first, sizeof(first));
}

void md5_update(struct md5_context *ctx, const void *data, size_t size)
{
    const unsigned char *bytes = data;

    while (size > 0) {
        size_t have = ctx->size % sizeof(ctx->block);
        size_t take = I_MIN(size, sizeof(ctx->block) - have);

        memcpy(ctx->block + have, bytes, take);
        ctx->size += take;
        bytes += take;
        size -= take;
        if (have + take == sizeof(ctx->block))
            add_block(ctx->state, ctx->block);
    }
}

void md5_final(struct md5_context *ctx, unsigned char result[STATIC_ARRAY MD5_RESULTLEN])
{
    static const unsigned char padding[64] = {0x80};
    unsigned char length[8];
    size_t have = ctx->size % 64;

    cpu64_to_le_unaligned(ctx->size * 8, length);
    md5_update(ctx, padding, (have < 56 ? 56 : 120) - have);
    md5_update(ctx, length, sizeof(length));
    for (unsigned int i = 0; i < N_ELEMENTS(ctx->state); i++)
        cpu32_to_le_unaligned(ctx->state[i], result + (size_t)i * 4);
    i_zero_safe(ctx);
}

void md5_get_digest(const void *data, size_t size, unsigned char result[STATIC_ARRAY MD5_RESULTLEN])
{
    struct md5_context ctx;

    md5_init(&ctx);
    md5_update(&ctx, data, size);
    md5_final(&ctx, result);
}

static void method_init(void *context)
{
    md5_init(context);
}

static void method_loop(void *context, const void *data, size_t size)
{
    md5_update(context, data, size);
}

static void method_result(void *context, unsigned char *digest_r)
{
    md5_final(context, digest_r);
}

const struct hash_method hash_method_md5 = {
    .name = "md5",
    .block_size = 64,
    .context_size = sizeof(struct md5_context),
    .digest_size = MD5_RESULTLEN,
    .init = method_init,
    .loop = method_loop,
    .result = method_result,
};
