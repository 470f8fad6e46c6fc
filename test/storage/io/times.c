/*
 * Times, dates and random numbers.
 */
#include "tap.h"

#include "iso8601-date.h"
#include "lib.h"
#include "randgen.h"
#include "sleep.h"
#include "time-util.h"

static void test_timevals(void)
{
    struct timeval a = {10, 500000}, b = {9, 700000};

    is_int(timeval_cmp(&a, &b), 1, "times are compared");
    is_int(timeval_cmp(&b, &a), -1, "both ways");
    is_int(timeval_cmp(&a, &a), 0, "or are equal");
    is_int(timeval_cmp_margin(&a, &b, 800001), 0, "within a margin");
    is_int(timeval_cmp_margin(&a, &b, 800000), 1, "not beyond it");
    is_int(timeval_diff_usecs(&a, &b), 800000, "and subtracted");
    is_int(timeval_diff_msecs(&b, &a), -800, "in milliseconds too");
    timeval_add(&b, &(struct timeval){1, 300000});
    ok(b.tv_sec == 11 && b.tv_usec == 0, "adding carries");
    timeval_sub_msecs(&b, 1001);
    ok(b.tv_sec == 9 && b.tv_usec == 999000, "subtracting borrows");
    timeval_add_msecs(&b, 1);
    ok(b.tv_sec == 10 && b.tv_usec == 0, "milliseconds are added");
    timeval_sub_usecs(&b, 1);
    ok(b.tv_sec == 9 && b.tv_usec == 999999, "microseconds are subtracted");
    is_int((intmax_t)timeval_to_usecs(&b), 9999999, "a time is a number of microseconds");
    is_int(timeval_round(&b), 10, "and can be rounded");
}

static void test_texts(void)
{
    struct timeval tv;

    is_str(t_strfgmtime("%Y-%m-%d %H:%M:%S", 1700000000), "2023-11-14 22:13:20",
           "a time has a text");
    is_str(t_strflocaltime("%H:%M %Z", 1700000000), "23:13 CET", "here too");
    is_str(t_strfgmtime("%d", 0), "01", "a short one");
    is_int((intmax_t)strlen(t_strfgmtime("%c%c%c%c%c%c%c%c%c%c", 0)), 240, "or a long one");
    is_int(time_to_local_day_start(1700000000), 1699916400, "a day begins at midnight");
    ok(str_to_timeval("12", &tv) == 0 && tv.tv_sec == 12 && tv.tv_usec == 0, "seconds are parsed");
    ok(str_to_timeval("12.000345", &tv) == 0 && tv.tv_usec == 345, "with their microseconds");
    is_int(str_to_timeval("12.1000000", &tv), -1, "six digits of them");
    is_int(str_to_timeval("12.x", &tv), -1, "and nothing else");
}

static bool parses(const char *text, time_t wanted, int wanted_zone)
{
    time_t timestamp;
    int zone;

    return iso8601_date_parse((const unsigned char *)text, strlen(text), &timestamp, &zone) &&
           timestamp == wanted && zone == wanted_zone;
}

static bool is_refused(const char *text)
{
    time_t timestamp;
    int zone;

    return !iso8601_date_parse((const unsigned char *)text, strlen(text), &timestamp, &zone);
}

static void test_dates(void)
{
    struct tm tm = {.tm_year = 123, .tm_mon = 10, .tm_mday = 14, .tm_hour = 22};

    ok(parses("2023-11-14T22:13:20Z", 1700000000, 0), "a date in UTC is parsed");
    ok(parses("2023-11-14t22:13:20.5z", 1700000000, 0), "in small letters, with a fraction");
    ok(parses("2023-11-15T00:13:20+02:00", 1700000000, 120), "east of it");
    ok(parses("2023-11-14T18:43:20-03:30", 1700000000, -210), "and west");
    ok(parses("2024-02-29T00:00:00Z", 1709164800, 0), "a leap day is a day");
    ok(is_refused("2023-02-29T00:00:00Z"), "not in other years");
    ok(is_refused("2023-11-14T24:00:00Z"), "there is no hour 24");
    ok(is_refused("2023-11-14T22:13:20"), "a zone must be there");
    ok(is_refused("2023-11-14T22:13:20Zx"), "and nothing behind it");
    ok(is_refused("2023-11-14T22:13:20.Z"), "a fraction needs digits");
    is_str(iso8601_date_create_tm(&tm, INT_MAX), "2023-11-14T22:00:00Z",
           "a date is written in UTC");
    is_str(iso8601_date_create_tm(&tm, -210), "2023-11-14T22:00:00-03:30", "or in a zone");
    is_str(iso8601_date_create(1700000000), "2023-11-14T23:13:20+01:00", "or here");
}

static void test_random(void)
{
    unsigned char a[64], b[64];
    uint32_t seen = 0;

    random_fill(a, sizeof a);
    random_fill(b, sizeof b);
    ok(memcmp(a, b, sizeof a) != 0, "random bytes differ");
    for (unsigned int i = 0; i < 1000; i++)
        seen |= 1U << i_rand_limit(5);
    is_int(seen, 0x1f, "numbers below a limit are all those");
    seen = 0;
    for (unsigned int i = 0; i < 1000; i++)
        seen |= 1U << i_rand_minmax(3, 4);
    is_int(seen, 0x18, "and so are those of a range");
    is_int(i_rand_limit(1), 0, "below 1 there is one");
}

static void test_sleeping(void)
{
    uint64_t begun = i_microseconds();

    i_sleep_usecs(1000);
    i_sleep_msecs(1);
    i_sleep_secs(0);
    ok(i_sleep_intr_usecs(10) && i_sleep_intr_msecs(0) && i_sleep_intr_secs(0),
       "without a signal nothing interrupts");
    ok(i_microseconds() > begun, "time goes by");
}

int main(void)
{
    (void)setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    lib_init();
    test_timevals();
    test_texts();
    test_dates();
    test_random();
    test_sleeping();
    lib_deinit();
    return done();
}
