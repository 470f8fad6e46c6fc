/*
 * Four lanes of words, so that the multiplications of one do not wait for those of another.
 */
#include "cache/digest.h"

#define FACTOR UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * FACTOR;
    return sum ^ (sum >> 32);
}

uint64_t cache_digest(const void *data, size_t size)
{
    const unsigned char *bytes = data;
    uint64_t a = 1, b = 2, c = 3, d = 4, words[4], sum = size;

    for (; size >= sizeof words; bytes += sizeof words, size -= sizeof words) {
        memcpy(words, bytes, sizeof words);
        a = mix(a, words[0]);
        b = mix(b, words[1]);
        c = mix(c, words[2]);
        d = mix(d, words[3]);
    }
    memset(words, 0, sizeof words);
    memcpy(words, bytes, size);
    sum = mix(mix(sum, a), words[0]);
    sum = mix(mix(sum, b), words[1]);
    sum = mix(mix(sum, c), words[2]);
    return mix(mix(sum, d), words[3]);
}
