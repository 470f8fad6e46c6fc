/*
 * Facts are looked for among those that wait to be written, then in the file; the latest entry of a mail
 * first.
 */
#include "cache/facts.h"

#include "cache/facts-file.h"

#include "index/index.h"
#include "mail-storage-private.h"

enum { PENDING_MAX = 64 * 1024, FACT_MAX = 32 * 1024 };

struct cache_facts *cache_facts_alloc(struct mailbox *box)
{
    struct cache_facts *facts = i_new(struct cache_facts, 1);

    facts->box = box;
    facts->fd = -1;
    facts->pending = buffer_create_dynamic(default_pool, 1024);
    i_array_init(&facts->places.all, 64);
    i_array_init(&facts->pending_places.all, 64);
    return facts;
}

void cache_facts_free(struct cache_facts **_facts)
{
    struct cache_facts *facts = *_facts;

    *_facts = NULL;
    if (facts == NULL)
        return;
    facts_file_flush(facts);
    facts_file_close(facts);
    buffer_free(&facts->pending);
    array_free(&facts->places.all);
    array_free(&facts->pending_places.all);
    i_free(facts);
}

/* Uids do not mean anymore what they meant, or mean something for the first time. */
static bool begin(struct cache_facts *facts)
{
    uint32_t uid_validity = mail_index_head(facts->box->index)->uid_validity;

    if (uid_validity == facts->uid_validity)
        return uid_validity != 0;
    facts_file_close(facts);
    buffer_set_used_size(facts->pending, 0);
    array_clear(&facts->pending_places.all);
    facts->uid_validity = uid_validity;
    if (uid_validity != 0)
        facts_file_open(facts);
    return uid_validity != 0;
}

/* ---- Looking ----------------------------------------------------------------------------------- */

/* A fact: the size of the value, the key, the value; each begins at a multiple of 8. */
static const void *find_in_entry(const struct facts_entry *entry, const char *key, size_t *size_r)
{
    const char *fact = (const char *)(entry + 1), *end = (const char *)entry + entry->size;
    uint32_t size;

    while ((size_t)(end - fact) > sizeof size) {
        const char *name = fact + sizeof size;
        size_t room = (size_t)(end - name), name_size = strnlen(name, room) + 1, whole;

        memcpy(&size, fact, sizeof size);
        if (name_size > room || size > room - name_size)
            return NULL;
        if (strcmp(name, key) == 0) {
            *size_r = size;
            return name + name_size;
        }
        whole = (sizeof size + name_size + size + 7) & ~(size_t)7;
        if (whole > (size_t)(end - fact))
            return NULL;
        fact += whole;
    }
    return NULL;
}

/* Whether the entry decides: it has the fact, or says that there is none. */
static bool ask_entry(const struct facts_entry *entry, const struct cache_mail *mail,
                      const char *key, const void **data_r, size_t *size_r)
{
    if (entry == NULL || entry->uid != mail->uid || entry->identity != mail->identity)
        return FALSE;
    *data_r = find_in_entry(entry, key, size_r);
    return *data_r != NULL || entry->size == sizeof *entry;
}

static const struct facts_entry *pending_entry(const struct cache_facts *facts, uoff_t offset)
{
    return (const struct facts_entry *)((const char *)facts->pending->data + offset);
}

static const void *get(struct cache_facts *facts, const struct cache_mail *mail, const char *key,
                       size_t *size_r)
{
    const void *data = NULL;
    unsigned int at;

    for (at = facts_places_end(&facts->pending_places, mail->uid); at > 0; at--) {
        const struct facts_place *place = array_idx(&facts->pending_places.all, at - 1);

        if (place->uid != mail->uid)
            break;
        if (ask_entry(pending_entry(facts, place->offset), mail, key, &data, size_r))
            return data;
    }
    for (at = facts_places_end(&facts->places, mail->uid); at > 0; at--) {
        const struct facts_place *place = array_idx(&facts->places.all, at - 1);

        if (place->uid != mail->uid)
            break;
        if (ask_entry(facts_file_entry(facts, place), mail, key, &data, size_r))
            return data;
    }
    return NULL;
}

const void *cache_facts_get(struct cache_facts *facts, const struct cache_mail *mail,
                            const char *key, size_t *size_r)
{
    return begin(facts) ? get(facts, mail, key, size_r) : NULL;
}

/* ---- Adding ------------------------------------------------------------------------------------ */

/* The last entry, if it is of this mail and has room; else a new one. */
static uoff_t entry_for(struct cache_facts *facts, const struct cache_mail *mail, size_t more)
{
    unsigned int count = array_count(&facts->pending_places.all);
    struct facts_entry head;

    if (count > 0) {
        uoff_t offset = array_idx(&facts->pending_places.all, count - 1)->offset;
        const struct facts_entry *last = pending_entry(facts, offset);

        if (last->uid == mail->uid && last->identity == mail->identity &&
            last->size > sizeof *last && offset + last->size == facts->pending->used &&
            last->size + more <= FACTS_ENTRY_MAX)
            return offset;
    }
    i_zero(&head);
    head.identity = mail->identity;
    head.uid = mail->uid;
    head.size = sizeof head;
    facts_places_add(&facts->pending_places, mail->uid, 0, facts->pending->used);
    buffer_append(facts->pending, &head, sizeof head);
    return facts->pending->used - sizeof head;
}

static void end_entry(struct cache_facts *facts, uoff_t offset)
{
    struct facts_entry *entry;

    if (facts->pending->used % 8 != 0)
        buffer_append_zero(facts->pending, 8 - facts->pending->used % 8);
    entry = (struct facts_entry *)(buffer_get_modifiable_data(facts->pending, NULL) + offset);
    entry->size = (uint32_t)(facts->pending->used - offset);
    if (facts->pending->used > PENDING_MAX)
        facts_file_flush(facts);
}

void cache_facts_put(struct cache_facts *facts, const struct cache_mail *mail, const char *key,
                     const void *data, size_t size)
{
    uint32_t value_size = (uint32_t)size;
    size_t known;
    uoff_t offset;

    if (size > FACT_MAX || strlen(key) > FACT_MAX || !begin(facts) ||
        get(facts, mail, key, &known) != NULL)
        return;
    offset = entry_for(facts, mail, sizeof value_size + strlen(key) + 1 + size + 8);
    buffer_append(facts->pending, &value_size, sizeof value_size);
    buffer_append(facts->pending, key, strlen(key) + 1);
    buffer_append(facts->pending, data, size);
    end_entry(facts, offset);
}

void cache_facts_forget(struct cache_facts *facts, const struct cache_mail *mail)
{
    struct facts_entry head;

    if (!begin(facts))
        return;
    i_zero(&head);
    head.identity = mail->identity;
    head.uid = mail->uid;
    head.size = sizeof head;
    facts_places_add(&facts->pending_places, mail->uid, 0, facts->pending->used);
    buffer_append(facts->pending, &head, sizeof head);
}
