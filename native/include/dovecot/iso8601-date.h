/*
 * Dates of RFC 3339: "2003-06-01T12:00:00.5+02:00".
 */
#ifndef DOVECOT_ISO8601_DATE_H
#define DOVECOT_ISO8601_DATE_H

#include <stddef.h>
#include <time.h>

#include "compat.h"
#include "macros.h"

DOVECOT_API_BEGIN

/**
 * FALSE: not such a date. The zone is in minutes east of UTC. The first gives the moment, the
 * second the written fields, for which the zone still has to be taken into account.
 */
bool iso8601_date_parse(const unsigned char *data, size_t size, time_t *timestamp_r,
                        int *timezone_offset_r);
bool iso8601_date_parse_tm(const unsigned char *data, size_t size, struct tm *tm_r,
                           int *timezone_offset_r);

/** Text in the data stack. zone_offset INT_MAX: "Z". The second is in the local zone. */
const char *iso8601_date_create_tm(struct tm *tm, int zone_offset);
const char *iso8601_date_create(time_t timestamp);

DOVECOT_API_END

#endif
