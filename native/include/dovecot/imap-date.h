/*
 * Dates of IMAP: `2-Jan-2024` and `" 2-Jan-2024 03:04:05 +0100"`.
 *
 * Dates before or after what a time_t can hold become the first or the last that it can.
 */
#ifndef IMAP_DATE_H
#define IMAP_DATE_H

#include "lib.h"

DOVECOT_API_BEGIN

/** Midnight of that day in UTC, whatever the local zone is. FALSE when it is no date. */
bool imap_parse_date(const char *str, time_t *timestamp_r);
/** The offset is in minutes; without one the local zone is meant. FALSE when it is no date. */
bool imap_parse_datetime(const char *str, time_t *timestamp_r, int *timezone_offset_r);

/** On the data stack, in the local zone or in the given (minutes). */
const char *imap_to_datetime(time_t timestamp);
const char *imap_to_datetime_tz(time_t timestamp, int timezone_offset);
/** `2-Jan-2024` in UTC; FALSE when it is not midnight there, which this form cannot say. */
bool imap_to_date(time_t timestamp, const char **str_r);

DOVECOT_API_END

#endif
