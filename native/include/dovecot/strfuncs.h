/*
 * C strings: copying, joining, splitting, comparing; and NULL-ended arrays of them.
 *
 * The first letter says where a result lives: p_ in the given pool, i_ (imem.h) in memory to be
 * freed with i_free(), t_ on the data stack until the frame ends. Copies of NULL are NULL. printf
 * formats know %m. Nothing here changes errno, so "%m" may follow a failed call. Letters are ASCII
 * letters. Part of lib.h.
 */
#ifndef DOVECOT_STRFUNCS_H
#define DOVECOT_STRFUNCS_H

#include "macros.h"

/* Bytes that any integer needs in base 10, its NUL included. */
#define MAX_INT_STRLEN ((sizeof(uintmax_t) * CHAR_BIT + 2) / 3 + 1)

DOVECOT_API_BEGIN

/** "" as unsigned char, and a pointer to a place that must not be read. */
extern const unsigned char uchar_nul;
extern const unsigned char *uchar_empty_ptr;

/* ---- Copies -------------------------------------------------------------------------------- */

char *p_strdup(pool_t pool, const char *str) ATTR_MALLOC;
void *p_memdup(pool_t pool, const void *data, size_t size) ATTR_MALLOC;
/** NULL for "". */
char *p_strdup_empty(pool_t pool, const char *str) ATTR_MALLOC;
/** The bytes from `start` up to `end`, not included. */
char *p_strdup_until(pool_t pool, const void *start,
                     const void *end) ATTR_MALLOC ATTR_RETURNS_NONNULL;
/** At most `max_chars` bytes. */
char *p_strndup(pool_t pool, const void *str, size_t max_chars) ATTR_MALLOC;
char *p_strdup_printf(pool_t pool, const char *format, ...)
    ATTR_FORMAT(2, 3) ATTR_MALLOC ATTR_RETURNS_NONNULL;
char *p_strdup_vprintf(pool_t pool, const char *format, va_list args)
    ATTR_FORMAT(2, 0) ATTR_MALLOC ATTR_RETURNS_NONNULL;
/** All strings up to a NULL in one. NULL if the first one is. */
char *p_strconcat(pool_t pool, const char *str1, ...) ATTR_SENTINEL ATTR_MALLOC;

const char *t_strdup(const char *str) ATTR_MALLOC;
char *t_strdup_noconst(const char *str) ATTR_MALLOC;
const char *t_strdup_empty(const char *str) ATTR_MALLOC;
const char *t_strdup_until(const void *start, const void *end) ATTR_MALLOC ATTR_RETURNS_NONNULL;
const char *t_strndup(const void *str, size_t max_chars) ATTR_MALLOC;
const char *t_strdup_printf(const char *format, ...)
    ATTR_FORMAT(1, 2) ATTR_MALLOC ATTR_RETURNS_NONNULL;
const char *t_strdup_vprintf(const char *format, va_list args)
    ATTR_FORMAT(1, 0) ATTR_MALLOC ATTR_RETURNS_NONNULL;
const char *t_strconcat(const char *str1, ...) ATTR_SENTINEL ATTR_MALLOC;

/** Up to the first `cutchar`, not included. */
const char *t_strcut(const char *str, char cutchar);
/** With each `from` replaced by `to`. */
const char *t_str_replace(const char *str, char from, char to);
/** On one line: line ends inside become one space each run, those around it and all CRs go. */
const char *t_str_oneline(const char *str);

/* ---- Into memory of the caller ------------------------------------------------------------- */

/** snprintf(); -1 if it did not fit (what fits is there, and a NUL), else 0. */
int i_snprintf(char *dest, size_t max_chars, const char *format, ...) ATTR_FORMAT(3, 4);
/** strlcpy(); -1 if it did not fit, else 0. */
int i_strocpy(char *dest, const char *src, size_t dstsize);

/** Change the string in place. */
char *str_ucase(char *str);
char *str_lcase(char *str);
const char *t_str_ucase(const char *str);
const char *t_str_lcase(const char *str);

/* ---- Cutting off characters that are in a set, at both ends, the left or the right --------- */

const char *t_str_trim(const char *str, const char *chars);
const char *p_str_trim(pool_t pool, const char *str, const char *chars);
/** A pointer into `str`. */
const char *str_ltrim(const char *str, const char *chars);
const char *t_str_ltrim(const char *str, const char *chars);
const char *p_str_ltrim(pool_t pool, const char *str, const char *chars);
const char *t_str_rtrim(const char *str, const char *chars);
const char *p_str_rtrim(pool_t pool, const char *str, const char *chars);

/* ---- Comparing and finding ----------------------------------------------------------------- */

/** NULL sorts before every string and equals itself. */
int null_strcmp(const char *s1, const char *s2) ATTR_PURE;
int null_strcasecmp(const char *s1, const char *s2) ATTR_PURE;
int i_memcasecmp(const void *p1, const void *p2, size_t size) ATTR_PURE;
/** For sorting arrays of strings. */
int i_strcmp_p(const char *const *p1, const char *const *p2) ATTR_PURE;
int i_strcasecmp_p(const char *const *p1, const char *const *p2) ATTR_PURE;
/** Take the same time wherever the difference is; the second may show how long the secret is. */
bool mem_equals_timing_safe(const void *p1, const void *p2, size_t size);
bool str_equals_timing_almost_safe(const char *s1, const char *s2);

/** How many bytes at the start of both are equal. */
size_t str_match(const char *p1, const char *p2) ATTR_PURE;
/** The first place where any of the strings is found; NULL if none is. */
const char *i_strstr_arr(const char *haystack, const char *const *needles);
/** strspn() and strcspn() for bytes. */
size_t i_memspn(const void *data, size_t data_len, const void *accept, size_t accept_len);
size_t i_memcspn(const void *data, size_t data_len, const void *reject, size_t reject_len);

/* ---- Splitting and joining ----------------------------------------------------------------- */

/** The fields between characters of `separators`, in an array that NULL ends. No field for "". */
char **p_strsplit(pool_t pool, const char *data,
                  const char *separators) ATTR_MALLOC ATTR_RETURNS_NONNULL;
const char **t_strsplit(const char *data, const char *separators) ATTR_MALLOC ATTR_RETURNS_NONNULL;
/** Only the fields that are not empty. */
char **p_strsplit_spaces(pool_t pool, const char *data,
                         const char *separators) ATTR_MALLOC ATTR_RETURNS_NONNULL;
const char **t_strsplit_spaces(const char *data,
                               const char *separators) ATTR_MALLOC ATTR_RETURNS_NONNULL;
/** Frees what p_strsplit() and p_strsplit_spaces() returned. */
void p_strsplit_free(pool_t pool, char **arr);

const char *t_strarray_join(const char *const *arr,
                            const char *separator) ATTR_MALLOC ATTR_RETURNS_NONNULL;
char *p_array_const_string_join(pool_t pool, const ARRAY_TYPE(const_string) * arr,
                                const char *separator);
#define t_array_const_string_join(arr, separator) \
    ((const char *)p_array_const_string_join(unsafe_data_stack_pool, arr, separator))

/* ---- Arrays of strings, ended by NULL ------------------------------------------------------ */

unsigned int str_array_length(const char *const *arr) ATTR_PURE;
bool str_array_find(const char *const *arr, const char *value);
bool str_array_icase_find(const char *const *arr, const char *value);
/** Removes the first string that equals `value`; FALSE if there is none. */
bool str_array_remove(const char **arr, const char *value);
/** The strings too, in one allocation. */
const char **p_strarray_dup(pool_t pool, const char *const *arr) ATTR_MALLOC ATTR_RETURNS_NONNULL;

/* ---- Numbers ------------------------------------------------------------------------------- */

/** In base 10, on the data stack. */
const char *dec2str(uintmax_t number);
/** In the caller's memory; the result is a pointer into it, not its beginning. */
char *dec2str_buf(char buffer[STATIC_ARRAY MAX_INT_STRLEN], uintmax_t number);

/* ---- For functions like those above -------------------------------------------------------- */

/** The text in the last t_buffer_get() place, not allocated yet; `*size_r` has its NUL in it. */
char *t_noalloc_strdup_vprintf(const char *format, va_list args, unsigned int *size_r)
    ATTR_FORMAT(1, 0) ATTR_RETURNS_NONNULL;
char *vstrconcat(const char *str1, va_list args, size_t *ret_len) ATTR_MALLOC;

DOVECOT_API_END

static inline bool ATTR_PURE str_begins(const char *haystack, const char *needle)
{
    return strncmp(haystack, needle, strlen(needle)) == 0;
}

/** What follows the first `chr`; NULL if it is not there. */
static inline char *i_strchr_to_next(const char *str, char chr)
{
    char *found = strchr(str, chr);

    return found == NULL ? NULL : found + 1;
}

#endif
