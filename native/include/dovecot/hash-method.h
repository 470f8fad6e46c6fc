/*
 * Message digests behind one interface, found by name.
 */
#ifndef DOVECOT_HASH_METHOD_H
#define DOVECOT_HASH_METHOD_H

#include "buffer.h"

struct hash_method {
    const char *name;
    unsigned int block_size;   /**< bytes the algorithm works on at once */
    unsigned int context_size; /**< bytes of the context that the caller allocates */
    unsigned int digest_size;  /**< bytes that result() writes */

    void (*init)(void *context);
    void (*loop)(void *context, const void *data, size_t size);
    void (*result)(void *context, unsigned char *digest_r);
};

DOVECOT_API_BEGIN

/** All methods, ended by NULL; and one by its name, or NULL. */
extern const struct hash_method *hash_methods[];
const struct hash_method *hash_method_lookup(const char *name);

void hash_method_get_digest(const struct hash_method *meth, const void *data, size_t data_len,
                            unsigned char *result_r);
/** The digest in a buffer on the data stack. */
buffer_t *t_hash_data(const struct hash_method *meth, const void *data, size_t data_len);

DOVECOT_API_END

static inline buffer_t *t_hash_buffer(const struct hash_method *meth, const buffer_t *data)
{
    return t_hash_data(meth, data->data, data->used);
}

static inline buffer_t *t_hash_str(const struct hash_method *meth, const char *data)
{
    return t_hash_data(meth, data, strlen(data));
}

#endif
