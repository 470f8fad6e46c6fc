/*
 * Dates of mail headers (message-date.h): `Tue, 2 Jan 2024 03:04:05 +0100`, with all that RFC 5322
 * §4.3 allows besides and what old programs wrote.
 */
#include "message-date.h"

#include "rfc822-parser.h"
#include "str.h"

#include <time.h>

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const day_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/** The next atom: -1 when there is none. */
static int next_token(struct rfc822_parser_context *parser, string_t *token)
{
    str_truncate(token, 0);
    return rfc822_parse_atom(parser, token);
}

/** One or two digits, up to `max`. */
static bool small_number(const char *str, int max, int *number_r)
{
    return i_isdigit(str[0]) && strlen(str) <= 2 && str_to_int(str, number_r) == 0 &&
           *number_r <= max;
}

static bool month_number(const char *name, int *month_r)
{
    for (*month_r = 0; *month_r < 12; (*month_r)++) {
        if (strncasecmp(name, month_names[*month_r], 3) == 0)
            return TRUE;
    }
    return FALSE;
}

static bool year_number(const char *str, int *year_r)
{
    size_t length = strlen(str);

    if (length < 2 || length > 4 || !i_isdigit(str[0]) || str_to_int(str, year_r) < 0)
        return FALSE;
    if (length == 2)
        *year_r += *year_r < 50 ? 2000 : 1900;
    else if (length == 3)
        *year_r += 1900;
    return TRUE;
}

/** Minutes east of Greenwich; what is unknown counts as there, as RFC 5322 says. */
static int zone_offset(const char *zone)
{
    static const struct {
        const char *name;
        int hours;
    } names[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
                 {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    int number;

    if ((zone[0] == '+' || zone[0] == '-') && strlen(zone) == 5 &&
        strspn(zone + 1, "0123456789") == 4) {
        if (str_to_int(zone + 1, &number) < 0)
            return 0;
        number = number / 100 * 60 + number % 100;
        return zone[0] == '-' ? -number : number;
    }
    for (unsigned int i = 0; i < N_ELEMENTS(names); i++) {
        if (strcasecmp(zone, names[i].name) == 0)
            return names[i].hours * 60;
    }
    return 0;
}

/** `day month year`; the day of the week and its comma may stand before. */
static bool parse_day(struct rfc822_parser_context *parser, string_t *token, struct tm *tm)
{
    if (next_token(parser, token) <= 0)
        return FALSE;
    if (!i_isdigit(str_c(token)[0])) {
        if (*parser->data == ',') {
            parser->data++;
            if (rfc822_skip_lwsp(parser) <= 0)
                return FALSE;
        }
        if (next_token(parser, token) <= 0)
            return FALSE;
    }
    if (!small_number(str_c(token), 31, &tm->tm_mday) || tm->tm_mday == 0)
        return FALSE;
    if (next_token(parser, token) <= 0 || !month_number(str_c(token), &tm->tm_mon))
        return FALSE;
    if (next_token(parser, token) <= 0 || !year_number(str_c(token), &tm->tm_year))
        return FALSE;
    tm->tm_year -= 1900;
    return TRUE;
}

/** `:MM` or `.MM`. */
static int parse_next_number(struct rfc822_parser_context *parser, string_t *token, int max,
                             int *number_r)
{
    int ret;

    parser->data++;
    if (rfc822_skip_lwsp(parser) <= 0)
        return -1;
    ret = next_token(parser, token);
    return ret >= 0 && small_number(str_c(token), max, number_r) ? ret : -1;
}

static bool is_time_separator(unsigned char byte)
{
    return byte == ':' || byte == '.';
}

/** `HH:MM[:SS]`; 1 when something follows, 0 when not, -1 when invalid. */
static int parse_time(struct rfc822_parser_context *parser, string_t *token, struct tm *tm)
{
    int ret = next_token(parser, token);

    if (ret <= 0 || !small_number(str_c(token), 23, &tm->tm_hour) ||
        !is_time_separator(*parser->data))
        return -1;
    ret = parse_next_number(parser, token, 59, &tm->tm_min);
    if (ret > 0 && is_time_separator(*parser->data))
        ret = parse_next_number(parser, token, 60, &tm->tm_sec);
    return ret;
}

static bool parse_date(struct rfc822_parser_context *parser, time_t *timestamp_r,
                       int *timezone_offset_r)
{
    string_t *token = t_str_new(64);
    struct tm tm;
    int ret;

    i_zero(&tm);
    if (rfc822_skip_lwsp(parser) <= 0 || !parse_day(parser, token, &tm))
        return FALSE;
    ret = parse_time(parser, token, &tm);
    if (ret < 0)
        return FALSE;
    *timezone_offset_r = 0;
    if (ret > 0 && next_token(parser, token) >= 0)
        *timezone_offset_r = zone_offset(str_c(token));
    *timestamp_r = timegm(&tm) - (time_t)*timezone_offset_r * 60;
    return TRUE;
}

bool message_date_parse(const unsigned char *data, size_t size, time_t *timestamp_r,
                        int *timezone_offset_r)
{
    bool valid;

    T_BEGIN
    {
        struct rfc822_parser_context parser;

        rfc822_parser_init(&parser, data, size, NULL);
        valid = parse_date(&parser, timestamp_r, timezone_offset_r);
        rfc822_parser_deinit(&parser);
    }
    T_END;
    return valid;
}

const char *message_date_create(time_t timestamp)
{
    struct tm tm;
    long minutes;

    if (localtime_r(&timestamp, &tm) == NULL)
        i_fatal("localtime_r(%lld) failed", (long long)timestamp);
    minutes = tm.tm_gmtoff / 60;
    return t_strdup_printf("%s, %02d %s %04d %02d:%02d:%02d %c%02ld%02ld", day_names[tm.tm_wday],
                           tm.tm_mday, month_names[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
                           tm.tm_min, tm.tm_sec, minutes < 0 ? '-' : '+', labs(minutes) / 60,
                           labs(minutes) % 60);
}
