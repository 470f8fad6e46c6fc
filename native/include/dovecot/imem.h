/*
 * Memory that its owner frees himself, with i_free().
 *
 * The same promises as in mempool.h: never NULL, always zeroed, errno untouched. Part of lib.h.
 */
#ifndef DOVECOT_IMEM_H
#define DOVECOT_IMEM_H

#include "mempool.h"

DOVECOT_API_BEGIN

/** Where the i_ functions allocate: the system pool. */
extern pool_t default_pool;

#define i_new(type, count) p_new(default_pool, type, count)
#define i_realloc_type(mem, type, old_count, new_count) \
    p_realloc_type(default_pool, mem, type, old_count, new_count)

void *i_malloc(size_t size) ATTR_MALLOC ATTR_RETURNS_NONNULL;
/** `mem` may be NULL; bytes from old_size on are zeroed. */
void *i_realloc(void *mem, size_t old_size,
                size_t new_size) ATTR_WARN_UNUSED_RESULT ATTR_RETURNS_NONNULL;

/** Frees `mem`, which may be NULL, and sets it to NULL. */
#define i_free(mem) p_free_and_null(default_pool, mem)
#define i_free_and_null(mem) i_free(mem)

/* Copies of strings, as p_strdup() and its kin in strfuncs.h make them. */
char *i_strdup(const char *str) ATTR_MALLOC;
void *i_memdup(const void *data, size_t size) ATTR_MALLOC;
char *i_strdup_empty(const char *str) ATTR_MALLOC;
char *i_strdup_until(const void *str, const void *end) ATTR_MALLOC ATTR_RETURNS_NONNULL;
char *i_strndup(const void *str, size_t max_chars) ATTR_MALLOC;
char *i_strdup_printf(const char *format, ...) ATTR_FORMAT(1, 2) ATTR_MALLOC ATTR_RETURNS_NONNULL;
char *i_strdup_vprintf(const char *format, va_list args)
    ATTR_FORMAT(1, 0) ATTR_MALLOC ATTR_RETURNS_NONNULL;
char *i_strconcat(const char *str1, ...) ATTR_SENTINEL ATTR_MALLOC;

DOVECOT_API_END

#endif
