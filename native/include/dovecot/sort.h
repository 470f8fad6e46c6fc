/*
 * Sorting and binary search with comparison functions whose types are checked.
 */
#ifndef DOVECOT_SORT_H
#define DOVECOT_SORT_H

#include "lib.h"

#define i_qsort(base, nmemb, size, cmp)                                                      \
    TYPE_CHECKS(void,                                                                        \
                CALLBACK_TYPECHECK(                                                          \
                    cmp, int (*)(const __typeof__(*(base)) *, const __typeof__(*(base)) *)), \
                qsort(base, nmemb, size, (int (*)(const void *, const void *))(cmp)))
#define i_bsearch(key, base, nmemb, size, cmp)                                                     \
    TYPE_CHECKS(                                                                                   \
        void *,                                                                                    \
        CALLBACK_TYPECHECK(cmp, int (*)(const __typeof__(*(key)) *, const __typeof__(*(base)) *)), \
        bsearch(key, base, nmemb, size, (int (*)(const void *, const void *))(cmp)))

static inline int uint64_cmp(const uint64_t *i1, const uint64_t *i2)
{
    return (*i1 > *i2) - (*i1 < *i2);
}

static inline int uint32_cmp(const uint32_t *i1, const uint32_t *i2)
{
    return (*i1 > *i2) - (*i1 < *i2);
}

DOVECOT_API_BEGIN

/** For finding a string in a sorted array of them. */
int bsearch_strcmp(const char *key, const char *const *member) ATTR_PURE;
int bsearch_strcasecmp(const char *key, const char *const *member) ATTR_PURE;

DOVECOT_API_END

#endif
