/*
 * Listing the stored attributes of a mailbox.
 */
#include "attributes.h"

#include "base.h"

struct stored_keys_iter {
    struct mailbox_attribute_iter iter;
    pool_t pool;
    ARRAY_TYPE(attribute_pairs) pairs;
    const char *prefix; /**< of the whole key */
    unsigned int next;
    bool failed;
};

struct mailbox_attribute_iter *mailbox_base_attribute_iter_init(struct mailbox *box,
                                                                enum mail_attribute_type type_flags,
                                                                const char *prefix)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "attributes", 1024);
    struct stored_keys_iter *stored = p_new(pool, struct stored_keys_iter, 1);

    stored->iter.box = box;
    stored->pool = pool;
    p_array_init(&stored->pairs, pool, 16);
    T_BEGIN
    {
        stored->prefix = p_strdup(pool, attribute_stored_key(box, type_flags, prefix));
        stored->failed =
            stored->prefix == NULL || attribute_read_all(box, pool, &stored->pairs) < 0;
    }
    T_END;
    return &stored->iter;
}

const char *mailbox_base_attribute_iter_next(struct mailbox_attribute_iter *iter)
{
    struct stored_keys_iter *stored = container_of(iter, struct stored_keys_iter, iter);
    const struct attribute_pair *pair;
    size_t length;

    if (stored->failed)
        return NULL;
    length = strlen(stored->prefix);
    while (stored->next < array_count(&stored->pairs)) {
        pair = array_idx(&stored->pairs, stored->next++);
        if (strncmp(pair->key, stored->prefix, length) == 0)
            return pair->key + length;
    }
    return NULL;
}

int mailbox_base_attribute_iter_deinit(struct mailbox_attribute_iter *iter)
{
    struct stored_keys_iter *stored = container_of(iter, struct stored_keys_iter, iter);
    int result = stored->failed ? -1 : 0;
    pool_t pool = stored->pool;

    pool_unref(&pool);
    return result;
}
