/*
 * How much is synced to disk.
 */
#ifndef FSYNC_MODE_H
#define FSYNC_MODE_H

/** OPTIMIZED syncs what would lose a mail: files, names, uids. */
enum fsync_mode { FSYNC_MODE_OPTIMIZED = 0, FSYNC_MODE_NEVER, FSYNC_MODE_ALWAYS };

#endif
