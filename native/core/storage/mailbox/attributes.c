/*
 * Attributes that code answers instead of, or besides, what is stored under their key.
 */
#include "attributes.h"

ARRAY_DEFINE_TYPE(internals, struct mailbox_attribute_internal);

static ARRAY_TYPE(internals) internals;

void mailbox_attribute_register_internals(const struct mailbox_attribute_internal *iattrs,
                                          unsigned int count)
{
    for (unsigned int i = 0; i < count; i++)
        mailbox_attribute_register_internal(&iattrs[i]);
}

void mailbox_attribute_register_internal(const struct mailbox_attribute_internal *iattr)
{
    if (!array_is_created(&internals))
        i_array_init(&internals, 16);
    array_push_back(&internals, iattr);
}

void mailbox_attribute_unregister_internals(const struct mailbox_attribute_internal *iattrs,
                                            unsigned int count)
{
    for (unsigned int i = 0; i < count; i++)
        mailbox_attribute_unregister_internal(&iattrs[i]);
}

void mailbox_attribute_unregister_internal(const struct mailbox_attribute_internal *iattr)
{
    const struct mailbox_attribute_internal *have;

    array_foreach(&internals, have)
    {
        if (have->type == iattr->type && strcmp(have->key, iattr->key) == 0) {
            array_delete(&internals, array_foreach_idx(&internals, have), 1);
            break;
        }
    }
    if (array_is_empty(&internals))
        array_free(&internals);
}

static bool covers(const struct mailbox_attribute_internal *iattr, const char *key)
{
    size_t length = strlen(iattr->key);

    if (strcmp(iattr->key, key) == 0)
        return true;
    if ((iattr->flags & MAIL_ATTRIBUTE_INTERNAL_FLAG_CHILDREN) == 0 ||
        strncmp(iattr->key, key, length) != 0)
        return false;
    return length == 0 || iattr->key[length - 1] == '/' || key[length] == '/';
}

const struct mailbox_attribute_internal *
mailbox_attribute_find_internal(enum mail_attribute_type type_flags, const char *key)
{
    const struct mailbox_attribute_internal *iattr, *best = NULL;

    if (!array_is_created(&internals))
        return NULL;
    array_foreach(&internals, iattr)
    {
        if (iattr->type == (type_flags & MAIL_ATTRIBUTE_TYPE_MASK) && covers(iattr, key) &&
            (best == NULL || strlen(iattr->key) > strlen(best->key)))
            best = iattr;
    }
    return best;
}

static int list_one(struct mailbox *box, const struct mailbox_attribute_internal *iattr,
                    const char *prefix, pool_t pool, ARRAY_TYPE(const_string) * keys)
{
    size_t length = strlen(prefix);
    struct mail_attribute_value value;
    const char *key;
    int result;

    if (iattr->iter != NULL)
        return iattr->iter(box, prefix, pool, keys);
    if (iattr->get == NULL || strncmp(iattr->key, prefix, length) != 0)
        return 0;
    i_zero(&value);
    result = iattr->get(box, iattr->key, &value);
    if (result > 0) {
        key = p_strdup(pool, iattr->key + length);
        array_push_back(keys, &key);
    }
    return result < 0 ? -1 : 0;
}

int mailbox_attribute_list_internals(struct mailbox *box, enum mail_attribute_type type_flags,
                                     const char *prefix, pool_t pool,
                                     ARRAY_TYPE(const_string) * keys)
{
    const struct mailbox_attribute_internal *iattr;
    int result = 0;

    if (!array_is_created(&internals))
        return 0;
    array_foreach(&internals, iattr)
    {
        if (iattr->type == (type_flags & MAIL_ATTRIBUTE_TYPE_MASK) &&
            list_one(box, iattr, prefix, pool, keys) < 0)
            result = -1;
    }
    return result;
}

/* ---- What the configuration says of a mailbox ------------------------------------------------ */

static int setting_value(const char *setting, struct mail_attribute_value *value_r)
{
    if (setting == NULL || *setting == '\0')
        return 0;
    value_r->value = setting;
    return 1;
}

static int special_use_get(struct mailbox *box, const char *key ATTR_UNUSED,
                           struct mail_attribute_value *value_r)
{
    return setting_value(box->set == NULL ? NULL : box->set->special_use, value_r);
}

static int comment_get(struct mailbox *box, const char *key ATTR_UNUSED,
                       struct mail_attribute_value *value_r)
{
    return setting_value(box->set == NULL ? NULL : box->set->comment, value_r);
}

/* A special use is the configuration's (RFC 6154); a comment may be given another one (RFC 5464). */
static const struct mailbox_attribute_internal of_settings[] = {
    {
        .type = MAIL_ATTRIBUTE_TYPE_PRIVATE,
        .key = "specialuse",
        .rank = MAIL_ATTRIBUTE_INTERNAL_RANK_AUTHORITY,
        .get = special_use_get,
    },
    {
        .type = MAIL_ATTRIBUTE_TYPE_PRIVATE,
        .key = "comment",
        .rank = MAIL_ATTRIBUTE_INTERNAL_RANK_DEFAULT,
        .get = comment_get,
    },
    {
        .type = MAIL_ATTRIBUTE_TYPE_SHARED,
        .key = "comment",
        .rank = MAIL_ATTRIBUTE_INTERNAL_RANK_DEFAULT,
        .get = comment_get,
    },
};

void mailbox_attributes_init(void)
{
    mailbox_attribute_register_internals(of_settings, N_ELEMENTS(of_settings));
}

void mailbox_attributes_deinit(void)
{
    mailbox_attribute_unregister_internals(of_settings, N_ELEMENTS(of_settings));
}
