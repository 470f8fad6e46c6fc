/*
 * Locks that are files of their own: made when they are wanted, gone when they are given back.
 */
#ifndef STORAGE_MODEL_LOCK_FILE_H
#define STORAGE_MODEL_LOCK_FILE_H

#include "lib.h"

#include "file-lock.h"

struct lock_file_request {
    const char *path;
    unsigned int secs;            /**< to wait at most */
    enum file_lock_method method; /**< dotlock: means fcntl here */
    mode_t file_mode, dir_mode;
    gid_t gid; /**< of new files; (gid_t)-1: as the system does */
    const char *gid_origin;
};

/**
 * Makes the file, and its directory, if they are missing, and locks it. 1 and the lock
 * (file_lock_free() gives it back and removes the file); 0 timeout, -1 error: error_r, on the data
 * stack, says which file and why.
 */
int lock_file_create(const struct lock_file_request *request, struct file_lock **lock_r,
                     const char **error_r);

#endif
