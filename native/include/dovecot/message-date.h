/*
 * Dates of mail headers (RFC 5322 §3.3, and its obsolete forms).
 */
#ifndef MESSAGE_DATE_H
#define MESSAGE_DATE_H

#include "lib.h"

DOVECOT_API_BEGIN

/** FALSE when it is no date. The offset is the zone's distance from UTC in minutes. */
bool message_date_parse(const unsigned char *data, size_t size, time_t *timestamp_r,
                        int *timezone_offset_r);
/** A date in the local zone, on the data stack. */
const char *message_date_create(time_t timestamp);

DOVECOT_API_END

#endif
