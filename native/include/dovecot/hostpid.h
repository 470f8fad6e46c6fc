/*
 * This host and this process, as text.
 */
#ifndef DOVECOT_HOSTPID_H
#define DOVECOT_HOSTPID_H

#include "macros.h"

/** Environment variables that override what the system says. */
#define MY_HOSTNAME_ENV "DOVECOT_HOSTNAME"
#define MY_HOSTDOMAIN_ENV "DOVECOT_HOSTDOMAIN"

DOVECOT_API_BEGIN

/** Set by hostpid_init(), which lib_init() calls and which may be called again after a fork. */
extern const char *my_hostname;
extern const char *my_pid;

void hostpid_init(void);
void hostpid_deinit(void);

/** The fully qualified name; the bare one if there is none. */
const char *my_hostdomain(void);

DOVECOT_API_END

#endif
