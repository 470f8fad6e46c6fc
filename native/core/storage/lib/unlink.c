/*
 * Removing files whose removal nobody can do anything about when it fails, but everybody wants to
 * know of.
 */
#include <unistd.h>

#include "lib.h"

#undef i_unlink
#undef i_unlink_if_exists

int i_unlink(const char *path, const char *source_fname, unsigned int source_linenum)
{
    if (unlink(path) == 0)
        return 0;
    i_error("unlink(%s) failed: %s (in %s:%u)", path, strerror(errno), source_fname,
            source_linenum);
    return -1;
}

int i_unlink_if_exists(const char *path, const char *source_fname, unsigned int source_linenum)
{
    if (unlink(path) == 0)
        return 1;
    if (errno == ENOENT)
        return 0;
    i_error("unlink(%s) failed: %s (in %s:%u)", path, strerror(errno), source_fname,
            source_linenum);
    return -1;
}
