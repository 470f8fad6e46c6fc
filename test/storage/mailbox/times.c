/*
 * Dates as people type them, and GUIDs as 128 bits.
 */
#include "lib.h"

#include "guid.h"
#include "mail-storage.h"
#include "tap.h"

#include <time.h>

static time_t parsed(const char *text, bool *utc_r)
{
    time_t result;

    return mail_parse_human_timestamp(text, &result, utc_r) < 0 ? (time_t)-1 : result;
}

static void test_dates(void)
{
    time_t result;
    bool utc;

    is_int(parsed("1994-11-15", &utc), 784857600, "a day is its first second");
    ok(!utc, "wherever the mail was written");
    is_int(parsed("15-Nov-1994", &utc), 784857600, "also as IMAP writes it");
    ok(!utc, "in the same way");
    is_int(parsed("15-Nov-1994 08:12:31 +0200", &utc), 784879951, "a date with a time is a moment");
    ok(utc, "the same everywhere");
    is_int(parsed("784879951", &utc), 784879951, "a number is seconds since 1970");
    ok(utc, "the same everywhere");
    result = time(NULL);
    ok(parsed("2 days", &utc) >= result - 2 * 24 * 3600 &&
           parsed("2 days", &utc) <= time(NULL) - 2 * 24 * 3600,
       "a duration is so long ago");
    is_int(parsed("yesterday evening", &utc), (time_t)-1, "other words are no date");
}

static void test_guids(void)
{
    guid_128_t guid, again;

    mail_generate_guid_128_hash("00112233445566778899aabbccddeeff", guid);
    is_str(guid_128_to_string(guid), "00112233445566778899aabbccddeeff",
           "a guid of 128 bits is itself");
    mail_generate_guid_128_hash("1700000000.M1P1.host", guid);
    mail_generate_guid_128_hash("1700000000.M1P1.host", again);
    ok(guid_128_equals(guid, again), "another one is always the same");
    mail_generate_guid_128_hash("1700000000.M2P1.host", again);
    ok(!guid_128_equals(guid, again), "and not that of yet another");
}

int main(void)
{
    lib_init();
    test_dates();
    test_guids();
    lib_deinit();
    return done();
}
