/*
 * What can be asked about a buffer, and keeping only some of its bits.
 */
#include "lib/buffer-parts.h"
#include "lib/memory.h"

pool_t buffer_get_pool(const buffer_t *buffer)
{
    return buffer_parts(buffer)->pool;
}

size_t buffer_get_size(const buffer_t *buffer)
{
    const struct buffer_parts *buf = buffer_parts(buffer);

    return buf->pool == NULL || buf->writable == NULL ? buf->size : buf->size + 1;
}

size_t buffer_get_writable_size(const buffer_t *buffer)
{
    return buffer_parts(buffer)->size;
}

size_t buffer_get_avail_size(const buffer_t *buffer)
{
    const struct buffer_parts *buf = buffer_parts(buffer);

    return buf->max_size - buf->used;
}

bool buffer_cmp(const buffer_t *buf1, const buffer_t *buf2)
{
    if (buf1->used != buf2->used)
        return FALSE;
    return buf1->used == 0 || memcmp(buf1->data, buf2->data, buf1->used) == 0;
}

void buffer_verify_pool(buffer_t *buffer)
{
    const struct buffer_parts *buf = buffer_parts(buffer);

    if (buf->pool != NULL && buf->pool->datastack_pool)
        pool_datastack_verify(buf->pool);
}

void buffer_truncate_rshift_bits(buffer_t *buffer, size_t bits)
{
    size_t bytes = (bits + 7) / 8;
    unsigned int shift = (unsigned int)(bytes * 8 - bits);
    unsigned char *data;

    if (buffer->used < bytes)
        return;
    buffer_set_used_size(buffer, bytes);
    if (shift == 0)
        return;
    data = buffer_get_modifiable_data(buffer, NULL);
    for (size_t i = bytes - 1; i > 0; i--)
        data[i] = (unsigned char)(data[i] >> shift | data[i - 1] << (8 - shift));
    data[0] = (unsigned char)(data[0] >> shift);
}
