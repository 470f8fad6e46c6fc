/*
 * Binary search that also tells where a key that is missing belongs.
 */
#ifndef DOVECOT_BSEARCH_INSERT_POS_H
#define DOVECOT_BSEARCH_INSERT_POS_H

#include "array.h"

DOVECOT_API_BEGIN

/** TRUE and the index of an element for which `cmp(key, element)` is 0, or FALSE and the index the
 *  key would be inserted at. `base` are `nmemb` sorted elements of `size` bytes. */
bool ATTR_NOWARN_UNUSED_RESULT bsearch_insert_pos(const void *key, const void *base,
                                                  unsigned int nmemb, size_t size,
                                                  int (*cmp)(const void *, const void *),
                                                  unsigned int *idx_r);
#define bsearch_insert_pos(key, base, nmemb, size, cmp, idx_r)                                     \
    TYPE_CHECKS(                                                                                   \
        bool,                                                                                      \
        CALLBACK_TYPECHECK(cmp, int (*)(const __typeof__(*(key)) *, const __typeof__(*(base)) *)), \
        bsearch_insert_pos(key, base, nmemb, size, (int (*)(const void *, const void *))(cmp),     \
                           idx_r))

/** The same in an array. */
bool ATTR_NOWARN_UNUSED_RESULT array_bsearch_insert_pos_i(const struct array *array,
                                                          const void *key,
                                                          int (*cmp)(const void *, const void *),
                                                          unsigned int *idx_r);
#define array_bsearch_insert_pos(array, key, cmp, idx_r)                       \
    TYPE_CHECKS(bool, ARRAY_KEY_CHECK_(array, key, cmp),                       \
                array_bsearch_insert_pos_i(&(array)->arr, (const void *)(key), \
                                           ARRAY_CMP_CAST_(cmp), idx_r))

DOVECOT_API_END

#endif
