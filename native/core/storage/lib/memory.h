/*
 * What the pools and the data stack share: memory from the system, and telling AddressSanitizer
 * which of it may be touched.
 */
#ifndef LIB_MEMORY_H
#define LIB_MEMORY_H

#include "lib.h"

#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_POISONED 1
#endif
#endif

#ifdef MEMORY_POISONED
/* Of AddressSanitizer, whose header is not installed with every compiler. */
void __asan_poison_memory_region(const volatile void *mem, size_t size);
void __asan_unpoison_memory_region(const volatile void *mem, size_t size);
#define memory_poison(mem, size) __asan_poison_memory_region((mem), (size))
#define memory_unpoison(mem, size) __asan_unpoison_memory_region((mem), (size))
#elif defined(DEBUG)
#define memory_poison(mem, size) ((void)memset((mem), 0xd5, (size)))
#define memory_unpoison(mem, size) ((void)0)
#else
#define memory_poison(mem, size) ((void)0)
#define memory_unpoison(mem, size) ((void)0)
#endif

/* malloc() and free() that leave errno alone; the first one never returns NULL, and does not zero.
   */
void *memory_take(size_t size);
void memory_give_back(void *mem);

/* Logs how much was wanted by whom, and ends the process with status 83. */
void memory_exhausted(const char *who, size_t size) ATTR_NORETURN ATTR_COLD;

/* Gives back the references that pool_add_external_ref() took. */
void pool_drop_parents(struct pool *pool);

/* Panics if `pool`, one over the data stack, is not that of the innermost frame. */
void pool_datastack_verify(pool_t pool);

#endif
