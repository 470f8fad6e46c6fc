/*
 * The table of plugins' libraries. Entries are written on ordinary threads, one at a time, and never
 * change again, so a handler can read them at any moment. Everything a handler needs is found here
 * beforehand: dladdr and dl_iterate_phdr take locks.
 */
#include "crash/libraries.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crash/crash.h"

enum { MOST_LIBRARIES = 1024 };

static struct library libraries[MOST_LIBRARIES];
static size_t library_count;
static pthread_mutex_t noting = PTHREAD_MUTEX_INITIALIZER;

/* ---- Looking up: async-signal-safe ----------------------------------------------------------- */

const struct library *library_at(uintptr_t address)
{
    size_t count = __atomic_load_n(&library_count, __ATOMIC_ACQUIRE);

    for (size_t i = 0; i < count; i++) {
        if (address >= libraries[i].begin && address < libraries[i].end)
            return &libraries[i];
    }
    return NULL;
}

const struct library *library_with_code_at(uintptr_t address)
{
    const struct library *library = library_at(address);

    return library != NULL && address >= library->code_begin && address < library->code_end
               ? library
               : NULL;
}

/* Bounded by the sizes of the symbols: the functions between them are static ones, without a name. */
const char *library_function(const struct library *library, uintptr_t address, uintptr_t *start)
{
    for (size_t i = 0; i < library->symbol_count; i++) {
        const ElfW(Sym) *symbol = &library->symbols[i];
        uintptr_t begin = library->base + symbol->st_value;

        /* the type has the same place in both classes */
        if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF &&
            address >= begin && address - begin < symbol->st_size) {
            *start = begin;
            return library->strings + symbol->st_name;
        }
    }
    return NULL;
}

static char program[512] = "(program)";

void learn_program(void)
{
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

    if (length > 0)
        program[length] = '\0';
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 35)
bool object_at(uintptr_t address, const char **path, uintptr_t *base)
{
    struct dl_find_object found;

    if (_dl_find_object((void *)address, &found) != 0 || found.dlfo_link_map == NULL)
        return false;
    *path = found.dlfo_link_map->l_name;
    if (*path == NULL || **path == '\0')
        *path = program;
    *base = found.dlfo_link_map->l_addr;
    return true;
}
#else
/* Only plugins' libraries are known where the loader cannot be asked without its lock. */
bool object_at(uintptr_t address, const char **path, uintptr_t *base)
{
    const struct library *library = library_at(address);

    if (library == NULL)
        return false;
    *path = library->file;
    *base = library->base;
    return true;
}
#endif

bool in_library(uintptr_t address)
{
    const char *path;
    uintptr_t base;

    return object_at(address, &path, &base) && path != program;
}

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* ---- Noting ---------------------------------------------------------------------------------- */

/* The loader has turned the addresses of most tables into real ones, but not of all. */
static uintptr_t table_address(uintptr_t base, uintptr_t address)
{
    return address < base ? base + address : address;
}

/* From the hash table of the GNU, which does not say it: the last of its longest chain is the last. */
static size_t count_hashed(const uint32_t *table)
{
    uint32_t bucket_count = table[0], first = table[1], filter_words = table[2], last = 0;
    const uint32_t *buckets = table + 4 + (size_t)filter_words * (sizeof(ElfW(Addr)) / 4);
    const uint32_t *chains = buckets + bucket_count;

    for (uint32_t i = 0; i < bucket_count; i++) {
        if (buckets[i] > last)
            last = buckets[i];
    }
    if (last < first)
        return first;
    while ((chains[last - first] & 1) == 0)
        last++;
    return (size_t)last + 1;
}

static void take_symbols(struct library *library, const ElfW(Dyn) * entry)
{
    for (; entry->d_tag != DT_NULL; entry++) {
        uintptr_t at = table_address(library->base, entry->d_un.d_ptr);

        if (entry->d_tag == DT_SYMTAB)
            library->symbols = (const ElfW(Sym) *)at;
        else if (entry->d_tag == DT_STRTAB)
            library->strings = (const char *)at;
        else if (entry->d_tag == DT_HASH)
            library->symbol_count = ((const uint32_t *)at)[1];
        else if (entry->d_tag == DT_GNU_HASH && library->symbol_count == 0)
            library->symbol_count = count_hashed((const uint32_t *)at);
    }
    if (library->symbols == NULL || library->strings == NULL)
        library->symbol_count = 0;
}

static void take_segment(struct library *library, const ElfW(Phdr) * segment)
{
    uintptr_t begin = library->base + segment->p_vaddr, end = begin + segment->p_memsz;

    if (library->begin == 0 || begin < library->begin)
        library->begin = begin;
    if (end > library->end)
        library->end = end;
    if ((segment->p_flags & PF_X) == 0)
        return;
    if (library->code_begin == 0 || begin < library->code_begin)
        library->code_begin = begin;
    if (end > library->code_end)
        library->code_end = end;
}

struct search {
    const char *path;
    struct library *library;
};

static int take_object(struct dl_phdr_info *object, size_t size, void *context)
{
    const struct search *search = context;
    const ElfW(Dyn) *dynamic = NULL;

    (void)size;
    if (strcmp(object->dlpi_name, search->path) != 0)
        return 0;
    search->library->base = object->dlpi_addr;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type == PT_LOAD)
            take_segment(search->library, &object->dlpi_phdr[i]);
        else if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
            dynamic = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
    }
    if (dynamic != NULL)
        take_symbols(search->library, dynamic);
    return 1;
}

bool vsmtp_crash_note_library(const char *path, const char *plugin, const char *file,
                              const char *build_id)
{
    struct search search = {path, NULL};
    bool found = false;

    (void)pthread_mutex_lock(&noting);
    errno = library_count < MOST_LIBRARIES ? ENOENT : ENOSPC;
    if (library_count < MOST_LIBRARIES) {
        search.library = &libraries[library_count];
        memset(search.library, 0, sizeof *search.library);
        found = dl_iterate_phdr(take_object, &search) != 0;
    }
    if (found) {
        (void)snprintf(search.library->plugin, sizeof search.library->plugin, "%s", plugin);
        (void)snprintf(search.library->file, sizeof search.library->file, "%s", file);
        (void)snprintf(search.library->build_id, sizeof search.library->build_id, "%s", build_id);
        __atomic_store_n(&library_count, library_count + 1, __ATOMIC_RELEASE);
    }
    (void)pthread_mutex_unlock(&noting);
    return found;
}
