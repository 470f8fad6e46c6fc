/*
 * Where vsmtp_log leads to: the host's queue, or standard error while there is no host (tests of
 * plugins).
 */
#ifndef VSMTP_CORE_LOG_H
#define VSMTP_CORE_LOG_H

#include <vsmtp/plugin.h>

VSMTP_C_BEGIN

/**
 * Takes one line on the thread that logs; must copy `text`. `where` is an address in the plugin.
 */
typedef void vsmtp_log_sink(const void *where, int32_t level, const char *text);

/** Sets the sink, for all threads; NULL: standard error. */
VSMTP_EXPORT void vsmtp_log_to(vsmtp_log_sink *sink);

VSMTP_C_END

#endif
