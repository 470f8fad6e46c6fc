/*
 * Numbers from strings and back. Every function reads the widest type there is and then asks
 * whether it fits into its own.
 */
#include "lib.h"

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return INT_MAX;
}

/* At least one digit; the end is behind the last one. */
static int parse_unsigned(const char *str, int base, uintmax_t max, uintmax_t *num_r,
                          const char **endp_r)
{
    uintmax_t num = 0;
    int digit;

    if (digit_value(*str) >= base)
        return -1;
    for (; (digit = digit_value(*str)) < base; str++) {
        if (__builtin_mul_overflow(num, (uintmax_t)base, &num) ||
            __builtin_add_overflow(num, (uintmax_t)digit, &num))
            return -1;
    }
    if (num > max)
        return -1;
    *num_r = num;
    if (endp_r != NULL)
        *endp_r = str;
    return 0;
}

static int parse_signed(const char *str, intmax_t min, intmax_t max, intmax_t *num_r,
                        const char **endp_r)
{
    bool negative = *str == '-';
    uintmax_t num, limit = negative ? (uintmax_t)0 - (uintmax_t)min : (uintmax_t)max;

    if (parse_unsigned(negative ? str + 1 : str, 10, limit, &num, endp_r) < 0)
        return -1;
    *num_r = negative ? (intmax_t)((uintmax_t)0 - num) : (intmax_t)num;
    return 0;
}

/* The two functions for a type, from the one above that is meant. */
#define STRNUM_DEFINE(name, type, wide, parse)                              \
    int str_parse_##name(const char *str, type *num_r, const char **endp_r) \
    {                                                                       \
        wide num;                                                           \
                                                                            \
        if ((parse) < 0)                                                    \
            return -1;                                                      \
        *num_r = (type)num;                                                 \
        return 0;                                                           \
    }                                                                       \
    int str_to_##name(const char *str, type *num_r)                         \
    {                                                                       \
        const char *end;                                                    \
        type num;                                                           \
                                                                            \
        if (str_parse_##name(str, &num, &end) < 0 || *end != '\0')          \
            return -1;                                                      \
        *num_r = num;                                                       \
        return 0;                                                           \
    }
#define STRNUM_UNSIGNED(name, type, max)                                                   \
    STRNUM_DEFINE(name, type, uintmax_t, parse_unsigned(str, 10, max, &num, endp_r))       \
    STRNUM_DEFINE(name##_hex, type, uintmax_t, parse_unsigned(str, 16, max, &num, endp_r)) \
    STRNUM_DEFINE(name##_oct, type, uintmax_t, parse_unsigned(str, 8, max, &num, endp_r))
#define STRNUM_SIGNED(name, type, min, max) \
    STRNUM_DEFINE(name, type, intmax_t, parse_signed(str, min, max, &num, endp_r))

STRNUM_UNSIGNED(uint, unsigned int, UINT_MAX)
STRNUM_UNSIGNED(ulong, unsigned long, ULONG_MAX)
STRNUM_UNSIGNED(ullong, unsigned long long, ULLONG_MAX)
STRNUM_UNSIGNED(uint32, uint32_t, UINT32_MAX)
STRNUM_UNSIGNED(uint64, uint64_t, UINT64_MAX)
STRNUM_UNSIGNED(uintmax, uintmax_t, UINTMAX_MAX)
STRNUM_DEFINE(uoff, uoff_t, uintmax_t, parse_unsigned(str, 10, UOFF_T_MAX, &num, endp_r))

STRNUM_SIGNED(int, int, INT_MIN, INT_MAX)
STRNUM_SIGNED(long, long, LONG_MIN, LONG_MAX)
STRNUM_SIGNED(llong, long long, LLONG_MIN, LLONG_MAX)
STRNUM_SIGNED(int32, int32_t, INT32_MIN, INT32_MAX)
STRNUM_SIGNED(int64, int64_t, INT64_MIN, INT64_MAX)
STRNUM_SIGNED(intmax, intmax_t, INTMAX_MIN, INTMAX_MAX)

_Static_assert(sizeof(uid_t) == sizeof(uint32_t), "a uid is a uint32_t");
_Static_assert(sizeof(gid_t) == sizeof(uint32_t), "a gid is a uint32_t");
_Static_assert(sizeof(pid_t) == sizeof(int32_t), "a pid is an int32_t");
_Static_assert(sizeof(ino_t) == sizeof(uint64_t), "an inode number is a uint64_t");
_Static_assert(sizeof(time_t) == sizeof(int64_t), "a time is an int64_t");

int str_to_uid(const char *str, uid_t *num_r)
{
    return str_to_uint32(str, num_r);
}

int str_to_gid(const char *str, gid_t *num_r)
{
    return str_to_uint32(str, num_r);
}

int str_to_pid(const char *str, pid_t *num_r)
{
    return str_to_int32(str, num_r);
}

int str_to_ino(const char *str, ino_t *num_r)
{
    return str_to_uint64(str, num_r);
}

int str_to_time(const char *str, time_t *num_r)
{
    return str_to_int64(str, num_r);
}

bool str_uint_equals(const char *str, uintmax_t num)
{
    uintmax_t parsed;

    return str_to_uintmax(str, &parsed) == 0 && parsed == num;
}

bool str_is_numeric(const char *str, char end_char)
{
    const char *p = str;

    while (*p >= '0' && *p <= '9')
        p++;
    return p > str && *p == end_char;
}

bool str_is_float(const char *str, char end_char)
{
    size_t digits = strspn(str, "0123456789");

    if (digits == 0)
        return FALSE;
    if (str[digits] == '.' && end_char != '.')
        return str_is_numeric(str + digits + 1, end_char);
    return str[digits] == end_char;
}

const char *str_num_error(const char *str)
{
    const char *digits = *str == '-' ? str + 1 : str;

    if (!str_is_numeric(digits, '\0'))
        return "Not a valid number";
    return *str == '-' ? "Number too small" : "Number too large";
}

char *dec2str_buf(char buffer[STATIC_ARRAY MAX_INT_STRLEN], uintmax_t number)
{
    char *p = buffer + MAX_INT_STRLEN - 1;

    *p = '\0';
    do {
        *--p = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return p;
}

const char *dec2str(uintmax_t number)
{
    char buffer[MAX_INT_STRLEN];

    return t_strdup(dec2str_buf(buffer, number));
}
