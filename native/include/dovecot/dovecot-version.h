/*
 * Which Dovecot these headers are compatible with, and which host a plugin is built for.
 *
 * The ABI string is vSMTP's version, whole: the host loads no plugin that was built for another
 * one.
 */
#ifndef DOVECOT_VERSION_H
#define DOVECOT_VERSION_H

#include "../vsmtp/version.h"

/* The API described by these headers. */
#define DOVECOT_VERSION_MAJOR 2
#define DOVECOT_VERSION_MINOR 3
#define DOVECOT_VERSION_MICRO 19
#define DOVECOT_VERSION "2.3.19"

/* `const char *foo_plugin_version = DOVECOT_ABI_VERSION;` */
#define DOVECOT_ABI_VERSION VSMTP_VERSION

#define DOVECOT_NAME "vSMTP"
#define DOVECOT_STRING DOVECOT_NAME " " VSMTP_VERSION
#define DOVECOT_REVISION VSMTP_VERSION
#define DOVECOT_VERSION_FULL DOVECOT_VERSION " (" DOVECOT_STRING ")"
#define DOVECOT_BUILD_INFO DOVECOT_VERSION_FULL

/* True if the API is at least this version: (major, minor) or (major, minor, micro); for #if. */
#define DOVECOT_PREREQ(...) DOVECOT_PREREQ_(__VA_ARGS__, 0, 0)
#define DOVECOT_PREREQ_(maj, min, micro, ...)                                                 \
    ((DOVECOT_VERSION_MAJOR << 24) + (DOVECOT_VERSION_MINOR << 16) + DOVECOT_VERSION_MICRO >= \
     ((maj) << 24) + ((min) << 16) + (micro))

#endif
