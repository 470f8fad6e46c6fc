/*
 * Writing facts: one process at a time appends, behind the last whole entry; who finds another one at it
 * lets its facts go. A killed writer leaves a part of an entry at the end, which the next one overwrites.
 */
#include "cache/facts-file.h"

#include "cache/sealed-file.h"

#include "index/index.h"
#include "mail-storage-private.h"
#include "write-full.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORTH_CLEANING = 128 * 1024 };

static void seal_pending(struct cache_facts *facts)
{
    unsigned char *bytes = buffer_get_modifiable_data(facts->pending, NULL);

    for (size_t at = 0; at < facts->pending->used;) {
        struct facts_entry *entry = (struct facts_entry *)(bytes + at);

        entry->digest = facts_entry_digest(entry);
        at += entry->size;
    }
}

/* ---- Appending --------------------------------------------------------------------------------- */

static bool begin_file(struct cache_facts *facts)
{
    const struct facts_header header = {.format = FACTS_FORMAT,
                                        .uid_validity = facts->uid_validity};

    array_clear(&facts->places.all);
    facts->end = sizeof header;
    facts->window_size = 0;
    return ftruncate(facts->fd, 0) == 0 && pwrite_full(facts->fd, &header, sizeof header, 0) == 0;
}

/* Takes `fd`, which is locked, for the file that was read, or reads it. */
static bool take_file(struct cache_facts *facts, int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return FALSE;
    if (facts->inode == st.st_ino && (uoff_t)st.st_size >= facts->end) {
        (void)close(facts->fd);
    } else {
        facts_file_close(facts);
        facts->inode = st.st_ino;
    }
    facts->fd = fd;
    return facts_file_walk(facts) || begin_file(facts);
}

static void append(struct cache_facts *facts)
{
    const struct facts_place *place;
    uoff_t end = facts->end;

    seal_pending(facts);
    if (ftruncate(facts->fd, (off_t)end) < 0 ||
        pwrite_full(facts->fd, facts->pending->data, facts->pending->used, (off_t)end) < 0) {
        (void)!ftruncate(facts->fd, (off_t)end);
        return;
    }
    array_foreach(&facts->pending_places.all, place)
    {
        const struct facts_entry *entry =
            (const struct facts_entry *)((const char *)facts->pending->data + place->offset);

        facts_places_add(&facts->places, entry->uid, entry->size, end + place->offset);
    }
    facts->end = end + facts->pending->used;
    facts->window_size = 0;
}

/* ---- Cleaning up ------------------------------------------------------------------------------- */

static bool is_there(struct cache_facts *facts, uint32_t uid)
{
    uint64_t keywords;
    uint8_t flags;

    return mail_index_head_lookup(facts->box->index, uid, &flags, &keywords);
}

static bool is_worth_cleaning(struct cache_facts *facts)
{
    const struct facts_place *place;
    uoff_t gone = 0;

    if (facts->end < WORTH_CLEANING || !mail_index_is_loaded(facts->box->index) ||
        mail_index_head(facts->box->index)->uid_validity != facts->uid_validity)
        return FALSE;
    array_foreach(&facts->places.all, place)
    {
        if (!is_there(facts, place->uid))
            gone += place->size;
    }
    return gone > facts->end / 2;
}

/* A file without what is gone takes its place. */
static void clean_up(struct cache_facts *facts)
{
    const struct facts_header header = {.format = FACTS_FORMAT,
                                        .uid_validity = facts->uid_validity};
    buffer_t *kept = buffer_create_dynamic(default_pool, facts->end / 2);
    const struct facts_place *place;

    buffer_append(kept, &header, sizeof header);
    array_foreach(&facts->places.all, place)
    {
        const struct facts_entry *entry =
            is_there(facts, place->uid) ? facts_file_entry(facts, place) : NULL;

        if (entry != NULL)
            buffer_append(kept, entry, entry->size);
    }
    if (cache_replace(facts->box, CACHE_FACTS_NAME, kept)) {
        facts_file_close(facts);
        facts_file_open(facts);
    }
    buffer_free(&kept);
}

/* ---- All of it --------------------------------------------------------------------------------- */

static void flush_to(struct cache_facts *facts, const char *path)
{
    int fd = cache_create(facts->box, path);

    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 || !cache_has_name(fd, path)) {
        (void)close(fd);
        return;
    }
    if (!take_file(facts, fd)) {
        facts_file_close(facts);
        return;
    }
    append(facts);
    if (is_worth_cleaning(facts))
        clean_up(facts);
    if (facts->fd == fd)
        (void)flock(fd, LOCK_UN);
}

void facts_file_flush(struct cache_facts *facts)
{
    if (facts->pending->used == 0)
        return;
    T_BEGIN
    {
        const char *path = cache_path(facts->box, CACHE_FACTS_NAME);

        if (path != NULL && !facts->box->mailbox_deleted && !facts->box->deleting)
            flush_to(facts, path);
    }
    T_END;
    buffer_set_used_size(facts->pending, 0);
    array_clear(&facts->pending_places.all);
}
