/*
 * Arrays: the parts that are no one-liners over a buffer.
 */
#include "array.h"

void array_create_i(struct array *array, pool_t pool, size_t element_size, unsigned int init_count)
{
    /* counts are unsigned ints */
    size_t max_size =
        SIZE_MAX / element_size < UINT_MAX ? SIZE_MAX : element_size * (size_t)UINT_MAX;

    array->buffer = buffer_create_dynamic_max(pool, init_count * element_size, max_size);
    array->element_size = element_size;
}

void *array_idx_get_space_i(struct array *array, unsigned int idx)
{
    return buffer_get_space_unsafe(array->buffer, idx * array->element_size, array->element_size);
}

void array_idx_set_i(struct array *array, unsigned int idx, const void *data)
{
    buffer_write(array->buffer, idx * array->element_size, data, array->element_size);
}

void array_idx_clear_i(struct array *array, unsigned int idx)
{
    buffer_write_zero(array->buffer, idx * array->element_size, array->element_size);
}

void *array_append_space_i(struct array *array)
{
    return buffer_append_space_unsafe(array->buffer, array->element_size);
}

void *array_insert_space_i(struct array *array, unsigned int idx)
{
    size_t pos = idx * array->element_size;

    buffer_insert_zero(array->buffer, pos, array->element_size);
    return buffer_get_space_unsafe(array->buffer, pos, array->element_size);
}

void array_append_array_i(struct array *dest_array, const struct array *src_array)
{
    i_assert(dest_array->element_size == src_array->element_size);
    buffer_append_buf(dest_array->buffer, src_array->buffer, 0, SIZE_MAX);
}

void array_copy(struct array *dest, unsigned int dest_idx, const struct array *src,
                unsigned int src_idx, unsigned int count)
{
    i_assert(dest->element_size == src->element_size);
    buffer_copy(dest->buffer, dest_idx * dest->element_size, src->buffer,
                src_idx * src->element_size, count * dest->element_size);
}

bool array_cmp_i(const struct array *array1, const struct array *array2)
{
    if (!array_is_created_i(array1) || array1->buffer->used == 0)
        return !array_is_created_i(array2) || array2->buffer->used == 0;
    return array_is_created_i(array2) && buffer_cmp(array1->buffer, array2->buffer);
}

bool array_equal_fn_i(const struct array *array1, const struct array *array2,
                      int (*cmp)(const void *, const void *))
{
    unsigned int count = array_count_i(array1);

    if (count != array_count_i(array2))
        return FALSE;
    for (unsigned int i = 0; i < count; i++) {
        if (cmp(array_idx_i(array1, i), array_idx_i(array2, i)) != 0)
            return FALSE;
    }
    return TRUE;
}

bool array_equal_fn_ctx_i(const struct array *array1, const struct array *array2,
                          int (*cmp)(const void *, const void *, const void *), const void *context)
{
    unsigned int count = array_count_i(array1);

    if (count != array_count_i(array2))
        return FALSE;
    for (unsigned int i = 0; i < count; i++) {
        if (cmp(array_idx_i(array1, i), array_idx_i(array2, i), context) != 0)
            return FALSE;
    }
    return TRUE;
}

void array_reverse_i(struct array *array)
{
    size_t size = array->element_size;
    unsigned char *first = buffer_get_modifiable_data(array->buffer, NULL);
    unsigned char *last = first + array->buffer->used;

    if (array->buffer->used == 0)
        return;
    for (last -= size; first < last; first += size, last -= size) {
        for (size_t i = 0; i < size; i++) {
            unsigned char byte = first[i];

            first[i] = last[i];
            last[i] = byte;
        }
    }
}

void array_swap_i(struct array *array1, struct array *array2)
{
    buffer_t *buffer = array1->buffer;

    i_assert(array1->element_size == array2->element_size);
    array1->buffer = array2->buffer;
    array2->buffer = buffer;
}

void array_sort_i(struct array *array, int (*cmp)(const void *, const void *))
{
    unsigned int count;
    void *data = array_get_modifiable_i(array, &count);

    if (count > 1)
        qsort(data, count, array->element_size, cmp);
}

void *array_bsearch_i(struct array *array, const void *key, int (*cmp)(const void *, const void *))
{
    unsigned int count;
    const void *data = array_get_i(array, &count);

    return count == 0 ? NULL : bsearch(key, data, count, array->element_size, cmp);
}

const void *array_lsearch_i(const struct array *array, const void *key,
                            int (*cmp)(const void *, const void *))
{
    unsigned int count = array_count_i(array);

    for (unsigned int i = 0; i < count; i++) {
        const void *element = array_idx_i(array, i);

        if (cmp(key, element) == 0)
            return element;
    }
    return NULL;
}
