/*
 * Digest methods by name, and digests at once.
 */
#include "hash-method.h"

#include "md5.h"
#include "sha1.h"

const struct hash_method *hash_methods[] = {&hash_method_md5, &hash_method_sha1, NULL};

const struct hash_method *hash_method_lookup(const char *name)
{
    for (unsigned int i = 0; hash_methods[i] != NULL; i++) {
        if (strcmp(hash_methods[i]->name, name) == 0)
            return hash_methods[i];
    }
    return NULL;
}

void hash_method_get_digest(const struct hash_method *meth, const void *data, size_t data_len,
                            unsigned char *result_r)
{
    i_assert(meth != NULL);
    T_BEGIN
    {
        void *context = t_malloc0(meth->context_size);

        meth->init(context);
        meth->loop(context, data, data_len);
        meth->result(context, result_r);
    }
    T_END;
}

buffer_t *t_hash_data(const struct hash_method *meth, const void *data, size_t data_len)
{
    buffer_t *result = t_buffer_create(meth->digest_size);

    hash_method_get_digest(meth, data, data_len,
                           buffer_append_space_unsafe(result, meth->digest_size));
    return result;
}
