/*
 * Reading the file of the facts. Where entries lie is found once, by their heads; each is checked by its
 * digest when it is read, because others may do anything to the file at any time.
 */
#include "cache/facts-file.h"

#include "cache/digest.h"
#include "cache/sealed-file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW = 2 * FACTS_ENTRY_MAX };

/* ---- Places ------------------------------------------------------------------------------------ */

static int compare_places(const struct facts_place *place1, const struct facts_place *place2)
{
    if (place1->uid != place2->uid)
        return place1->uid < place2->uid ? -1 : 1;
    if (place1->offset == place2->offset)
        return 0;
    return place1->offset < place2->offset ? -1 : 1;
}

void facts_places_add(struct facts_places *places, uint32_t uid, uint32_t size, uoff_t offset)
{
    struct facts_place *place;

    if (array_not_empty(&places->all) && array_back(&places->all)->uid > uid)
        places->unsorted = TRUE;
    place = array_append_space(&places->all);
    place->uid = uid;
    place->size = size;
    place->offset = offset;
}

unsigned int facts_places_end(struct facts_places *places, uint32_t uid)
{
    unsigned int low = 0, high = array_count(&places->all);

    if (places->unsorted)
        array_sort(&places->all, compare_places);
    places->unsorted = FALSE;
    while (low < high) {
        unsigned int middle = low + (high - low) / 2;

        if (array_idx(&places->all, middle)->uid <= uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- The file ---------------------------------------------------------------------------------- */

void facts_file_close(struct cache_facts *facts)
{
    if (facts->fd >= 0)
        (void)close(facts->fd);
    facts->fd = -1;
    facts->inode = 0;
    facts->end = 0;
    array_clear(&facts->places.all);
    i_free(facts->window);
    facts->window_size = 0;
}

/* At least `size` bytes from there on; NULL: the file has not so many. */
static const unsigned char *read_at(struct cache_facts *facts, uoff_t offset, size_t size)
{
    ssize_t got;

    if (offset >= facts->window_start && offset - facts->window_start <= facts->window_size &&
        facts->window_size - (offset - facts->window_start) >= size)
        return facts->window + (offset - facts->window_start);
    if (facts->window == NULL)
        facts->window = i_malloc(WINDOW);
    got = pread(facts->fd, facts->window, WINDOW, (off_t)offset);
    facts->window_start = offset;
    facts->window_size = got < 0 ? 0 : (size_t)got;
    return facts->window_size >= size ? facts->window : NULL;
}

static bool has_header(struct cache_facts *facts)
{
    const struct facts_header *header =
        (const struct facts_header *)read_at(facts, 0, sizeof *header);

    return header != NULL && header->format == FACTS_FORMAT &&
           header->uid_validity == facts->uid_validity;
}

static bool is_sound(const struct facts_entry *entry)
{
    return entry->uid != 0 && entry->size >= sizeof *entry && entry->size <= FACTS_ENTRY_MAX &&
           entry->size % 8 == 0;
}

bool facts_file_walk(struct cache_facts *facts)
{
    const struct facts_entry *entry;

    facts->window_size = 0;
    if (!has_header(facts))
        return FALSE;
    if (facts->end == 0)
        facts->end = sizeof(struct facts_header);
    while ((entry = (const struct facts_entry *)read_at(facts, facts->end, sizeof *entry)) !=
           NULL) {
        uint32_t uid = entry->uid, size = entry->size;

        if (!is_sound(entry) || read_at(facts, facts->end, size) == NULL)
            break;
        facts_places_add(&facts->places, uid, size, facts->end);
        facts->end += size;
    }
    return TRUE;
}

void facts_file_open(struct cache_facts *facts)
{
    const char *path = cache_path(facts->box, CACHE_FACTS_NAME);
    struct stat st;

    facts->fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (facts->fd < 0)
        return;
    if (fstat(facts->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        facts_file_close(facts);
        return;
    }
    facts->inode = st.st_ino;
    if (!facts_file_walk(facts))
        facts_file_close(facts);
}

uint64_t facts_entry_digest(const struct facts_entry *entry)
{
    return cache_digest(&entry->identity, entry->size - sizeof entry->digest);
}

const struct facts_entry *facts_file_entry(struct cache_facts *facts,
                                           const struct facts_place *place)
{
    const struct facts_entry *entry =
        (const struct facts_entry *)read_at(facts, place->offset, place->size);

    if (entry == NULL || entry->size != place->size || entry->uid != place->uid ||
        facts_entry_digest(entry) != entry->digest)
        return NULL;
    return entry;
}
