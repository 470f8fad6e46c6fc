/*
 * The life of an index: alloc, load, free; and its head.
 */
#include "index/index-private.h"

struct mail_index_module_register mail_index_module_register = {0};

struct mail_index *mail_index_alloc(const struct mail_index_driver *driver, void *context)
{
    struct mail_index *index = i_new(struct mail_index, 1);

    index->driver = driver;
    index->context = context;
    index->head = index_map_new();
    index->loaded = driver->load == NULL;
    index->keywords_pool = pool_alloconly_create(MEMPOOL_GROWING "index keywords", 256);
    i_array_init(&index->keywords, 8);
    return index;
}

void mail_index_free(struct mail_index **_index)
{
    struct mail_index *index = *_index;

    *_index = NULL;
    if (index == NULL)
        return;
    i_assert(index->view_count == 0);
    index_map_unref(&index->head);
    array_free(&index->keywords);
    pool_unref(&index->keywords_pool);
    i_free(index);
}

const struct mail_index_header *mail_index_head(const struct mail_index *index)
{
    return &index->head->hdr;
}

bool mail_index_is_loaded(const struct mail_index *index)
{
    return index->loaded;
}

bool mail_index_head_lookup(const struct mail_index *index, uint32_t uid, uint8_t *flags_r,
                            uint64_t *keywords_r)
{
    const struct index_record *record;
    uint32_t seq;

    if (!index_map_find(index->head, uid, &seq))
        return FALSE;
    record = index_map_at(index->head, seq);
    *flags_r = record->rec.flags;
    *keywords_r = record->keywords;
    return TRUE;
}

struct index_map *index_head(struct mail_index *index)
{
    if (!index->loaded && !index->loading) {
        index->loading = TRUE;
        index->driver->load(index->context);
        index->loading = FALSE;
    }
    return index->head;
}

struct index_map *index_writable_head(struct mail_index *index)
{
    if (index->head->refcount > 1) {
        struct index_map *copy = index_map_copy(index->head);

        index_map_unref(&index->head);
        index->head = copy;
    }
    return index->head;
}
