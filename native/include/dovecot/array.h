/*
 * Arrays of any type over a growing buffer, checked by the compiler: an element of another type
 * does not compile.
 *
 *     ARRAY(struct foo) foos;
 *     i_array_init(&foos, 16);
 *     array_push_back(&foos, &foo);
 *     array_foreach(&foos, elem) …           // const struct foo *elem
 *     array_free(&foos);
 *
 * All macros take the address of the array. Pointers to elements are valid until the array grows.
 * New elements that nobody wrote are zero. An index behind the end panics. Declarations alone:
 * array-decl.h.
 */
#ifndef DOVECOT_ARRAY_H
#define DOVECOT_ARRAY_H

#include "buffer.h"

#define ARRAY_TYPE_CAST_CONST(array) (__typeof__(*(array)->v))
#define ARRAY_TYPE_CAST_MODIFIABLE(array) (__typeof__(*(array)->v_modifiable))
#define ARRAY_TYPE_CHECK(array, data) \
    COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(**(array)->v_modifiable, *(data))
#define ARRAY_TYPES_CHECK(array1, array2) \
    COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(**(array1)->v_modifiable, **(array2)->v_modifiable)

/* Functions that compare: `cmp` takes pointers to const elements, or a key and such a pointer. */
#define ARRAY_CMP_CHECK_(array1, array2, cmp) \
    CALLBACK_TYPECHECK(cmp, int (*)(__typeof__(*(array1)->v), __typeof__(*(array2)->v)))
#define ARRAY_KEY_CHECK_(array, key, cmp) \
    CALLBACK_TYPECHECK(cmp, int (*)(const __typeof__(*(key)) *, __typeof__(*(array)->v)))
#define ARRAY_CMP_CAST_(cmp) ((int (*)(const void *, const void *))(cmp))

/* ---- Making and freeing -------------------------------------------------------------------- */

/* In a pool, in memory of its own, or on the data stack, with room for `init_count` elements. */
#define p_array_init(array, pool, init_count) \
    array_create(array, pool, sizeof(__typeof__(**(array)->v)), init_count)
#define i_array_init(array, init_count) p_array_init(array, default_pool, init_count)
#define t_array_init(array, init_count) p_array_init(array, pool_datastack_create(), init_count)

#define array_create(array, pool, element_size, init_count) \
    array_create_i(&(array)->arr, pool, element_size, init_count)
/* Over an existing buffer, which stays its owner's. */
#define array_create_from_buffer(array, buffer, element_size) \
    array_create_from_buffer_i(&(array)->arr, buffer, element_size)

/* May be called for an array that was not created; it is not created afterwards. */
#define array_free(array) array_free_i(&(array)->arr)
/* The same, but the elements are returned and the caller's. */
#define array_free_without_data(array) \
    (ARRAY_TYPE_CAST_MODIFIABLE(array) array_free_without_data_i(&(array)->arr))

#define array_is_created(array) array_is_created_i(&(array)->arr)
#define array_get_pool(array) array_get_pool_i(&(array)->arr)

/* ---- Size ---------------------------------------------------------------------------------- */

#define array_count(array) array_count_i(&(array)->arr)
#define array_is_empty(array) ((array)->arr.buffer->used == 0)
#define array_not_empty(array) ((array)->arr.buffer->used > 0)
#define array_clear(array) array_clear_i(&(array)->arr)

/* ---- Loops --------------------------------------------------------------------------------- */

/* `elem` is a variable of type `const T *`, or `T *` for _modifiable: it points to each element in
   turn. Deleting an element is fine if the loop ends then; the _reverse loops may delete and go on.
   */
#define array_foreach(array, elem)                                              \
    for (const void *elem##__foreach_end =                                      \
             CONST_PTR_OFFSET((elem) = *(array)->v, (array)->arr.buffer->used); \
         (elem) != elem##__foreach_end; (elem)++)
#define array_foreach_modifiable(array, elem)                                            \
    for (const void *elem##__foreach_end =                                               \
             CONST_PTR_OFFSET((elem) = ARRAY_TYPE_CAST_MODIFIABLE(array)                 \
                                  buffer_get_modifiable_data((array)->arr.buffer, NULL), \
             (array)->arr.buffer->used);                                                 \
         (elem) != elem##__foreach_end; (elem)++)

#define array_foreach_reverse(array, elem)                             \
    for ((elem) = ARRAY_TYPE_CAST_CONST(array)                         \
             CONST_PTR_OFFSET(*(array)->v, (array)->arr.buffer->used); \
         (uintptr_t)(elem) > (uintptr_t) * (array)->v && ((elem)--, TRUE);)
#define array_foreach_reverse_modifiable(array, elem)                                           \
    for ((elem) = ARRAY_TYPE_CAST_MODIFIABLE(array) PTR_OFFSET(                                 \
             buffer_get_modifiable_data((array)->arr.buffer, NULL), (array)->arr.buffer->used); \
         (uintptr_t)(elem) > (uintptr_t) * (array)->v && ((elem)--, TRUE);)

/* `elem` is a variable of type T, at most as large as a pointer: each element is copied to it. */
#define array_foreach_elem(array, elem) ARRAY_FOREACH_ELEM_(array, elem, __LINE__)
#define ARRAY_FOREACH_ELEM_(array, elem, line) ARRAY_FOREACH_ELEM_AT_(array, elem, line)
#define ARRAY_FOREACH_ELEM_AT_(array, elem, line)                                            \
    for (const void *                                                                        \
             _foreach_end_##line = CONST_PTR_OFFSET(*(array)->v, (array)->arr.buffer->used), \
            *_foreach_ptr_##line = CONST_PTR_OFFSET(                                         \
                *(array)->v, ARRAY_TYPE_CHECK(array, &(elem)) +                              \
                                 COMPILE_ERROR_IF_TRUE(sizeof(elem) > sizeof(void *)));      \
         _foreach_ptr_##line != _foreach_end_##line &&                                       \
         (memcpy(&(elem), _foreach_ptr_##line, sizeof(elem)), TRUE);                         \
         _foreach_ptr_##line = CONST_PTR_OFFSET(_foreach_ptr_##line, sizeof(elem)))

/* The index of an element that a pointer shows, in array_foreach() for example. */
#define array_ptr_to_idx(array, elem) ((unsigned int)((elem) - (array)->v[0]))
#define array_foreach_idx(array, elem) array_ptr_to_idx(array, elem)

/* ---- Reading ------------------------------------------------------------------------------- */

/* The first element, and how many there are. */
#define array_get(array, count) (ARRAY_TYPE_CAST_CONST(array) array_get_i(&(array)->arr, count))
#define array_get_modifiable(array, count) \
    (ARRAY_TYPE_CAST_MODIFIABLE(array) array_get_modifiable_i(&(array)->arr, count))

/* A pointer to the element at an index. */
#define array_idx(array, idx) (ARRAY_TYPE_CAST_CONST(array) array_idx_i(&(array)->arr, idx))
#define array_idx_modifiable(array, idx) \
    (ARRAY_TYPE_CAST_MODIFIABLE(array) array_idx_modifiable_i(&(array)->arr, idx))
/* The element itself, in an array of pointers. */
#define array_idx_elem(array, idx) \
    (*(array_idx(array, idx) +     \
       COMPILE_ERROR_IF_TRUE(sizeof(__typeof__(**(array)->v)) != sizeof(void *))))

#define array_front(array) array_idx(array, 0)
#define array_front_modifiable(array) array_idx_modifiable(array, 0)
#define array_back(array) array_idx(array, array_count(array) - 1)
#define array_back_modifiable(array) array_idx_modifiable(array, array_count(array) - 1)

/* ---- Writing ------------------------------------------------------------------------------- */

/* `data` is `const T *`: one element or `count` of them. */
#define array_append(array, data, count) \
    TYPE_CHECKS(void, ARRAY_TYPE_CHECK(array, data), array_append_i(&(array)->arr, data, count))
#define array_append_array(dest_array, src_array)               \
    TYPE_CHECKS(void, ARRAY_TYPES_CHECK(dest_array, src_array), \
                array_append_array_i(&(dest_array)->arr, &(src_array)->arr))
#define array_insert(array, idx, data, count)        \
    TYPE_CHECKS(void, ARRAY_TYPE_CHECK(array, data), \
                array_insert_i(&(array)->arr, idx, data, count))
#define array_delete(array, idx, count) array_delete_i(&(array)->arr, idx, count)

#define array_push_back(array, item) array_append(array, (item), 1)
#define array_push_front(array, item) array_insert(array, 0, (item), 1)
#define array_pop_back(array) array_delete(array, array_count(array) - 1, 1)
#define array_pop_front(array) array_delete(array, 0, 1)

/* A new zeroed element: its address, or nothing. */
#define array_append_space(array) \
    (ARRAY_TYPE_CAST_MODIFIABLE(array) array_append_space_i(&(array)->arr))
#define array_append_zero(array) ((void)array_append_space_i(&(array)->arr))
#define array_insert_space(array, idx) \
    (ARRAY_TYPE_CAST_MODIFIABLE(array) array_insert_space_i(&(array)->arr, idx))

/* The element at an index, to write to; the array grows to have it. */
#define array_idx_get_space(array, idx) \
    (ARRAY_TYPE_CAST_MODIFIABLE(array) array_idx_get_space_i(&(array)->arr, idx))
#define array_idx_set(array, idx, data) \
    TYPE_CHECKS(void, ARRAY_TYPE_CHECK(array, data), array_idx_set_i(&(array)->arr, idx, data))
/* Zeroes the element at an index; the array grows to have it. */
#define array_idx_clear(array, idx) array_idx_clear_i(&(array)->arr, idx)

/* ---- All elements -------------------------------------------------------------------------- */

/* Whether both hold the same bytes, or elements for which `cmp` returns 0. */
#define array_cmp(array1, array2) array_cmp_i(&(array1)->arr, &(array2)->arr)
#define array_equal_fn(array1, array2, cmp)                                                       \
    TYPE_CHECKS(bool, ARRAY_TYPES_CHECK(array1, array2) || ARRAY_CMP_CHECK_(array1, array2, cmp), \
                array_equal_fn_i(&(array1)->arr, &(array2)->arr, ARRAY_CMP_CAST_(cmp)))
#define array_equal_fn_ctx(array1, array2, cmp, ctx)                                            \
    TYPE_CHECKS(                                                                                \
        bool,                                                                                   \
        ARRAY_TYPES_CHECK(array1, array2) ||                                                    \
            CALLBACK_TYPECHECK(cmp, int (*)(__typeof__(*(array1)->v), __typeof__(*(array2)->v), \
                                            const __typeof__(*(ctx)) *)),                       \
        array_equal_fn_ctx_i(&(array1)->arr, &(array2)->arr,                                    \
                             (int (*)(const void *, const void *, const void *))(cmp), ctx))

#define array_reverse(array) array_reverse_i(&(array)->arr)
/* Exchanges the contents of two arrays. */
#define array_swap(array1, array2)                       \
    TYPE_CHECKS(void, ARRAY_TYPES_CHECK(array1, array2), \
                array_swap_i(&(array1)->arr, &(array2)->arr))
#define array_sort(array, cmp)                             \
    TYPE_CHECKS(void, ARRAY_CMP_CHECK_(array, array, cmp), \
                array_sort_i(&(array)->arr, ARRAY_CMP_CAST_(cmp)))

/* The element that `cmp(key, element)` returns 0 for, or NULL: in a sorted array, or the first in
   any. */
#define array_bsearch(array, key, cmp)                     \
    TYPE_CHECKS(void *, ARRAY_KEY_CHECK_(array, key, cmp), \
                (ARRAY_TYPE_CAST_MODIFIABLE(array)         \
                     array_bsearch_i(&(array)->arr, (const void *)(key), ARRAY_CMP_CAST_(cmp))))
#define array_lsearch(array, key, cmp)                     \
    TYPE_CHECKS(void *, ARRAY_KEY_CHECK_(array, key, cmp), \
                (ARRAY_TYPE_CAST_CONST(array)              \
                     array_lsearch_i(&(array)->arr, (const void *)(key), ARRAY_CMP_CAST_(cmp))))
#define array_lsearch_modifiable(array, key, cmp)                              \
    TYPE_CHECKS(void *, ARRAY_KEY_CHECK_(array, key, cmp),                     \
                (ARRAY_TYPE_CAST_MODIFIABLE(array) array_lsearch_modifiable_i( \
                    &(array)->arr, (const void *)(key), ARRAY_CMP_CAST_(cmp))))

/* ---- How it is done ------------------------------------------------------------------------ */

DOVECOT_API_BEGIN

void array_create_i(struct array *array, pool_t pool, size_t element_size, unsigned int init_count);
void *array_idx_get_space_i(struct array *array, unsigned int idx);
void array_idx_set_i(struct array *array, unsigned int idx, const void *data);
void array_idx_clear_i(struct array *array, unsigned int idx);
void *array_append_space_i(struct array *array);
void *array_insert_space_i(struct array *array, unsigned int idx);
void array_append_array_i(struct array *dest_array, const struct array *src_array);
/** Takes the `arr` members: array_copy(&a->arr, …). Counts and indexes are in elements. */
void array_copy(struct array *dest, unsigned int dest_idx, const struct array *src,
                unsigned int src_idx, unsigned int count);
bool array_cmp_i(const struct array *array1, const struct array *array2) ATTR_PURE;
bool array_equal_fn_i(const struct array *array1, const struct array *array2,
                      int (*cmp)(const void *, const void *));
bool array_equal_fn_ctx_i(const struct array *array1, const struct array *array2,
                          int (*cmp)(const void *, const void *, const void *),
                          const void *context);
void array_reverse_i(struct array *array);
void array_swap_i(struct array *array1, struct array *array2);
void array_sort_i(struct array *array, int (*cmp)(const void *, const void *));
void *array_bsearch_i(struct array *array, const void *key, int (*cmp)(const void *, const void *));
const void *array_lsearch_i(const struct array *array, const void *key,
                            int (*cmp)(const void *, const void *));

DOVECOT_API_END

static inline void array_create_from_buffer_i(struct array *array, buffer_t *buffer,
                                              size_t element_size)
{
    array->buffer = buffer;
    array->element_size = element_size;
}

static inline void array_free_i(struct array *array)
{
    buffer_free(&array->buffer);
}

static inline void *ATTR_WARN_UNUSED_RESULT array_free_without_data_i(struct array *array)
{
    return buffer_free_without_data(&array->buffer);
}

static inline bool array_is_created_i(const struct array *array)
{
    return array->buffer != NULL;
}

static inline pool_t array_get_pool_i(const struct array *array)
{
    return buffer_get_pool(array->buffer);
}

static inline unsigned int ATTR_PURE array_count_i(const struct array *array)
{
    return (unsigned int)(array->buffer->used / array->element_size);
}

static inline void array_clear_i(struct array *array)
{
    buffer_set_used_size(array->buffer, 0);
}

static inline void array_append_i(struct array *array, const void *data, unsigned int count)
{
    buffer_append(array->buffer, data, count * array->element_size);
}

static inline void array_insert_i(struct array *array, unsigned int idx, const void *data,
                                  unsigned int count)
{
    buffer_insert(array->buffer, idx * array->element_size, data, count * array->element_size);
}

static inline void array_delete_i(struct array *array, unsigned int idx, unsigned int count)
{
    buffer_delete(array->buffer, idx * array->element_size, count * array->element_size);
}

static inline const void *array_get_i(const struct array *array, unsigned int *count_r)
{
    *count_r = array_count_i(array);
    return array->buffer->data;
}

static inline void *array_get_modifiable_i(struct array *array, unsigned int *count_r)
{
    *count_r = array_count_i(array);
    return buffer_get_modifiable_data(array->buffer, NULL);
}

static inline const void *array_idx_i(const struct array *array, unsigned int idx)
{
    i_assert(idx < array_count_i(array));
    return CONST_PTR_OFFSET(array->buffer->data, idx * array->element_size);
}

static inline void *array_idx_modifiable_i(const struct array *array, unsigned int idx)
{
    i_assert(idx < array_count_i(array));
    return PTR_OFFSET(buffer_get_modifiable_data(array->buffer, NULL), idx * array->element_size);
}

static inline void *array_lsearch_modifiable_i(struct array *array, const void *key,
                                               int (*cmp)(const void *, const void *))
{
    return CONST_CAST(array_lsearch_i(array, key, cmp));
}

#endif
