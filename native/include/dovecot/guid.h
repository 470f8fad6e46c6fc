/*
 * Identifiers that no other mail or mailbox ever gets: 128 bits, or text with the host's name in
 * it.
 */
#ifndef DOVECOT_GUID_H
#define DOVECOT_GUID_H

#include "lib.h"

#define GUID_128_SIZE 16
typedef uint8_t guid_128_t[GUID_128_SIZE];
ARRAY_DEFINE_TYPE(guid_128_t, guid_128_t);

/* Bytes of a GUID that come from the host's name. */
#define GUID_128_HOST_HASH_SIZE 4

enum uuid_format {
    FORMAT_RECORD,   /**< 8-4-4-4-12 digits */
    FORMAT_COMPACT,  /**< 32 digits */
    FORMAT_MICROSOFT /**< a record in braces */
};

DOVECOT_API_BEGIN

/** Text, on the data stack. */
const char *guid_generate(void);

void guid_128_generate(guid_128_t guid_r);
/** All zero: not known. */
bool guid_128_is_empty(const guid_128_t guid) ATTR_PURE;
bool guid_128_equals(const guid_128_t guid1, const guid_128_t guid2) ATTR_PURE;

/** 32 hex digits, on the data stack; and back: -1 if it is anything else. */
const char *guid_128_to_string(const guid_128_t guid);
int guid_128_from_string(const char *str, guid_128_t guid_r);
/** The same as a UUID in one of its forms; reading takes all of them. */
const char *guid_128_to_uuid_string(const guid_128_t guid, enum uuid_format format);
int guid_128_from_uuid_string(const char *str, guid_128_t guid_r);

/** For hash tables. */
unsigned int guid_128_hash(const guid_128_t guid) ATTR_PURE;
int guid_128_cmp(const guid_128_t guid1, const guid_128_t guid2) ATTR_PURE;

/** What guid_128_generate() puts into GUIDs for a host of this name. */
void guid_128_host_hash_get(const char *host,
                            unsigned char hash_r[STATIC_ARRAY GUID_128_HOST_HASH_SIZE]);

DOVECOT_API_END

static inline void guid_128_empty(guid_128_t guid)
{
    memset(guid, 0, GUID_128_SIZE);
}

static inline void guid_128_copy(guid_128_t dest, const guid_128_t src)
{
    memcpy(dest, src, GUID_128_SIZE);
}

#endif
