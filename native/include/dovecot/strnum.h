/*
 * Numbers from strings, strictly: only digits, nothing before or behind them, nothing out of range.
 *
 *     if (str_to_uint(value, &limit) < 0)
 *         …
 *
 * str_to_ functions return 0, or -1 and leave the number alone. str_parse_ functions read as many
 * digits as there are and also return where they end in `*endp_r`, which may be NULL. Signed ones
 * allow a leading '-'. Part of lib.h.
 */
#ifndef DOVECOT_STRNUM_H
#define DOVECOT_STRNUM_H

#include "compat.h"
#include "macros.h"

/* Both functions for one type. */
#define STRNUM_DECLARE_(name, type)                                          \
    int str_to_##name(const char *str, type *num_r) ATTR_WARN_UNUSED_RESULT; \
    int str_parse_##name(const char *str, type *num_r, const char **endp_r)  \
        ATTR_WARN_UNUSED_RESULT ATTR_NULL(3);

DOVECOT_API_BEGIN

/* Unsigned: base 10, 16 (either case, no prefix), 8. */
STRNUM_DECLARE_(uint, unsigned int)
STRNUM_DECLARE_(ulong, unsigned long)
STRNUM_DECLARE_(ullong, unsigned long long)
STRNUM_DECLARE_(uint32, uint32_t)
STRNUM_DECLARE_(uint64, uint64_t)
STRNUM_DECLARE_(uintmax, uintmax_t)

STRNUM_DECLARE_(uint_hex, unsigned int)
STRNUM_DECLARE_(ulong_hex, unsigned long)
STRNUM_DECLARE_(ullong_hex, unsigned long long)
STRNUM_DECLARE_(uint32_hex, uint32_t)
STRNUM_DECLARE_(uint64_hex, uint64_t)
STRNUM_DECLARE_(uintmax_hex, uintmax_t)

STRNUM_DECLARE_(uint_oct, unsigned int)
STRNUM_DECLARE_(ulong_oct, unsigned long)
STRNUM_DECLARE_(ullong_oct, unsigned long long)
STRNUM_DECLARE_(uint32_oct, uint32_t)
STRNUM_DECLARE_(uint64_oct, uint64_t)
STRNUM_DECLARE_(uintmax_oct, uintmax_t)

/* Signed. */
STRNUM_DECLARE_(int, int)
STRNUM_DECLARE_(long, long)
STRNUM_DECLARE_(llong, long long)
STRNUM_DECLARE_(int32, int32_t)
STRNUM_DECLARE_(int64, int64_t)
STRNUM_DECLARE_(intmax, intmax_t)

/* Types of the system. */
STRNUM_DECLARE_(uoff, uoff_t)
int str_to_uid(const char *str, uid_t *num_r) ATTR_WARN_UNUSED_RESULT;
int str_to_gid(const char *str, gid_t *num_r) ATTR_WARN_UNUSED_RESULT;
int str_to_pid(const char *str, pid_t *num_r) ATTR_WARN_UNUSED_RESULT;
int str_to_ino(const char *str, ino_t *num_r) ATTR_WARN_UNUSED_RESULT;
int str_to_time(const char *str, time_t *num_r) ATTR_WARN_UNUSED_RESULT;

/** TRUE if `str` is the number `num` in base 10. */
bool str_uint_equals(const char *str, uintmax_t num);

/** TRUE if there is at least one digit, and only digits up to `end_char`. */
bool str_is_numeric(const char *str, char end_char) ATTR_PURE;
/** The same with at most one dot, between digits. */
bool str_is_float(const char *str, char end_char) ATTR_PURE;

/** What is wrong with a string that a function above refused; a constant text. */
const char *str_num_error(const char *str);

DOVECOT_API_END

#undef STRNUM_DECLARE_

#endif
