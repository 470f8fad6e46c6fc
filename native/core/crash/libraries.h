/* Which library, and which of its functions, an address lies in. Private to crash/. */
#ifndef CRASH_LIBRARIES_H
#define CRASH_LIBRARIES_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A library of a plugin. Lives as long as the process. */
struct library {
    uintptr_t base;
    /** All that is mapped of it, and what of that is code. */
    uintptr_t begin, end, code_begin, code_end;
    /** The functions that it exports. */
    const ElfW(Sym) * symbols;
    size_t symbol_count;
    const char *strings;
    char plugin[64], file[512], build_id[72];
};

/** The library of a plugin at this address, or NULL. Async-signal-safe, as the next ones. */
const struct library *library_at(uintptr_t address);
/** As library_at, but only where its code is. */
const struct library *library_with_code_at(uintptr_t address);

/** The exported function that holds this address of the library, with its start; NULL: none does. */
const char *library_function(const struct library *library, uintptr_t address, uintptr_t *start);

/** Of any loaded object: the path of its file, and its base. False: none is there. */
bool object_at(uintptr_t address, const char **path, uintptr_t *base);

/** Whether it lies in a loaded object other than the program. */
bool in_library(uintptr_t address);

/** To be called once on an ordinary thread: what object_at calls the program. */
void learn_program(void);

/** The last part of a path. */
const char *file_name(const char *path);

#endif
