/*
 * Times: the clock, sums and differences of struct timeval, and dates as text.
 */
#ifndef DOVECOT_TIME_UTIL_H
#define DOVECOT_TIME_UTIL_H

#include <inttypes.h>
#include <sys/time.h>
#include <time.h>

#include "compat.h"
#include "failures.h"
#include "macros.h"

DOVECOT_API_BEGIN

/** The wall clock. */
void i_gettimeofday(struct timeval *tv_r);
uint64_t i_nanoseconds(void);
static inline uint64_t i_microseconds(void)
{
    return i_nanoseconds() / 1000;
}

/** -1, 0 or 1; the second takes less than usec_margin microseconds for no difference. */
int timeval_cmp(const struct timeval *tv1, const struct timeval *tv2);
int timeval_cmp_margin(const struct timeval *tv1, const struct timeval *tv2,
                       unsigned int usec_margin);
/** tv1 - tv2 */
int timeval_diff_msecs(const struct timeval *tv1, const struct timeval *tv2);
long long timeval_diff_usecs(const struct timeval *tv1, const struct timeval *tv2);

/** In place. Nothing here may be negative. */
static inline void timeval_add(struct timeval *tv, const struct timeval *val)
{
    i_assert(val->tv_usec < 1000000);
    tv->tv_sec += val->tv_sec;
    tv->tv_usec += val->tv_usec;
    if (tv->tv_usec >= 1000000) {
        tv->tv_sec++;
        tv->tv_usec -= 1000000;
    }
}
static inline void timeval_sub_usecs(struct timeval *tv, long long usecs)
{
    i_assert(usecs >= 0);
    tv->tv_sec -= (time_t)(usecs / 1000000);
    tv->tv_usec -= (suseconds_t)(usecs % 1000000);
    if (tv->tv_usec < 0) {
        tv->tv_sec--;
        tv->tv_usec += 1000000;
    }
}
static inline void timeval_add_usecs(struct timeval *tv, long long usecs)
{
    struct timeval val = {(time_t)(usecs / 1000000), (suseconds_t)(usecs % 1000000)};

    i_assert(usecs >= 0);
    timeval_add(tv, &val);
}
static inline void timeval_add_msecs(struct timeval *tv, unsigned int msecs)
{
    timeval_add_usecs(tv, (long long)msecs * 1000);
}
static inline void timeval_sub_msecs(struct timeval *tv, unsigned int msecs)
{
    timeval_sub_usecs(tv, (long long)msecs * 1000);
}
static inline unsigned long long timeval_to_usecs(const struct timeval *tv)
{
    return (unsigned long long)tv->tv_sec * 1000000ULL + (unsigned long long)tv->tv_usec;
}
/** To the nearest second. */
static inline time_t timeval_round(struct timeval *tv)
{
    return tv->tv_usec < 500000 ? tv->tv_sec : tv->tv_sec + 1;
}

/** Midnight, local time, of the day of `t`. */
time_t time_to_local_day_start(time_t t);

/** strftime() into the data stack; of a time here, of a time in UTC. */
const char *t_strftime(const char *fmt, const struct tm *tm) ATTR_STRFTIME(1);
const char *t_strflocaltime(const char *fmt, time_t t) ATTR_STRFTIME(1);
const char *t_strfgmtime(const char *fmt, time_t t) ATTR_STRFTIME(1);

/** "seconds" or "seconds.micros", where micros are up to 6 digits and a plain number. 0 or -1. */
int str_to_timeval(const char *str, struct timeval *tv_r) ATTR_WARN_UNUSED_RESULT;

DOVECOT_API_END

#endif
