/*
 * Making directories, with those above them and with an owner or group. Every function returns 0,
 * or -1 with errno; EEXIST means that the directory itself was there.
 */
#ifndef DOVECOT_MKDIR_PARENTS_H
#define DOVECOT_MKDIR_PARENTS_H

#include <sys/stat.h>
#include <sys/types.h>

#include "macros.h"

DOVECOT_API_BEGIN

/** Directories that exist keep their mode. */
int mkdir_parents(const char *path, mode_t mode);
/** With owner and group of the new ones; (uid_t)-1 and (gid_t)-1: as they come. */
int mkdir_parents_chown(const char *path, mode_t mode, uid_t uid, gid_t gid);
/** With a group; gid_origin says in messages why this one. */
int mkdir_parents_chgrp(const char *path, mode_t mode, gid_t gid, const char *gid_origin);

/** The same without those above. */
int mkdir_chown(const char *path, mode_t mode, uid_t uid, gid_t gid);
int mkdir_chgrp(const char *path, mode_t mode, gid_t gid, const char *gid_origin);

/** stat() of the path, or of the nearest above it that exists; *root_dir_r says which. */
int stat_first_parent(const char *path, const char **root_dir_r, struct stat *st_r);

DOVECOT_API_END

#endif
