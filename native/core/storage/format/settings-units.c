/*
 * Times and sizes with units (settings-parser.h).
 */
#include "settings-parser.h"

struct unit {
    const char *name;
    uint64_t factor;
};

/** `number [unit]`; `bare` is the factor without one. */
static int read_amount(const char *str, const struct unit *units, uint64_t bare, uint64_t max,
                       const char *what, uint64_t *amount_r, const char **error_r)
{
    const char *unit = str;
    uint64_t number, factor = bare;

    while (i_isdigit(*unit))
        unit++;
    if (unit == str || str_to_uint64(t_strdup_until(str, unit), &number) < 0) {
        *error_r = t_strdup_printf("Invalid %s: %s", what, str);
        return -1;
    }
    while (*unit == ' ')
        unit++;
    if (*unit != '\0') {
        while (units->name != NULL && strcasecmp(units->name, unit) != 0)
            units++;
        if (units->name == NULL) {
            *error_r = t_strdup_printf("Invalid %s unit: %s", what, str);
            return -1;
        }
        factor = units->factor;
    }
    if (number > max / factor) {
        *error_r = t_strdup_printf("%s is too large: %s", what, str);
        return -1;
    }
    *amount_r = number * factor;
    return 0;
}

#define MSECS UINT64_C(1)
#define SECS (MSECS * 1000)
#define MINS (SECS * 60)
#define HOURS (MINS * 60)
#define DAYS (HOURS * 24)
#define WEEKS (DAYS * 7)

static const struct unit time_units[] = {
    {"ms", MSECS},
    {"msec", MSECS},
    {"msecs", MSECS},
    {"millisecond", MSECS},
    {"milliseconds", MSECS},
    {"s", SECS},
    {"sec", SECS},
    {"secs", SECS},
    {"second", SECS},
    {"seconds", SECS},
    {"m", MINS},
    {"min", MINS},
    {"mins", MINS},
    {"minute", MINS},
    {"minutes", MINS},
    {"h", HOURS},
    {"hour", HOURS},
    {"hours", HOURS},
    {"d", DAYS},
    {"day", DAYS},
    {"days", DAYS},
    {"w", WEEKS},
    {"week", WEEKS},
    {"weeks", WEEKS},
    {NULL, 0},
};

int settings_get_time(const char *str, unsigned int *secs_r, const char **error_r)
{
    uint64_t msecs;

    if (strcasecmp(str, "infinite") == 0 || strcasecmp(str, "unlimited") == 0) {
        *secs_r = UINT_MAX;
        return 0;
    }
    if (read_amount(str, time_units, SECS, UINT_MAX * SECS, "time", &msecs, error_r) < 0)
        return -1;
    if (msecs % SECS != 0) {
        *error_r = t_strdup_printf("Milliseconds are not allowed here: %s", str);
        return -1;
    }
    *secs_r = (unsigned int)(msecs / SECS);
    return 0;
}

int settings_get_time_msecs(const char *str, unsigned int *msecs_r, const char **error_r)
{
    uint64_t msecs;

    if (strcasecmp(str, "infinite") == 0 || strcasecmp(str, "unlimited") == 0) {
        *msecs_r = UINT_MAX;
        return 0;
    }
    if (strcmp(str, "0") != 0 && str[0] != '\0' && strspn(str, "0123456789") == strlen(str)) {
        *error_r = t_strdup_printf("Time unit (ms, secs, ...) is missing: %s", str);
        return -1;
    }
    if (read_amount(str, time_units, SECS, UINT_MAX, "time", &msecs, error_r) < 0)
        return -1;
    *msecs_r = (unsigned int)msecs;
    return 0;
}

int settings_get_size(const char *str, uoff_t *bytes_r, const char **error_r)
{
    static const struct unit units[] = {
        {"B", 1},
        {"K", UINT64_C(1) << 10},
        {"KB", UINT64_C(1) << 10},
        {"KiB", UINT64_C(1) << 10},
        {"M", UINT64_C(1) << 20},
        {"MB", UINT64_C(1) << 20},
        {"MiB", UINT64_C(1) << 20},
        {"G", UINT64_C(1) << 30},
        {"GB", UINT64_C(1) << 30},
        {"GiB", UINT64_C(1) << 30},
        {"T", UINT64_C(1) << 40},
        {"TB", UINT64_C(1) << 40},
        {"TiB", UINT64_C(1) << 40},
        {NULL, 0},
    };
    uint64_t bytes;

    if (strcasecmp(str, "unlimited") == 0) {
        *bytes_r = UINT64_MAX;
        return 0;
    }
    if (read_amount(str, units, 1, UINT64_MAX, "size", &bytes, error_r) < 0)
        return -1;
    *bytes_r = bytes;
    return 0;
}
