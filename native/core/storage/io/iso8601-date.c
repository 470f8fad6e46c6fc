/*
 * Dates of RFC 3339.
 */
#include "lib.h"

#include "iso8601-date.h"

#include <time.h>

/* What is left to parse. */
struct cursor {
    const unsigned char *at, *end;
};

static bool take(struct cursor *cursor, unsigned char byte)
{
    if (cursor->at == cursor->end || i_toupper(*cursor->at) != (char)byte)
        return FALSE;
    cursor->at++;
    return TRUE;
}

/* A number of exactly that many digits. */
static bool take_number(struct cursor *cursor, unsigned int digits, int *number_r)
{
    *number_r = 0;
    for (; digits > 0; digits--, cursor->at++) {
        if (cursor->at == cursor->end || !i_isdigit(*cursor->at))
            return FALSE;
        *number_r = *number_r * 10 + (*cursor->at - '0');
    }
    return TRUE;
}

static bool take_fraction(struct cursor *cursor)
{
    int digit;

    if (!take(cursor, '.'))
        return TRUE;
    if (!take_number(cursor, 1, &digit))
        return FALSE;
    while (cursor->at < cursor->end && i_isdigit(*cursor->at))
        cursor->at++;
    return TRUE;
}

static bool take_zone(struct cursor *cursor, int *minutes_r)
{
    int hours, minutes, sign;

    *minutes_r = 0;
    if (take(cursor, 'Z'))
        return TRUE;
    if (take(cursor, '+'))
        sign = 1;
    else if (take(cursor, '-'))
        sign = -1;
    else
        return FALSE;
    if (!take_number(cursor, 2, &hours) || hours > 23 || !take(cursor, ':') ||
        !take_number(cursor, 2, &minutes) || minutes > 59)
        return FALSE;
    *minutes_r = sign * (hours * 60 + minutes);
    return TRUE;
}

static bool take_date(struct cursor *cursor, struct tm *tm)
{
    return take_number(cursor, 4, &tm->tm_year) && take(cursor, '-') &&
           take_number(cursor, 2, &tm->tm_mon) && take(cursor, '-') &&
           take_number(cursor, 2, &tm->tm_mday);
}

static bool take_time(struct cursor *cursor, struct tm *tm)
{
    return take_number(cursor, 2, &tm->tm_hour) && take(cursor, ':') &&
           take_number(cursor, 2, &tm->tm_min) && take(cursor, ':') &&
           take_number(cursor, 2, &tm->tm_sec) && take_fraction(cursor);
}

/* Whether the calendar has that day; seconds go up to 60. */
static bool is_real(const struct tm *tm)
{
    struct tm copy = *tm;

    if (tm->tm_hour > 23 || tm->tm_min > 59 || tm->tm_sec > 60)
        return FALSE;
    copy.tm_hour = copy.tm_min = copy.tm_sec = 0;
    (void)timegm(&copy);
    return copy.tm_mday == tm->tm_mday && copy.tm_mon == tm->tm_mon && copy.tm_year == tm->tm_year;
}

bool iso8601_date_parse_tm(const unsigned char *data, size_t size, struct tm *tm_r,
                           int *timezone_offset_r)
{
    struct cursor cursor = {data, data + size};
    struct tm fields;

    i_zero(&fields);
    if (!take_date(&cursor, &fields) || !take(&cursor, 'T') || !take_time(&cursor, &fields) ||
        !take_zone(&cursor, timezone_offset_r) || cursor.at != cursor.end)
        return FALSE;
    fields.tm_year -= 1900;
    fields.tm_mon--;
    fields.tm_isdst = -1;
    *tm_r = fields;
    return is_real(&fields);
}

bool iso8601_date_parse(const unsigned char *data, size_t size, time_t *timestamp_r,
                        int *timezone_offset_r)
{
    struct tm fields;

    if (!iso8601_date_parse_tm(data, size, &fields, timezone_offset_r))
        return FALSE;
    *timestamp_r = timegm(&fields) - (time_t)*timezone_offset_r * 60;
    return TRUE;
}

const char *iso8601_date_create_tm(struct tm *tm, int zone_offset)
{
    const char *zone = "Z";

    if (zone_offset != INT_MAX) {
        int minutes = zone_offset < 0 ? -zone_offset : zone_offset;

        zone =
            t_strdup_printf("%c%02d:%02d", zone_offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    }
    return t_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d%s", tm->tm_year + 1900, tm->tm_mon + 1,
                           tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, zone);
}

const char *iso8601_date_create(time_t timestamp)
{
    struct tm fields;

    if (localtime_r(&timestamp, &fields) == NULL)
        i_panic("localtime_r(%jd) failed: %m", (intmax_t)timestamp);
    return iso8601_date_create_tm(&fields, (int)(fields.tm_gmtoff / 60));
}
