/*
 * A directory that must have exactly this mode, owner and group; fatal if it cannot.
 */
#ifndef DOVECOT_SAFE_MKDIR_H
#define DOVECOT_SAFE_MKDIR_H

#include <sys/types.h>

#include "macros.h"

DOVECOT_API_BEGIN

/** 1: made; 2: it was there like that; 0: it was there and has been corrected. */
int safe_mkdir(const char *dir, mode_t mode, uid_t uid, gid_t gid);

DOVECOT_API_END

#endif
