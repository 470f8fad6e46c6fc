/*
 * IMAP's dates (imap-date.h).
 */
#include "imap-date.h"

#include <time.h>

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static bool read_digits(const char **str, unsigned int count, int *number_r)
{
    *number_r = 0;
    for (unsigned int i = 0; i < count; i++, (*str)++) {
        if (!i_isdigit(**str))
            return FALSE;
        *number_r = *number_r * 10 + (**str - '0');
    }
    return TRUE;
}

static bool skip_char(const char **str, char chr)
{
    return *(*str)++ == chr;
}

static bool read_month(const char **str, int *month_r)
{
    for (*month_r = 0; *month_r < 12; (*month_r)++) {
        if (strncasecmp(*str, month_names[*month_r], 3) == 0) {
            *str += 3;
            return TRUE;
        }
    }
    return FALSE;
}

/** `d-Mon-yyyy`; the day has one digit, or two, or a space and one. */
static bool read_date(const char **str, struct tm *tm)
{
    if (**str == ' ' || !i_isdigit((*str)[0]) || !i_isdigit((*str)[1])) {
        if (**str == ' ')
            (*str)++;
        if (!read_digits(str, 1, &tm->tm_mday))
            return FALSE;
    } else if (!read_digits(str, 2, &tm->tm_mday)) {
        return FALSE;
    }
    if (tm->tm_mday < 1 || tm->tm_mday > 31 || !skip_char(str, '-') ||
        !read_month(str, &tm->tm_mon) || !skip_char(str, '-') || !read_digits(str, 4, &tm->tm_year))
        return FALSE;
    tm->tm_year -= 1900;
    return TRUE;
}

/** `HH:MM:SS`. */
static bool read_time(const char **str, struct tm *tm)
{
    return read_digits(str, 2, &tm->tm_hour) && skip_char(str, ':') &&
           read_digits(str, 2, &tm->tm_min) && skip_char(str, ':') &&
           read_digits(str, 2, &tm->tm_sec) && tm->tm_hour < 24 && tm->tm_min < 60 &&
           tm->tm_sec <= 60;
}

/** `+HHMM`, in minutes. */
static bool read_zone(const char **str, int *offset_r)
{
    char sign = **str;
    int number;

    if (sign != '+' && sign != '-')
        return FALSE;
    (*str)++;
    if (!read_digits(str, 4, &number))
        return FALSE;
    number = number / 100 * 60 + number % 100;
    *offset_r = sign == '-' ? -number : number;
    return TRUE;
}

bool imap_parse_date(const char *str, time_t *timestamp_r)
{
    struct tm tm;

    i_zero(&tm);
    if (!read_date(&str, &tm) || *str != '\0')
        return FALSE;
    *timestamp_r = timegm(&tm);
    return TRUE;
}

bool imap_parse_datetime(const char *str, time_t *timestamp_r, int *timezone_offset_r)
{
    struct tm tm;

    i_zero(&tm);
    if (!read_date(&str, &tm) || !skip_char(&str, ' ') || !read_time(&str, &tm))
        return FALSE;
    if (*str == '\0') {
        tm.tm_isdst = -1;
        *timestamp_r = mktime(&tm);
        *timezone_offset_r = (int)(tm.tm_gmtoff / 60);
        return TRUE;
    }
    if (!skip_char(&str, ' ') || !read_zone(&str, timezone_offset_r) || *str != '\0')
        return FALSE;
    *timestamp_r = timegm(&tm) - (time_t)*timezone_offset_r * 60;
    return TRUE;
}

static void split_time(time_t timestamp, struct tm *tm)
{
    if (gmtime_r(&timestamp, tm) == NULL)
        i_zero(tm);
}

const char *imap_to_datetime_tz(time_t timestamp, int timezone_offset)
{
    unsigned int offset = (unsigned int)abs(timezone_offset);
    struct tm tm;

    split_time(timestamp + (time_t)timezone_offset * 60, &tm);
    return t_strdup_printf("%02d-%s-%04d %02d:%02d:%02d %c%02u%02u", tm.tm_mday,
                           month_names[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
                           tm.tm_sec, timezone_offset < 0 ? '-' : '+', offset / 60, offset % 60);
}

const char *imap_to_datetime(time_t timestamp)
{
    struct tm tm;

    if (localtime_r(&timestamp, &tm) == NULL)
        i_zero(&tm);
    return imap_to_datetime_tz(timestamp, (int)(tm.tm_gmtoff / 60));
}

bool imap_to_date(time_t timestamp, const char **str_r)
{
    struct tm tm;

    split_time(timestamp, &tm);
    *str_r = t_strdup_printf("%d-%s-%04d", tm.tm_mday, month_names[tm.tm_mon], tm.tm_year + 1900);
    return tm.tm_hour == 0 && tm.tm_min == 0 && tm.tm_sec == 0;
}
