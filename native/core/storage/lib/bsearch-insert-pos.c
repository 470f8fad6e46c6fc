/*
 * Binary search that says where a missing key belongs.
 */
#include "bsearch-insert-pos.h"

#undef bsearch_insert_pos

bool bsearch_insert_pos(const void *key, const void *base, unsigned int nmemb, size_t size,
                        int (*cmp)(const void *, const void *), unsigned int *idx_r)
{
    unsigned int first = 0, behind = nmemb;

    while (first < behind) {
        unsigned int middle = first + (behind - first) / 2;
        int order = cmp(key, CONST_PTR_OFFSET(base, middle * size));

        if (order == 0) {
            *idx_r = middle;
            return TRUE;
        }
        if (order > 0)
            first = middle + 1;
        else
            behind = middle;
    }
    *idx_r = first;
    return FALSE;
}

bool array_bsearch_insert_pos_i(const struct array *array, const void *key,
                                int (*cmp)(const void *, const void *), unsigned int *idx_r)
{
    return bsearch_insert_pos(key, array->buffer->data, array_count_i(array), array->element_size,
                              cmp, idx_r);
}
