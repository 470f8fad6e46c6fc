/*
 * New files under names nobody else has. `prefix` is completed to the name of the file. Each
 * returns the descriptor, open for reading and writing, or -1 with errno.
 */
#ifndef DOVECOT_SAFE_MKSTEMP_H
#define DOVECOT_SAFE_MKSTEMP_H

#include <sys/types.h>

#include "macros.h"

struct buffer;

DOVECOT_API_BEGIN

/** (uid_t)-1 and (gid_t)-1: as they come. gid_origin says in messages why this group. */
int safe_mkstemp(struct buffer *prefix, mode_t mode, uid_t uid, gid_t gid);
int safe_mkstemp_group(struct buffer *prefix, mode_t mode, gid_t gid, const char *gid_origin);
/** With host and process id in the name. */
int safe_mkstemp_hostpid(struct buffer *prefix, mode_t mode, uid_t uid, gid_t gid);
int safe_mkstemp_hostpid_group(struct buffer *prefix, mode_t mode, gid_t gid,
                               const char *gid_origin);

DOVECOT_API_END

#endif
