/*
 * Hashes of strings and bytes. Those for what strangers send start from a number that is different
 * in every process; the mixing is FNV-1a with a final avalanche, over 64 bits.
 */
#include "hash.h"
#include "randgen.h"

#define FNV_OFFSET 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

uint64_t hash_iv = FNV_OFFSET;

void hash_init(void)
{
    random_fill(&hash_iv, sizeof(hash_iv));
}

static uint64_t ATTR_UNSIGNED_WRAPS add(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * FNV_PRIME;
}

static unsigned int ATTR_UNSIGNED_WRAPS finish(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdu;
    hash ^= hash >> 33;
    return (unsigned int)hash;
}

static unsigned char upper(unsigned char c)
{
    return c >= 'a' && c <= 'z' ? (unsigned char)(c - 'a' + 'A') : c;
}

static unsigned int hash_string(const char *p, uint64_t hash)
{
    for (; *p != '\0'; p++)
        hash = add(hash, (unsigned char)*p);
    return finish(hash);
}

unsigned int str_hash(const char *p)
{
    return hash_string(p, hash_iv);
}

unsigned int str_stable_hash(const char *p)
{
    return hash_string(p, FNV_OFFSET);
}

unsigned int strcase_hash(const char *p)
{
    uint64_t hash = hash_iv;

    for (; *p != '\0'; p++)
        hash = add(hash, upper((unsigned char)*p));
    return finish(hash);
}

unsigned int ATTR_UNSIGNED_WRAPS strfastcase_hash(const char *p)
{
    unsigned int hash = 0;

    /* bit 0x20 is the case of a letter */
    for (; *p != '\0'; p++)
        hash = hash * 31 + ((unsigned char)*p & ~0x20u);
    return hash;
}

unsigned int mem_hash(const void *p, unsigned int size)
{
    const unsigned char *bytes = p;
    uint64_t hash = hash_iv;

    for (unsigned int i = 0; i < size; i++)
        hash = add(hash, bytes[i]);
    return finish(hash);
}
