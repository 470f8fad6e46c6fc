/*
 * Dates as people type them into searches, and GUIDs of any length as one of 128 bits.
 */
#include "lib.h"

#include <time.h>

#include "guid.h"
#include "imap-date.h"
#include "mail-storage.h"
#include "settings-parser.h"
#include "sha1.h"

void mail_generate_guid_128_hash(const char *guid, guid_128_t guid_128_r)
{
    unsigned char digest[SHA1_RESULTLEN];

    if (guid_128_from_string(guid, guid_128_r) == 0)
        return;
    sha1_get_digest(guid, strlen(guid), digest);
    memcpy(guid_128_r, digest, GUID_128_SIZE);
}

/* "2024-01-31" */
static bool parse_day(const char *text, time_t *time_r)
{
    struct tm tm;
    const char *end;

    i_zero(&tm);
    end = strptime(text, "%Y-%m-%d", &tm);
    if (end == NULL || *end != '\0')
        return false;
    *time_r = timegm(&tm);
    return *time_r != (time_t)-1;
}

/* "3 days": so long ago. */
static bool parse_ago(const char *text, time_t *time_r)
{
    const char *error;
    unsigned int seconds;

    if (settings_get_time(text, &seconds, &error) < 0)
        return false;
    *time_r = time(NULL) - (time_t)seconds;
    return true;
}

int mail_parse_human_timestamp(const char *str, time_t *timestamp_r, bool *utc_r)
{
    int zone;

    *utc_r = FALSE;
    if (parse_day(str, timestamp_r) || imap_parse_date(str, timestamp_r))
        return 0;
    *utc_r = TRUE;
    if (imap_parse_datetime(str, timestamp_r, &zone) || str_to_time(str, timestamp_r) == 0)
        return 0;
    return parse_ago(str, timestamp_r) ? 0 : -1;
}
