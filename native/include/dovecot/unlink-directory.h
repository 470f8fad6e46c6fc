/*
 * Removing what is in a directory. Symbolic links are removed, never followed.
 */
#ifndef DOVECOT_UNLINK_DIRECTORY_H
#define DOVECOT_UNLINK_DIRECTORY_H

#include "macros.h"

enum unlink_directory_flags {
    UNLINK_DIRECTORY_FLAG_RMDIR = 0x01, /* and the directory itself */
    UNLINK_DIRECTORY_FLAG_SKIP_DOTFILES = 0x02,
    UNLINK_DIRECTORY_FLAG_FILES_ONLY = 0x04 /* leave directories in it alone */
};

DOVECOT_API_BEGIN

/** 1: done; 0: there is no such directory; -1: error. *error_r (data stack) for 0 and -1. */
int unlink_directory(const char *dir, enum unlink_directory_flags flags, const char **error_r);

DOVECOT_API_END

#endif
