/*
 * Attributes of a mailbox, stored in the user's attribute file under the mailbox's GUID, so that they
 * stay when it is renamed.
 */
#include "attributes.h"

#include "base-transaction.h"
#include "guid.h"
#include "istream.h"
#include "lib-event.h"
#include "str.h"

struct attribute_changes {
    pool_t pool;
    ARRAY_TYPE(attribute_pairs) pairs;
};

/* NULL when the configuration names none. */
static const char *configured_path(struct mailbox *box)
{
    const char *setting = box->storage->set->mail_attribute_dict;

    if (setting == NULL || strncmp(setting, "file:", 5) != 0 || setting[5] == '\0')
        return NULL;
    return mail_user_home_expand(box->storage->user, setting + 5);
}

/* The same, with the error that says so. */
static const char *file_path(struct mailbox *box)
{
    const char *path = configured_path(box);

    if (path == NULL)
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                               "Mailbox attributes not enabled");
    return path;
}

const char *attribute_stored_key(struct mailbox *box, enum mail_attribute_type type_flags,
                                 const char *key)
{
    struct mailbox_metadata metadata;

    if (mailbox_get_metadata(box, MAILBOX_METADATA_GUID, &metadata) < 0)
        return NULL;
    return t_strdup_printf(
        "%s/%s/%s",
        (type_flags & MAIL_ATTRIBUTE_TYPE_MASK) == MAIL_ATTRIBUTE_TYPE_PRIVATE ? "priv" : "shared",
        guid_128_to_string(metadata.guid), key);
}

static int file_failed(struct mailbox *box, const char *error)
{
    mailbox_set_critical(box, "Attributes: %s", error);
    return -1;
}

/* ---- Changing, at commit --------------------------------------------------------------------- */

static struct attribute_changes *changes_of(struct base_transaction *bt)
{
    struct attribute_changes *changes = bt->attributes;
    pool_t pool;

    if (changes == NULL) {
        pool = pool_alloconly_create(MEMPOOL_GROWING "attribute changes", 1024);
        changes = p_new(pool, struct attribute_changes, 1);
        changes->pool = pool;
        p_array_init(&changes->pairs, pool, 4);
        bt->attributes = changes;
    }
    return changes;
}

static int stream_value(struct mailbox *box, pool_t pool, struct istream *input,
                        const char **value_r)
{
    string_t *text = str_new(pool, 1024);
    const unsigned char *bytes;
    size_t size;

    i_stream_seek(input, 0);
    while (i_stream_read_more(input, &bytes, &size) > 0) {
        str_append_data(text, bytes, size);
        i_stream_skip(input, size);
    }
    if (input->stream_errno != 0) {
        mailbox_set_critical(box, "read(%s) failed: %s", i_stream_get_name(input),
                             i_stream_get_error(input));
        return -1;
    }
    *value_r = str_c(text);
    return 0;
}

int mailbox_base_attribute_set(struct mailbox_transaction_context *t,
                               enum mail_attribute_type type_flags, const char *key,
                               const struct mail_attribute_value *value)
{
    struct base_transaction *bt = container_of(t, struct base_transaction, t);
    struct attribute_pair pair = {.value = value->value};
    struct attribute_changes *changes;
    const char *stored_key;

    if (file_path(t->box) == NULL)
        return -1;
    stored_key = attribute_stored_key(t->box, type_flags, key);
    if (stored_key == NULL)
        return -1;
    changes = changes_of(bt);
    if (value->value_stream != NULL) {
        if (stream_value(t->box, changes->pool, value->value_stream, &pair.value) < 0)
            return -1;
    } else {
        pair.value = p_strdup(changes->pool, value->value);
    }
    pair.key = p_strdup(changes->pool, stored_key);
    array_push_back(&changes->pairs, &pair);
    return 0;
}

int attribute_changes_commit(struct mailbox *box, const struct attribute_changes *changes)
{
    const char *error, *path = file_path(box);

    if (path == NULL)
        return -1;
    if (attribute_file_change(path, &changes->pairs, &error) < 0)
        return file_failed(box, error);
    return 0;
}

void attribute_changes_free(struct attribute_changes **_changes)
{
    struct attribute_changes *changes = *_changes;
    pool_t pool;

    *_changes = NULL;
    if (changes == NULL)
        return;
    pool = changes->pool;
    pool_unref(&pool);
}

/* The pairs that belong to a GUID, as changes that remove them. */
static void removals(const ARRAY_TYPE(attribute_pairs) * pairs, const char *guid,
                     ARRAY_TYPE(attribute_pairs) * changes)
{
    const char *const prefixes[] = {t_strdup_printf("priv/%s/", guid),
                                    t_strdup_printf("shared/%s/", guid)};
    const struct attribute_pair *pair;
    struct attribute_pair *change;

    array_foreach(pairs, pair)
    {
        for (unsigned int i = 0; i < N_ELEMENTS(prefixes); i++) {
            if (strncmp(pair->key, prefixes[i], strlen(prefixes[i])) != 0)
                continue;
            change = array_append_space(changes);
            change->key = pair->key;
        }
    }
}

void attributes_forget(struct mailbox *box, const guid_128_t guid)
{
    const char *error, *path = configured_path(box);
    ARRAY_TYPE(attribute_pairs) pairs, changes;

    if (path == NULL)
        return;
    t_array_init(&pairs, 16);
    t_array_init(&changes, 16);
    if (attribute_file_read(pool_datastack_create(), path, &pairs, &error) == 0) {
        removals(&pairs, guid_128_to_string(guid), &changes);
        if (array_is_empty(&changes) || attribute_file_change(path, &changes, &error) == 0)
            return;
    }
    e_error(box->event, "Attributes of the deleted mailbox stay: %s", error);
}

/* ---- Reading --------------------------------------------------------------------------------- */

int attribute_read_all(struct mailbox *box, pool_t pool, ARRAY_TYPE(attribute_pairs) * pairs)
{
    const char *error, *path = file_path(box);

    if (path == NULL)
        return -1;
    return attribute_file_read(pool, path, pairs, &error) < 0 ? file_failed(box, error) : 0;
}

int mailbox_base_attribute_get(struct mailbox *box, enum mail_attribute_type type_flags,
                               const char *key, struct mail_attribute_value *value_r)
{
    const struct attribute_pair *pair;
    ARRAY_TYPE(attribute_pairs) pairs;
    const char *stored_key;

    t_array_init(&pairs, 16);
    if (attribute_read_all(box, pool_datastack_create(), &pairs) < 0)
        return -1;
    stored_key = attribute_stored_key(box, type_flags, key);
    if (stored_key == NULL)
        return -1;
    array_foreach(&pairs, pair)
    {
        if (strcmp(pair->key, stored_key) == 0) {
            value_r->value = pair->value;
            return 1;
        }
    }
    return 0;
}
