/*
 * Reading, writing and listing attributes: what code answers, then what the mailbox has stored.
 */
#include "attributes.h"

#include "istream.h"
#include "sort.h"
#include "str.h"

/* ---- Writing --------------------------------------------------------------------------------- */

static int not_changeable(struct mailbox *box, enum mail_attribute_type type, const char *key)
{
    mail_storage_set_error(
        box->storage, MAIL_ERROR_NOTPOSSIBLE,
        t_strdup_printf("The /%s/%s attribute cannot be changed",
                        type == MAIL_ATTRIBUTE_TYPE_SHARED ? "shared" : "private", key));
    return -1;
}

int mailbox_attribute_set(struct mailbox_transaction_context *t,
                          enum mail_attribute_type type_flags, const char *key,
                          const struct mail_attribute_value *value)
{
    const struct mailbox_attribute_internal *iattr =
        mailbox_attribute_find_internal(type_flags, key);

    if (iattr != NULL && iattr->rank == MAIL_ATTRIBUTE_INTERNAL_RANK_AUTHORITY)
        return iattr->set == NULL ? not_changeable(t->box, iattr->type, key)
                                  : iattr->set(t, key, value);
    if (iattr != NULL && iattr->set != NULL && iattr->set(t, key, value) < 0)
        return -1;
    return t->box->v.attribute_set(t, type_flags, key, value);
}

int mailbox_attribute_unset(struct mailbox_transaction_context *t,
                            enum mail_attribute_type type_flags, const char *key)
{
    const struct mail_attribute_value none = {.value = NULL};

    return mailbox_attribute_set(t, type_flags, key, &none);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static int get_internal(struct mailbox *box, const struct mailbox_attribute_internal *iattr,
                        const char *key, struct mail_attribute_value *value_r)
{
    return iattr == NULL || iattr->get == NULL ? 0 : iattr->get(box, key, value_r);
}

static int get_value(struct mailbox *box, enum mail_attribute_type type_flags, const char *key,
                     struct mail_attribute_value *value_r)
{
    const struct mailbox_attribute_internal *iattr =
        mailbox_attribute_find_internal(type_flags, key);
    int result;

    if (iattr != NULL && iattr->rank != MAIL_ATTRIBUTE_INTERNAL_RANK_DEFAULT) {
        result = get_internal(box, iattr, key, value_r);
        if (result != 0 || iattr->rank == MAIL_ATTRIBUTE_INTERNAL_RANK_AUTHORITY) {
            if (iattr->set == NULL)
                value_r->flags |= MAIL_ATTRIBUTE_VALUE_FLAG_READONLY;
            return result;
        }
    }
    result = box->v.attribute_get(box, type_flags, key, value_r);
    return result != 0 ? result : get_internal(box, iattr, key, value_r);
}

static int stream_to_string(struct mailbox *box, const char *key,
                            struct mail_attribute_value *value)
{
    struct istream *input = value->value_stream;
    const unsigned char *bytes;
    string_t *text;
    size_t size;
    int result = 0;

    text = t_str_new(128);
    i_stream_seek(input, 0);
    while (i_stream_read_more(input, &bytes, &size) > 0) {
        str_append_data(text, bytes, size);
        i_stream_skip(input, size);
    }
    if (input->stream_errno != 0) {
        mailbox_set_critical(box, "read(%s) failed: %s - Key=%s", i_stream_get_name(input),
                             i_stream_get_error(input), key);
        result = -1;
    }
    i_stream_unref(&value->value_stream);
    value->value = str_c(text);
    return result;
}

int mailbox_attribute_get(struct mailbox *box, enum mail_attribute_type type_flags, const char *key,
                          struct mail_attribute_value *value_r)
{
    int result;

    i_zero(value_r);
    result = get_value(box, type_flags, key, value_r);
    if (result > 0 && value_r->value == NULL && value_r->value_stream != NULL &&
        stream_to_string(box, key, value_r) < 0)
        return -1;
    return result;
}

int mailbox_attribute_get_stream(struct mailbox *box, enum mail_attribute_type type_flags,
                                 const char *key, struct mail_attribute_value *value_r)
{
    i_zero(value_r);
    value_r->flags |= MAIL_ATTRIBUTE_VALUE_FLAG_INT_STREAMS;
    return get_value(box, type_flags, key, value_r);
}

/* ---- Listing: stored keys, and those of internal attributes that are not stored --------------- */

struct all_keys_iter {
    struct mailbox_attribute_iter iter;
    struct mailbox_attribute_iter *stored; /**< NULL at its end */
    pool_t pool;
    ARRAY_TYPE(const_string) internals;
    unsigned int next_internal;
    bool failed;
};

struct mailbox_attribute_iter *mailbox_attribute_iter_init(struct mailbox *box,
                                                           enum mail_attribute_type type_flags,
                                                           const char *prefix)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "attribute keys", 512);
    struct all_keys_iter *all = p_new(pool, struct all_keys_iter, 1);

    box->attribute_iter_count++;
    all->iter.box = box;
    all->pool = pool;
    p_array_init(&all->internals, pool, 4);
    all->failed =
        mailbox_attribute_list_internals(box, type_flags, prefix, pool, &all->internals) < 0;
    all->stored = box->v.attribute_iter_init(box, type_flags, prefix);
    return &all->iter;
}

/* What is stored under an internal attribute's key is told once. */
static void drop_internal(struct all_keys_iter *all, const char *key)
{
    const char *const *have;

    array_foreach(&all->internals, have)
    {
        if (strcmp(*have, key) == 0) {
            array_delete(&all->internals, array_foreach_idx(&all->internals, have), 1);
            return;
        }
    }
}

const char *mailbox_attribute_iter_next(struct mailbox_attribute_iter *iter)
{
    struct all_keys_iter *all = container_of(iter, struct all_keys_iter, iter);
    const char *key;

    if (all->stored != NULL) {
        key = iter->box->v.attribute_iter_next(all->stored);
        if (key != NULL) {
            drop_internal(all, key);
            return key;
        }
        if (iter->box->v.attribute_iter_deinit(all->stored) < 0)
            all->failed = true;
        all->stored = NULL;
    }
    if (all->next_internal >= array_count(&all->internals))
        return NULL;
    return array_idx_elem(&all->internals, all->next_internal++);
}

int mailbox_attribute_iter_deinit(struct mailbox_attribute_iter **_iter)
{
    struct all_keys_iter *all = container_of(*_iter, struct all_keys_iter, iter);
    struct mailbox *box = all->iter.box;
    pool_t pool = all->pool;
    int result = all->failed ? -1 : 0;

    *_iter = NULL;
    if (all->stored != NULL && box->v.attribute_iter_deinit(all->stored) < 0)
        result = -1;
    i_assert(box->attribute_iter_count > 0);
    box->attribute_iter_count--;
    pool_unref(&pool);
    return result;
}
