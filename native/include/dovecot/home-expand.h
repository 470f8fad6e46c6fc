/*
 * "~/x" and "~user/x" at the beginning of a path. Results are in the data stack.
 */
#ifndef DOVECOT_HOME_EXPAND_H
#define DOVECOT_HOME_EXPAND_H

#include "macros.h"

DOVECOT_API_BEGIN

/** The path unchanged if the user is unknown. */
const char *home_expand(const char *path);
/** 0, or -1: the user is unknown and *path unchanged. */
int home_try_expand(const char **path);
/** "~/" only, with the given home directory (NULL: unchanged). */
const char *home_expand_tilde(const char *path, const char *home);

DOVECOT_API_END

#endif
