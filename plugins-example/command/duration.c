/*
 * Durations as people write them: whole numbers with units, one after the other.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const struct {
    const char *name;
    int64_t milliseconds;
} units[] = {
    {"ms", 1},     {"s", SECOND},   {"sec", SECOND},  {"second", SECOND}, {"seconds", SECOND},
    {"m", MINUTE}, {"min", MINUTE}, {"mins", MINUTE}, {"minute", MINUTE}, {"minutes", MINUTE},
    {"h", HOUR},   {"hr", HOUR},    {"hour", HOUR},   {"hours", HOUR},    {"d", DAY},
    {"day", DAY},  {"days", DAY},
};

/* Longer than any command is waited for, and far from what could overflow. */
static const int64_t longest = (int64_t)366 * DAY;

static int64_t unit_of(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == length && strncmp(units[i].name, name, length) == 0)
            return units[i].milliseconds;
    return 0;
}

/* One number and its unit; moves `at` behind it. Negative: it is none. */
static int64_t parse_part(const char **at)
{
    const char *name = *at;
    int64_t number = 0;
    int64_t unit;

    while (isdigit((unsigned char)*name)) {
        number = number * 10 + (*name++ - '0');
        if (number > longest)
            return -1;
    }
    if (name == *at)
        return -1;
    while (*name == ' ')
        name++;
    *at = name;
    while (isalpha((unsigned char)**at))
        ++*at;
    unit = unit_of(name, (size_t)(*at - name));
    return unit == 0 || number > longest / unit ? -1 : number * unit;
}

bool duration_parse(const char *text, int64_t *milliseconds)
{
    const char *at = text;
    int64_t total = 0;

    while (*at == ' ')
        at++;
    while (*at != '\0') {
        int64_t part = parse_part(&at);

        total += part;
        if (part < 0 || total > longest) {
            vsmtp_fail("'%s' is no duration up to 366d: write it as \"30s\", \"5m\", \"200ms\" or "
                       "\"1h 30m\" (units ms, s, m, h, d)",
                       text);
            return false;
        }
        while (*at == ' ')
            at++;
    }
    if (total == 0) {
        vsmtp_fail("the duration '%s' leaves no time at all", text);
        return false;
    }
    *milliseconds = total;
    return true;
}
