/*
 * Comparing strings and bytes, and finding strings or sets of bytes in others.
 */
#include "lib.h"
#include "sort.h"

int null_strcmp(const char *s1, const char *s2)
{
    if (s1 == NULL || s2 == NULL)
        return (s1 != NULL) - (s2 != NULL);
    return strcmp(s1, s2);
}

int null_strcasecmp(const char *s1, const char *s2)
{
    if (s1 == NULL || s2 == NULL)
        return (s1 != NULL) - (s2 != NULL);
    return strcasecmp(s1, s2);
}

int i_memcasecmp(const void *p1, const void *p2, size_t size)
{
    const unsigned char *c1 = p1, *c2 = p2;

    for (size_t i = 0; i < size; i++) {
        int diff = i_toupper(c1[i]) - i_toupper(c2[i]);

        if (diff != 0)
            return diff;
    }
    return 0;
}

int i_strcmp_p(const char *const *p1, const char *const *p2)
{
    return strcmp(*p1, *p2);
}

int i_strcasecmp_p(const char *const *p1, const char *const *p2)
{
    return strcasecmp(*p1, *p2);
}

int bsearch_strcmp(const char *key, const char *const *member)
{
    return strcmp(key, *member);
}

int bsearch_strcasecmp(const char *key, const char *const *member)
{
    return strcasecmp(key, *member);
}

bool mem_equals_timing_safe(const void *p1, const void *p2, size_t size)
{
    const volatile unsigned char *c1 = p1, *c2 = p2;
    unsigned char diff = 0;

    for (size_t i = 0; i < size; i++)
        diff |= c1[i] ^ c2[i];
    return diff == 0;
}

bool str_equals_timing_almost_safe(const char *s1, const char *s2)
{
    size_t len1 = strlen(s1), len2 = strlen(s2);

    return mem_equals_timing_safe(s1, s2, I_MIN(len1, len2)) && len1 == len2;
}

size_t str_match(const char *p1, const char *p2)
{
    size_t i = 0;

    while (p1[i] != '\0' && p1[i] == p2[i])
        i++;
    return i;
}

const char *i_strstr_arr(const char *haystack, const char *const *needles)
{
    const char *first = NULL;

    for (; *needles != NULL; needles++) {
        const char *found = strstr(haystack, *needles);

        if (found != NULL && (first == NULL || found < first))
            first = found;
    }
    return first;
}

/* How many bytes at the start of `data` are in `set`, or are not. */
static size_t span(const void *data, size_t data_len, const void *set, size_t set_len, bool in_set)
{
    const unsigned char *bytes = data;
    size_t i;

    for (i = 0; i < data_len; i++) {
        if ((set_len > 0 && memchr(set, bytes[i], set_len) != NULL) != in_set)
            break;
    }
    return i;
}

size_t i_memspn(const void *data, size_t data_len, const void *accept, size_t accept_len)
{
    return span(data, data_len, accept, accept_len, TRUE);
}

size_t i_memcspn(const void *data, size_t data_len, const void *reject, size_t reject_len)
{
    return span(data, data_len, reject, reject_len, FALSE);
}
