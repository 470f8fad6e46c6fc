/*
 * GUIDs: the time in nanoseconds, made to grow from one to the next; the process; and four bytes of
 * a digest of the host's name. No two are equal on one host, and on two hosts only if all of that
 * is.
 */
#include "guid.h"

#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "hash.h"
#include "hex-binary.h"
#include "hostpid.h"
#include "sha1.h"

/* Digits of a UUID record, between dashes, in bytes. */
static const unsigned char record_parts[] = {4, 2, 2, 2, 6};

static const char *host_name(void)
{
    if (my_hostname == NULL)
        hostpid_init();
    return my_hostname;
}

/* A time that was not returned before in this process. */
static struct timespec next_time(void)
{
    static struct timespec last;
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) < 0)
        i_fatal("clock_gettime() failed: %s", strerror(errno));
    if (now.tv_sec < last.tv_sec || (now.tv_sec == last.tv_sec && now.tv_nsec <= last.tv_nsec)) {
        now = last;
        if (++now.tv_nsec == 1000000000) {
            now.tv_sec++;
            now.tv_nsec = 0;
        }
    }
    last = now;
    return now;
}

const char *guid_generate(void)
{
    struct timespec now = next_time();

    return t_strdup_printf("%04x%04lx%04lx%s", (unsigned int)getpid(), (unsigned long)now.tv_sec,
                           (unsigned long)now.tv_nsec, host_name());
}

void guid_128_host_hash_get(const char *host,
                            unsigned char hash_r[STATIC_ARRAY GUID_128_HOST_HASH_SIZE])
{
    unsigned char digest[SHA1_RESULTLEN];

    sha1_get_digest(host, strlen(host), digest);
    memcpy(hash_r, digest + sizeof(digest) - GUID_128_HOST_HASH_SIZE, GUID_128_HOST_HASH_SIZE);
}

void guid_128_generate(guid_128_t guid_r)
{
    static unsigned char host_hash[GUID_128_HOST_HASH_SIZE];
    static bool host_hashed;
    struct timespec now = next_time();

    if (!host_hashed) {
        guid_128_host_hash_get(host_name(), host_hash);
        host_hashed = TRUE;
    }
    cpu32_to_le_unaligned((uint32_t)now.tv_nsec, guid_r);
    cpu32_to_le_unaligned((uint32_t)now.tv_sec, guid_r + 4);
    cpu32_to_le_unaligned((uint32_t)getpid(), guid_r + 8);
    memcpy(guid_r + 12, host_hash, sizeof(host_hash));
}

bool guid_128_is_empty(const guid_128_t guid)
{
    for (unsigned int i = 0; i < GUID_128_SIZE; i++) {
        if (guid[i] != 0)
            return FALSE;
    }
    return TRUE;
}

bool guid_128_equals(const guid_128_t guid1, const guid_128_t guid2)
{
    return guid_128_cmp(guid1, guid2) == 0;
}

int guid_128_cmp(const guid_128_t guid1, const guid_128_t guid2)
{
    return memcmp(guid1, guid2, GUID_128_SIZE);
}

unsigned int guid_128_hash(const guid_128_t guid)
{
    return mem_hash(guid, GUID_128_SIZE);
}

/* ---- As text ------------------------------------------------------------------------------- */

const char *guid_128_to_string(const guid_128_t guid)
{
    return binary_to_hex(guid, GUID_128_SIZE);
}

int guid_128_from_string(const char *str, guid_128_t guid_r)
{
    unsigned char data[GUID_128_SIZE];
    buffer_t buf;

    if (strlen(str) != sizeof(guid_128_t) * 2)
        return -1;
    buffer_create_from_data(&buf, data, sizeof(data));
    if (hex_to_binary(str, &buf) < 0)
        return -1;
    guid_128_copy(guid_r, data);
    return 0;
}

static const char *record_string(const guid_128_t guid)
{
    const char *hex = guid_128_to_string(guid);

    return t_strdup_printf("%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

const char *guid_128_to_uuid_string(const guid_128_t guid, enum uuid_format format)
{
    switch (format) {
    case FORMAT_COMPACT:
        return guid_128_to_string(guid);
    case FORMAT_RECORD:
        return record_string(guid);
    case FORMAT_MICROSOFT:
        return t_strconcat("{", record_string(guid), "}", NULL);
    }
    i_unreached();
}

/* The digits of a record without its dashes; NULL if it is none. */
static const char *record_digits(const char *record)
{
    char *digits = t_strdup_noconst(record), *dest = digits;

    for (unsigned int i = 0; i < N_ELEMENTS(record_parts); i++) {
        size_t len = (size_t)record_parts[i] * 2;

        if (i > 0 && *record++ != '-')
            return NULL;
        if (strnlen(record, len) < len)
            return NULL;
        memcpy(dest, record, len);
        dest += len;
        record += len;
    }
    *dest = '\0';
    return *record == '\0' ? digits : NULL;
}

int guid_128_from_uuid_string(const char *str, guid_128_t guid_r)
{
    size_t len = strlen(str);
    int result = -1;

    T_BEGIN
    {
        if (len == sizeof(guid_128_t) * 2 + 6 && str[0] == '{' && str[len - 1] == '}')
            str = t_strdup_until(str + 1, str + len - 1);
        if (strchr(str, '-') != NULL)
            str = record_digits(str);
        if (str != NULL)
            result = guid_128_from_string(str, guid_r);
    }
    T_END;
    return result;
}
