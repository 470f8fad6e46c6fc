/*
 * The steps of which durable writing is made: a complete temporary file, a rename, a synced
 * directory. Private to libvsmtp-storage.
 */
#ifndef VSMTP_STORAGE_DURABLE_FILE_H
#define VSMTP_STORAGE_DURABLE_FILE_H

#include "storage.h"

/** What a rename does to a file that has the new name already. */
enum replace { REPLACE_EXISTING, KEEP_EXISTING };

/** Joins `directory/name`, or `directory/sub/name`; ENAMETOOLONG when it is no path any more. */
bool path_join(char path[PATH_MAX], const char *directory, const char *sub, const char *name,
               vsmtp_storage_failure *failure);

/** Records the current errno as this system call's. Always false, to be returned at once. */
bool failed_at(vsmtp_storage_failure *failure, const char *syscall, const char *path);

/** Creates `path` with these bytes, synced. A stale file of that name is removed before. */
bool durable_create(const char *path, vsmtp_storage_parts parts, vsmtp_storage_failure *failure);

/**
 * Renames `from` to `to` and syncs `directory`, in which `to` lies. Neither is left after a
 * failure.
 */
bool durable_rename(const char *from, const char *to, const char *directory, enum replace replace,
                    vsmtp_storage_failure *failure);

/** Syncs what names stand in a directory. */
bool durable_directory(const char *path, vsmtp_storage_failure *failure);

/** Makes a directory, mode 0700, and all above it that are missing, each synced into its parent. */
bool durable_mkdir(const char *path, vsmtp_storage_failure *failure);

#endif
