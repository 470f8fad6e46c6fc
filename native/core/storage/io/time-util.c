/*
 * The clock, differences of times, and dates as text.
 */
#include "lib.h"

#include "time-util.h"

#include <time.h>

void i_gettimeofday(struct timeval *tv_r)
{
    if (gettimeofday(tv_r, NULL) < 0)
        i_fatal("gettimeofday() failed: %m");
}

uint64_t i_nanoseconds(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) < 0)
        i_fatal("clock_gettime() failed: %m");
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int timeval_cmp(const struct timeval *tv1, const struct timeval *tv2)
{
    return timeval_cmp_margin(tv1, tv2, 0);
}

int timeval_cmp_margin(const struct timeval *tv1, const struct timeval *tv2,
                       unsigned int usec_margin)
{
    long long usecs = timeval_diff_usecs(tv1, tv2);

    if (usecs == 0 || llabs(usecs) < usec_margin)
        return 0;
    return usecs < 0 ? -1 : 1;
}

int timeval_diff_msecs(const struct timeval *tv1, const struct timeval *tv2)
{
    long long msecs = timeval_diff_usecs(tv1, tv2) / 1000;

    if (msecs > INT_MAX)
        return INT_MAX;
    return msecs < INT_MIN ? INT_MIN : (int)msecs;
}

long long timeval_diff_usecs(const struct timeval *tv1, const struct timeval *tv2)
{
    return ((long long)tv1->tv_sec - tv2->tv_sec) * 1000000 +
           ((long long)tv1->tv_usec - tv2->tv_usec);
}

time_t time_to_local_day_start(time_t t)
{
    struct tm day;
    time_t start;

    if (localtime_r(&t, &day) == NULL)
        i_panic("localtime_r(%jd) failed: %m", (intmax_t)t);
    day.tm_hour = day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1; /* it may have changed since midnight */
    start = mktime(&day);
    i_assert(start != (time_t)-1);
    return start;
}

/* The format is the caller's by contract. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

const char *t_strftime(const char *fmt, const struct tm *tm)
{
    size_t size = 128;

    if (*fmt == '\0')
        return "";
    for (;;) {
        char *text = t_malloc0(size);

        if (strftime(text, size, fmt, tm) > 0)
            return text;
        /* 0 may also mean that it comes out empty: nothing here is that long */
        if (size > 64 * (strlen(fmt) + 128))
            return "";
        size *= 2;
    }
}

const char *t_strflocaltime(const char *fmt, time_t t)
{
    struct tm fields;

    if (localtime_r(&t, &fields) == NULL)
        i_panic("localtime_r(%jd) failed: %m", (intmax_t)t);
    return t_strftime(fmt, &fields);
}

const char *t_strfgmtime(const char *fmt, time_t t)
{
    struct tm fields;

    if (gmtime_r(&t, &fields) == NULL)
        i_panic("gmtime_r(%jd) failed: %m", (intmax_t)t);
    return t_strftime(fmt, &fields);
}

#pragma GCC diagnostic pop

int str_to_timeval(const char *str, struct timeval *tv_r)
{
    const char *dot = strchr(str, '.');
    const char *secs = dot == NULL ? str : t_strdup_until(str, dot);
    unsigned int usecs = 0;
    intmax_t seconds;

    if (str_to_intmax(secs, &seconds) < 0 || (time_t)seconds != seconds)
        return -1;
    if (dot != NULL && (str_to_uint(dot + 1, &usecs) < 0 || usecs >= 1000000))
        return -1;
    tv_r->tv_sec = (time_t)seconds;
    tv_r->tv_usec = (suseconds_t)usecs;
    return 0;
}
