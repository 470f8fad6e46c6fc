/*
 * Buffers: making them, growing them, and writing to any place in them. What is behind `used` is
 * never counted on: bytes are zeroed when a write leaves a gap, not when the buffer gets shorter. A
 * buffer takes no reference of its pool: arrays in an object's own pool are simply forgotten with
 * it.
 */
#include "lib/buffer-parts.h"
#include "lib/memory.h"

#undef buffer_create_from_data
#undef buffer_create_from_const_data

void buffer_create_from_data(buffer_t *buffer, void *data, size_t size)
{
    struct buffer_parts *buf = buffer_parts(buffer);

    i_assert(data != NULL || size == 0);
    memset(buffer, 0, sizeof(*buffer));
    buf->data = buf->writable = data;
    buf->size = buf->max_size = size;
}

void buffer_create_from_const_data(buffer_t *buffer, const void *data, size_t size)
{
    struct buffer_parts *buf = buffer_parts(buffer);

    i_assert(data != NULL || size == 0);
    memset(buffer, 0, sizeof(*buffer));
    buf->data = data;
    buf->used = buf->size = buf->max_size = size;
}

buffer_t *buffer_create_dynamic(pool_t pool, size_t init_size)
{
    return buffer_create_dynamic_max(pool, init_size, SIZE_MAX);
}

buffer_t *buffer_create_dynamic_max(pool_t pool, size_t init_size, size_t max_size)
{
    buffer_t *buffer = p_new(pool, buffer_t, 1);
    struct buffer_parts *buf = buffer_parts(buffer);
    size_t size;

    i_assert(init_size <= max_size);
    buf->pool = pool;
    buf->max_size = I_MIN(max_size, POOL_MAX_ALLOC_SIZE - 1);
    /* always something, so that the data is never NULL */
    size = MEM_ALIGN(MALLOC_ADD(init_size, 1));
    buf->data = buf->writable = p_malloc(pool, size);
    buf->size = I_MIN(size - 1, buf->max_size);
    return buffer;
}

void buffer_free(buffer_t **_buffer)
{
    struct buffer_parts *buf;

    if (*_buffer == NULL)
        return;
    buf = buffer_parts(*_buffer);
    if (buf->pool != NULL)
        p_free(buf->pool, buf->writable);
    (void)buffer_free_without_data(_buffer);
}

void *buffer_free_without_data(buffer_t **_buffer)
{
    buffer_t *buffer = *_buffer;
    struct buffer_parts *buf = buffer_parts(buffer);
    pool_t pool = buf->pool;
    void *data = buf->writable;

    *_buffer = NULL;
    if (pool != NULL)
        p_free(pool, buffer);
    else
        memset(buffer, 0, sizeof(*buffer));
    return data;
}

static void check_space(const struct buffer_parts *buf, size_t pos, size_t size)
{
    if (unlikely(buf->writable == NULL))
        i_panic("Buffer is not writable");
    if (unlikely(buf->max_size < pos || buf->max_size - pos < size))
        i_panic("Buffer write out of range (%zu + %zu, at most %zu)", pos, size, buf->max_size);
}

void buffer_reserve(struct buffer_parts *buf, size_t size)
{
    size_t old_size = buf->size + 1, new_size;

    if (size <= buf->size)
        return;
    check_space(buf, size, 0);
    new_size = pool_get_exp_grown_size(buf->pool, old_size, size + 1);
    buf->writable = p_realloc(buf->pool, buf->writable, old_size, new_size);
    buf->data = buf->writable;
    buf->size = I_MIN(new_size - 1, buf->max_size);
}

/* `size` bytes at `pos` become part of the buffer; those that are new are not zeroed, but a gap
   before them is. */
static unsigned char *take_space(buffer_t *buffer, size_t pos, size_t size)
{
    struct buffer_parts *buf = buffer_parts(buffer);

    if (unlikely(buf->writable == NULL || pos > buf->size || size > buf->size - pos)) {
        check_space(buf, pos, size);
        buffer_reserve(buf, pos + size);
    }
    if (pos > buf->used)
        memset(buf->writable + buf->used, 0, pos - buf->used);
    buf->used = I_MAX(buf->used, pos + size);
    return buf->writable + pos;
}

/* Room for `size` bytes between what is before and behind `pos`. */
static unsigned char *make_gap(buffer_t *buffer, size_t pos, size_t size)
{
    struct buffer_parts *buf = buffer_parts(buffer);
    size_t behind = buf->used > pos ? buf->used - pos : 0;
    unsigned char *gap;

    if (behind == 0)
        return take_space(buffer, pos, size);
    (void)take_space(buffer, buf->used, size);
    gap = buf->writable + pos;
    memmove(gap + size, gap, behind);
    return gap;
}

/* memcpy() for which "nothing" may be at NULL. */
static void copy_in(unsigned char *dest, const void *data, size_t size)
{
    if (size > 0)
        memcpy(dest, data, size);
}

void buffer_write(buffer_t *buf, size_t pos, const void *data, size_t data_size)
{
    copy_in(take_space(buf, pos, data_size), data, data_size);
}

void buffer_append(buffer_t *buf, const void *data, size_t data_size)
{
    copy_in(take_space(buf, buf->used, data_size), data, data_size);
}

void buffer_append_c(buffer_t *buf, unsigned char chr)
{
    *take_space(buf, buf->used, 1) = chr;
}

void buffer_insert(buffer_t *buf, size_t pos, const void *data, size_t data_size)
{
    copy_in(make_gap(buf, pos, data_size), data, data_size);
}

void buffer_delete(buffer_t *buffer, size_t pos, size_t size)
{
    struct buffer_parts *buf = buffer_parts(buffer);

    if (pos >= buf->used)
        return;
    check_space(buf, pos, 0);
    size = I_MIN(size, buf->used - pos);
    memmove(buf->writable + pos, buf->writable + pos + size, buf->used - pos - size);
    buf->used -= size;
}

void buffer_replace(buffer_t *buf, size_t pos, size_t size, const void *data, size_t data_size)
{
    size_t there = pos >= buf->used ? 0 : I_MIN(size, buf->used - pos);

    if (data_size < there)
        buffer_delete(buf, pos + data_size, there - data_size);
    else if (data_size > there)
        (void)make_gap(buf, pos + there, data_size - there);
    buffer_write(buf, pos, data, data_size);
}

void buffer_write_zero(buffer_t *buf, size_t pos, size_t data_size)
{
    memset(take_space(buf, pos, data_size), 0, data_size);
}

void buffer_append_zero(buffer_t *buf, size_t data_size)
{
    buffer_write_zero(buf, buf->used, data_size);
}

void buffer_insert_zero(buffer_t *buf, size_t pos, size_t data_size)
{
    memset(make_gap(buf, pos, data_size), 0, data_size);
}

void buffer_copy(buffer_t *dest, size_t dest_pos, const buffer_t *src, size_t src_pos,
                 size_t copy_size)
{
    unsigned char *place;

    i_assert(src_pos <= src->used);
    copy_size = I_MIN(copy_size, src->used - src_pos);
    place = take_space(dest, dest_pos, copy_size);
    /* `src` may be the same buffer, and what was there may have moved */
    if (copy_size > 0)
        memmove(place, CONST_PTR_OFFSET(src->data, src_pos), copy_size);
}

void buffer_append_buf(buffer_t *dest, const buffer_t *src, size_t src_pos, size_t copy_size)
{
    buffer_copy(dest, dest->used, src, src_pos, copy_size);
}

void *buffer_get_space_unsafe(buffer_t *buf, size_t pos, size_t size)
{
    size_t used = buf->used;
    unsigned char *space = take_space(buf, pos, size);

    if (used < pos + size) {
        size_t old = used > pos ? used - pos : 0;

        memset(space + old, 0, size - old);
    }
    return space;
}

void *buffer_append_space_unsafe(buffer_t *buf, size_t size)
{
    return buffer_get_space_unsafe(buf, buf->used, size);
}

void *buffer_get_modifiable_data(const buffer_t *buffer, size_t *used_size_r)
{
    const struct buffer_parts *buf = buffer_parts(buffer);

    if (used_size_r != NULL)
        *used_size_r = buf->used;
    return buf->writable;
}

void buffer_set_used_size(buffer_t *buffer, size_t used_size)
{
    struct buffer_parts *buf = buffer_parts(buffer);

    i_assert(used_size <= buf->size);
    buf->used = used_size;
    buf->nul_terminated = FALSE;
}
