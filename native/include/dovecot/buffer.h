/*
 * Buffers: bytes that grow as they are written, or a place of fixed size to write into.
 *
 * Reading is free: `data` and `used` are plain members. Writing behind the end fills the gap with
 * zeros. A pointer into a buffer is valid until the next call that may write to it. Writing more
 * than a fixed buffer, or one with a maximum, can hold panics, and so does growing a data stack
 * buffer in another frame than its own.
 */
#ifndef DOVECOT_BUFFER_H
#define DOVECOT_BUFFER_H

#include "lib.h"

struct buffer {
    __extension__ union {
        __extension__ struct {
            const void *data;
            const size_t used;
        };
        void *priv[9];
    };
};

DOVECOT_API_BEGIN

/* ---- Making and freeing -------------------------------------------------------------------- */

/** Makes `buffer`, the caller's, an empty one that writes into `data`, at most `size` bytes. */
void buffer_create_from_data(buffer_t *buffer, void *data, size_t size);
/** Makes `buffer`, the caller's, a view of `data` that cannot be written to. */
void buffer_create_from_const_data(buffer_t *buffer, const void *data, size_t size);

/* Neither compiles if the compiler sees that there are fewer bytes. */
#define buffer_create_from_data(b, d, s)                                          \
    TYPE_CHECKS(void, COMPILE_ERROR_IF_TRUE(__builtin_object_size((d), 1) < (s)), \
                buffer_create_from_data((b), (d), (s)))
#define buffer_create_from_const_data(b, d, s)                                    \
    TYPE_CHECKS(void, COMPILE_ERROR_IF_TRUE(__builtin_object_size((d), 1) < (s)), \
                buffer_create_from_const_data((b), (d), (s)))

/** A new buffer that grows without a limit, with room for `init_size` bytes. */
buffer_t *buffer_create_dynamic(pool_t pool, size_t init_size);
/** The same, up to `max_size` bytes. */
buffer_t *buffer_create_dynamic_max(pool_t pool, size_t init_size, size_t max_size);
#define t_buffer_create(init_size) buffer_create_dynamic(pool_datastack_create(), (init_size))

/** Frees a buffer of the functions above and sets `*buf`, which may be NULL, to NULL. */
void buffer_free(buffer_t **buf);
/** The same, but the data stays: it is returned and the caller's. */
void *buffer_free_without_data(buffer_t **buf);

/** The pool it allocates from; NULL for a fixed one. */
pool_t buffer_get_pool(const buffer_t *buf) ATTR_PURE;

/* ---- Writing ------------------------------------------------------------------------------- */

void buffer_write(buffer_t *buf, size_t pos, const void *data, size_t data_size);
void buffer_append(buffer_t *buf, const void *data, size_t data_size);
void buffer_append_c(buffer_t *buf, unsigned char chr);
/** Moves what is at `pos` and behind it to make room. */
void buffer_insert(buffer_t *buf, size_t pos, const void *data, size_t data_size);
/** Deletes up to `size` bytes: what lies behind the end does not count. */
void buffer_delete(buffer_t *buf, size_t pos, size_t size);
/** buffer_delete() and buffer_insert() in one. */
void buffer_replace(buffer_t *buf, size_t pos, size_t size, const void *data, size_t data_size);

void buffer_write_zero(buffer_t *buf, size_t pos, size_t data_size);
void buffer_append_zero(buffer_t *buf, size_t data_size);
void buffer_insert_zero(buffer_t *buf, size_t pos, size_t data_size);

/** Copies a part of `src`, which may be the same buffer; SIZE_MAX is all from src_pos on. */
void buffer_copy(buffer_t *dest, size_t dest_pos, const buffer_t *src, size_t src_pos,
                 size_t copy_size);
void buffer_append_buf(buffer_t *dest, const buffer_t *src, size_t src_pos, size_t copy_size);

/** A pointer to `size` bytes at `pos`, which become part of the buffer; new ones are zero. */
void *buffer_get_space_unsafe(buffer_t *buf, size_t pos, size_t size);
/** The same at the end. */
void *buffer_append_space_unsafe(buffer_t *buf, size_t size);

/** The data to change; NULL if it cannot be written to. */
void *buffer_get_modifiable_data(const buffer_t *buf, size_t *used_size_r) ATTR_NULL(2);

/** Shortens the buffer (or takes in bytes that buffer_get_writable_size() promised). */
void buffer_set_used_size(buffer_t *buf, size_t used_size);

/** Keeps only the leftmost `bits` bits, shifted right so that the last byte is full. */
void buffer_truncate_rshift_bits(buffer_t *buf, size_t bits);

/* ---- Asking -------------------------------------------------------------------------------- */

/** Bytes allocated; how many can be used without growing; how many more can ever be appended. */
size_t buffer_get_size(const buffer_t *buf) ATTR_PURE;
size_t buffer_get_writable_size(const buffer_t *buf) ATTR_PURE;
size_t buffer_get_avail_size(const buffer_t *buf) ATTR_PURE;

/** TRUE if both hold the same bytes. */
bool buffer_cmp(const buffer_t *buf1, const buffer_t *buf2);

/** Panics if it is on the data stack and another frame is open: it could not grow now. */
void buffer_verify_pool(buffer_t *buf);

/* ---- Filling from a file ------------------------------------------------------------------- */

enum buffer_append_result {
    BUFFER_APPEND_OK = 0,            /**< all was read, up to the end */
    BUFFER_APPEND_READ_ERROR = -1,   /**< `*error_r` says what failed */
    BUFFER_APPEND_READ_MORE = -2,    /**< nothing there yet: call again */
    BUFFER_APPEND_READ_MAX_SIZE = -3 /**< max_read_size bytes were read and there is more */
};

/** Appends what is left of a stream; `*error_r` is on the data stack or the stream's. */
enum buffer_append_result buffer_append_full_istream(buffer_t *buf, struct istream *is,
                                                     size_t max_read_size, const char **error_r);
enum buffer_append_result buffer_append_full_file(buffer_t *buf, const char *file,
                                                  size_t max_read_size, const char **error_r);

DOVECOT_API_END

static inline const void *ATTR_NULL(2) buffer_get_data(const buffer_t *buf, size_t *used_size_r)
{
    if (used_size_r != NULL)
        *used_size_r = buf->used;
    return buf->data;
}

static inline size_t ATTR_PURE buffer_get_used_size(const buffer_t *buf)
{
    return buf->used;
}

#endif
