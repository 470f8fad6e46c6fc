/*
 * Arguments of IMAP from a text that is there as a whole.
 */
#ifndef STORAGE_FORMAT_IMAP_ARG_TEXT_H
#define STORAGE_FORMAT_IMAP_ARG_TEXT_H

#include "imap-arg.h"

/**
 * Reads all arguments; the result and its strings are from the pool. 0, or -1 and an error. `size`
 * counts bytes, so that a literal may hold NULs: its str ends there, str_len knows better.
 */
int imap_args_from_text(pool_t pool, const char *text, size_t size, const struct imap_arg **args_r,
                        const char **error_r);

#endif
