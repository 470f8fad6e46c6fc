/*
 * Dates of mails against the dates of criteria.
 */
#include "search/search-context.h"

#include <time.h>

#define MINUTE ((time_t)60)
#define DAY (MINUTE * 60 * 24)

/** Minutes between the local zone, as it was then, and UTC. */
static int local_offset(time_t date)
{
    struct tm tm;

    return localtime_r(&date, &tm) == NULL ? 0 : (int)(tm.tm_gmtoff / 60);
}

/** Without UTC_TIMES the criterion names a day as it was at the place that the offset says. */
static bool date_matches(const struct mail_search_arg *arg, time_t date, int offset)
{
    if ((arg->value.search_flags & MAIL_SEARCH_ARG_FLAG_UTC_TIMES) == 0)
        date += offset * MINUTE;
    switch (arg->type) {
    case SEARCH_BEFORE:
        return date < arg->value.time;
    case SEARCH_ON:
        return date >= arg->value.time && date < arg->value.time + DAY;
    case SEARCH_SINCE:
        return date >= arg->value.time;
    default:
        i_unreached();
    }
}

int search_match_date(struct mail *mail, const struct mail_search_arg *arg)
{
    time_t date;
    int offset, ret;

    switch (arg->value.date_type) {
    case MAIL_SEARCH_DATE_TYPE_SENT:
        ret = mail_get_date(mail, &date, &offset);
        if (ret >= 0 && date == 0)
            return 0; /* it says none */
        break;
    case MAIL_SEARCH_DATE_TYPE_SAVED:
        ret = mail_get_save_date(mail, &date);
        offset = ret < 0 ? 0 : local_offset(date);
        break;
    case MAIL_SEARCH_DATE_TYPE_RECEIVED:
    default:
        ret = mail_get_received_date(mail, &date);
        offset = ret < 0 ? 0 : local_offset(date);
        break;
    }
    if (ret < 0)
        return -1;
    return date_matches(arg, date, offset) ? 1 : 0;
}
