/*
 * Users and groups of the system. 1: found; 0: no such one; -1: error. What the result points to
 * lives until the next call for the same kind.
 */
#ifndef DOVECOT_IPWD_H
#define DOVECOT_IPWD_H

#include <grp.h>
#include <pwd.h>

#include "macros.h"

DOVECOT_API_BEGIN

int i_getpwnam(const char *name, struct passwd *pwd_r);
int i_getpwuid(uid_t uid, struct passwd *pwd_r);
int i_getgrnam(const char *name, struct group *grp_r);
int i_getgrgid(gid_t gid, struct group *grp_r);

void ipwd_deinit(void);

DOVECOT_API_END

#endif
