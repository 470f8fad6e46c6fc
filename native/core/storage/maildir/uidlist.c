/*
 * The uidlist in memory: records in the order of uids, and a hash table from base names to them.
 */
#include "maildir/uidlist.h"

#include "maildir/mailbox.h"

struct maildir_uidlist *maildir_uidlist_alloc(struct mailbox *box)
{
    struct maildir_uidlist *list = i_new(struct maildir_uidlist, 1);
    const char *directory;

    if (mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_CONTROL, &directory) <= 0)
        directory = mailbox_get_path(box);
    list->box = box;
    list->directory = i_strdup(directory);
    list->path = i_strconcat(directory, "/" MAILDIR_UIDLIST_NAME, NULL);
    list->pool = pool_alloconly_create(MEMPOOL_GROWING "maildir uidlist", 1024);
    list->header_rest = "";
    list->next_uid = 1;
    i_array_init(&list->recs, 64);
    return list;
}

void maildir_uidlist_free(struct maildir_uidlist **_list)
{
    struct maildir_uidlist *list = *_list;
    char *directory, *path;

    *_list = NULL;
    if (list == NULL)
        return;
    i_assert(list->lock_count == 0);
    array_free(&list->recs);
    pool_unref(&list->pool);
    free(list->block);
    i_free(list->slots);
    directory = CONST_CAST(list->directory);
    path = CONST_CAST(list->path);
    i_free(directory);
    i_free(path);
    i_free(list);
}

/* ---- The hash table --------------------------------------------------------------------------- */

static uint32_t hash_base(const char *base, size_t length)
{
    uint64_t hash = length, word;

    for (; length >= sizeof word; base += sizeof word, length -= sizeof word) {
        memcpy(&word, base, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, base, length);
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32);
}

/* The slot that holds this base, or the free one where it belongs. */
static unsigned int slot_of(const struct maildir_uidlist *list, const char *base, size_t length,
                            uint32_t hash)
{
    unsigned int slot = hash & (list->slot_count - 1);

    for (; list->slots[slot].place != 0; slot = (slot + 1) & (list->slot_count - 1)) {
        const char *other;

        if (list->slots[slot].hash != hash)
            continue;
        other = array_idx(&list->recs, list->slots[slot].place - 1)->base;
        if (strncmp(other, base, length) == 0 && other[length] == '\0')
            break;
    }
    return slot;
}

/* The table of records that came all at once: most sessions never need it. */
static void fill_slots(struct maildir_uidlist *list)
{
    unsigned int count = array_count(&list->recs);

    for (list->slot_count = 128; list->slot_count < count * 2; list->slot_count *= 2)
        ;
    list->slots = i_new(struct maildir_slot, list->slot_count);
    for (unsigned int i = 0; i < count; i++) {
        const char *base = array_idx(&list->recs, i)->base;
        size_t length = strlen(base);
        uint32_t hash = hash_base(base, length);

        list->slots[slot_of(list, base, length, hash)] =
            (struct maildir_slot){.hash = hash, .place = i + 1};
    }
}

/* Makes room for one more: at most half of the slots are used. */
static void grow_slots(struct maildir_uidlist *list)
{
    struct maildir_slot *old = list->slots;
    unsigned int old_count = list->slot_count;

    if (old_count == 0 && array_not_empty(&list->recs)) {
        fill_slots(list);
        grow_slots(list);
        return;
    }
    if ((array_count(&list->recs) + 1) * 2 <= old_count)
        return;
    list->slot_count = old_count == 0 ? 128 : old_count * 4;
    list->slots = i_new(struct maildir_slot, list->slot_count);
    for (unsigned int i = 0; i < old_count; i++) {
        unsigned int slot = old[i].hash & (list->slot_count - 1);

        if (old[i].place == 0)
            continue;
        while (list->slots[slot].place != 0)
            slot = (slot + 1) & (list->slot_count - 1);
        list->slots[slot] = old[i];
    }
    i_free(old);
}

/* ---- Records ---------------------------------------------------------------------------------- */

struct maildir_rec *maildir_uidlist_lookup(struct maildir_uidlist *list, uint32_t uid)
{
    unsigned int low = 0, high, count;
    struct maildir_rec *recs = array_get_modifiable(&list->recs, &count);

    high = count;
    while (low < high) {
        unsigned int middle = low + (high - low) / 2;

        if (recs[middle].uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && recs[low].uid == uid ? &recs[low] : NULL;
}

struct maildir_rec *maildir_uidlist_find(struct maildir_uidlist *list, const char *name)
{
    size_t length = maildir_base_length(name);
    unsigned int slot;

    if (array_is_empty(&list->recs))
        return NULL;
    if (list->slot_count == 0)
        fill_slots(list);
    slot = slot_of(list, name, length, hash_base(name, length));
    return list->slots[slot].place == 0
               ? NULL
               : array_idx_modifiable(&list->recs, list->slots[slot].place - 1);
}

struct maildir_rec *maildir_uidlist_add(struct maildir_uidlist *list, uint32_t uid,
                                        const char *base, size_t base_length, const char *ext)
{
    struct maildir_rec *rec;
    unsigned int slot;
    uint32_t hash = hash_base(base, base_length);

    i_assert(array_is_empty(&list->recs) || uid > array_back(&list->recs)->uid);
    grow_slots(list);
    slot = slot_of(list, base, base_length, hash);
    if (list->slots[slot].place != 0) {
        maildir_uidlist_kill(list, array_idx_modifiable(&list->recs, list->slots[slot].place - 1));
        list->rewrite = TRUE;
    }
    rec = array_append_space(&list->recs);
    rec->uid = uid;
    rec->base = p_strndup(list->pool, base, base_length);
    rec->ext = *ext == '\0' ? "" : p_strdup(list->pool, ext);
    list->slots[slot].hash = hash;
    list->slots[slot].place = array_count(&list->recs);
    list->next_uid = I_MAX(list->next_uid, uid + 1);
    return rec;
}

void maildir_uidlist_kill(struct maildir_uidlist *list, struct maildir_rec *rec)
{
    if (!rec->dead)
        list->dead_count++;
    rec->dead = TRUE;
}

void maildir_rec_set_info(struct maildir_uidlist *list, struct maildir_rec *rec,
                          const struct maildir_info *info)
{
    const char *verbatim = rec->info.verbatim;

    rec->info = *info;
    if (info->verbatim == NULL)
        return;
    if (verbatim == NULL || strcmp(verbatim, info->verbatim) != 0)
        verbatim = p_strdup(list->pool, info->verbatim);
    rec->info.verbatim = verbatim;
}

const char *maildir_rec_ext(const struct maildir_rec *rec, char key)
{
    for (const char *word = rec->ext; *word != '\0';) {
        const char *end = strchrnul(word, ' ');

        if (*word == key)
            return t_strdup_until(word + 1, end);
        word = *end == '\0' ? end : end + 1;
    }
    return NULL;
}

const char *maildir_rec_path(struct maildir_uidlist *list, const struct maildir_rec *rec)
{
    string_t *path = t_str_new(256);

    str_append(path, mailbox_get_path(list->box));
    str_append(path, rec->in_new ? "/new/" : "/cur/");
    str_append(path, rec->base);
    maildir_info_append(path, &rec->info);
    return str_c(path);
}
