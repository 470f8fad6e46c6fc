/*
 * Waiting. Signals do not shorten it, except in the _intr_ forms: FALSE means a signal came.
 */
#ifndef DOVECOT_SLEEP_H
#define DOVECOT_SLEEP_H

#include <sys/types.h>

#include "compat.h"
#include "macros.h"

DOVECOT_API_BEGIN

void i_sleep_usecs(unsigned long long usecs);
void i_sleep_msecs(unsigned int msecs);
void i_sleep_secs(time_t secs);

bool ATTR_NOWARN_UNUSED_RESULT i_sleep_intr_usecs(unsigned long long usecs);
bool ATTR_NOWARN_UNUSED_RESULT i_sleep_intr_msecs(unsigned int msecs);
bool ATTR_NOWARN_UNUSED_RESULT i_sleep_intr_secs(time_t secs);

DOVECOT_API_END

#endif
