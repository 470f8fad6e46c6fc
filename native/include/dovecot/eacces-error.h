/*
 * Messages for EACCES and EPERM that say what is in the way: who we are, which directory of the
 * path cannot be entered, whose it is. From the data stack.
 */
#ifndef DOVECOT_EACCES_ERROR_H
#define DOVECOT_EACCES_ERROR_H

#include <sys/types.h>

#include "macros.h"

DOVECOT_API_BEGIN

/** For the system call `func` that failed on `path`; the second if it was to create it. */
const char *eacces_error_get(const char *func, const char *path);
const char *eacces_error_get_creating(const char *func, const char *path);

/** For a chown that only changes the group; gid_origin says why this group (or NULL). */
const char *eperm_error_get_chgrp(const char *func, const char *path, gid_t gid,
                                  const char *gid_origin);

DOVECOT_API_END

#endif
