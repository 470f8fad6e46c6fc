/* Dates of mail headers and of IMAP. */
#include "lib.h"

#include "imap-date.h"
#include "message-date.h"
#include "tap.h"

#include <stdlib.h>
#include <time.h>

/** 2024-01-02 03:04:05 UTC. */
#define MOMENT 1704164645

static bool parse(const char *text, time_t *time, int *zone)
{
    return message_date_parse((const unsigned char *)text, strlen(text), time, zone);
}

static void header_is(const char *text, time_t wanted, int wanted_zone)
{
    time_t time = 0;
    int zone = 0;

    ok(parse(text, &time, &zone) && time == wanted && zone == wanted_zone, "%.*s",
       (int)strcspn(text, "\r"), text);
    if (time != wanted || zone != wanted_zone)
        printf("#   got %lld %d\n", (long long)time, zone);
}

static void header_is_none(const char *text)
{
    time_t time;
    int zone;

    ok(!parse(text, &time, &zone), "\"%s\" is no date", text);
}

static void test_headers(void)
{
    header_is("Tue, 2 Jan 2024 03:04:05 +0000", MOMENT, 0);
    header_is("Tue, 02 Jan 2024 04:04:05 +0100", MOMENT, 60);
    header_is("1 Jan 2024 21:34:05 -0530", MOMENT, -330);
    header_is("2 Jan 2024 03:04 GMT", MOMENT - 5, 0);
    header_is("Mon, 1 Jan 2024 22:04:05 EST (comment)", MOMENT, -300);
    header_is("Tue ,\r\n\t2 January 2024 03:04:05 Z", MOMENT, 0);
    header_is("tue 2 jan 24 03.04.05 UT", MOMENT, 0);
    header_is("2 Jan 124 03:04:05 +0000", MOMENT, 0);
    header_is("2 Jan 2024 03:04:05", MOMENT, 0);
    header_is("2 (x) Jan (y) 2024 03 : 04 : 05 +0000", MOMENT, 0);
    header_is("31 Dec 1969 23:59:59 +0000", -1, 0);
    header_is("1 Jan 99 00:00:00 +0000", 915148800, 0);
    header_is_none("");
    header_is_none("Tue, 2");
    header_is_none("2 Foo 2024 03:04:05 +0000");
    header_is_none("2 Jan 2024");
    header_is_none("2 Jan 2024 25:04:05 +0000");
    header_is_none("0 Jan 2024 03:04:05 +0000");
    header_is_none("x y z");
    is_str(message_date_create(MOMENT), "Tue, 02 Jan 2024 03:04:05 +0000", "a date is written");
}

static void test_imap(void)
{
    time_t time;
    int zone;
    const char *text;

    ok(imap_parse_date("2-Jan-2024", &time) && time == MOMENT / 86400 * 86400, "a day");
    ok(imap_parse_date("02-jan-2024", &time) && time == MOMENT / 86400 * 86400, "in two digits");
    ok(!imap_parse_date("2-Jan-24", &time) && !imap_parse_date("2-Jan-2024x", &time) &&
           !imap_parse_date("32-Jan-2024", &time) && !imap_parse_date("", &time) &&
           !imap_parse_date("2-", &time),
       "and what is none");
    ok(imap_parse_datetime(" 2-Jan-2024 04:04:05 +0100", &time, &zone) && time == MOMENT &&
           zone == 60,
       "a date and time");
    ok(!imap_parse_datetime("2-Jan-2024 04:04 +0100", &time, &zone) &&
           !imap_parse_datetime("2-Jan-2024 04:04:05 CET", &time, &zone),
       "and what is none");
    is_str(imap_to_datetime_tz(MOMENT, -330), "01-Jan-2024 21:34:05 -0530", "written with a zone");
    is_str(imap_to_datetime(MOMENT), "02-Jan-2024 03:04:05 +0000", "in the local zone");
    ok(!imap_to_date(MOMENT, &text), "a time of day is no date");
    is_str(text, "2-Jan-2024", "but the date is given");
    ok(imap_to_date(MOMENT / 86400 * 86400, &text), "midnight is");
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    lib_init();
    T_BEGIN
    {
        test_headers();
        test_imap();
    }
    T_END;
    lib_deinit();
    return done();
}
