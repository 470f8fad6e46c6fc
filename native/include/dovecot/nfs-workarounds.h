/*
 * File operations that try again where NFS answers ESTALE.
 */
#ifndef DOVECOT_NFS_WORKAROUNDS_H
#define DOVECOT_NFS_WORKAROUNDS_H

#include <sys/stat.h>

#include "compat.h"
#include "macros.h"

/** How often. */
#define NFS_ESTALE_RETRY_COUNT 10

DOVECOT_API_BEGIN

/** As open() without a mode, stat() and lstat(). */
int nfs_safe_open(const char *path, int flags);
int nfs_safe_stat(const char *path, struct stat *buf);
int nfs_safe_lstat(const char *path, struct stat *buf);
/**
 * As link(), but believes the link count rather than the answer, which may get lost. links1: the
 * file is known to have one link so far.
 */
int nfs_safe_link(const char *oldpath, const char *newpath, bool links1);

DOVECOT_API_END

#endif
