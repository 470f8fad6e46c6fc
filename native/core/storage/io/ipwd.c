/*
 * Users and groups of the system, telling "none" from "error".
 */
#include "lib.h"

#include "ipwd.h"

#include <unistd.h>

/* What the last result points to. */
static void *user_memory, *group_memory;
static size_t user_size, group_size;

enum { FIRST_SIZE = 1024 };

/* Makes the memory larger if that was what was wrong, or there is none yet. */
static void grow(int error, void **memory, size_t *size)
{
    size_t grown = *size == 0 ? FIRST_SIZE : *size * 2;

    if (error != ERANGE && *size > 0)
        return;
    *memory = i_realloc(*memory, *size, grown);
    *size = grown;
}

/* ERANGE asks for more memory; some systems report a missing entry as an error. */
static int answer(int error, const void *found)
{
    if (found != NULL)
        return 1;
    if (error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM)
        return 0;
    errno = error;
    return -1;
}

int i_getpwnam(const char *name, struct passwd *pwd_r)
{
    struct passwd *found;
    int error = 0;

    do {
        grow(error, &user_memory, &user_size);
        error = getpwnam_r(name, pwd_r, user_memory, user_size, &found);
    } while (error == ERANGE);
    return answer(error, found);
}

int i_getpwuid(uid_t uid, struct passwd *pwd_r)
{
    struct passwd *found;
    int error = 0;

    do {
        grow(error, &user_memory, &user_size);
        error = getpwuid_r(uid, pwd_r, user_memory, user_size, &found);
    } while (error == ERANGE);
    return answer(error, found);
}

int i_getgrnam(const char *name, struct group *grp_r)
{
    struct group *found;
    int error = 0;

    do {
        grow(error, &group_memory, &group_size);
        error = getgrnam_r(name, grp_r, group_memory, group_size, &found);
    } while (error == ERANGE);
    return answer(error, found);
}

int i_getgrgid(gid_t gid, struct group *grp_r)
{
    struct group *found;
    int error = 0;

    do {
        grow(error, &group_memory, &group_size);
        error = getgrgid_r(gid, grp_r, group_memory, group_size, &found);
    } while (error == ERANGE);
    return answer(error, found);
}

void ipwd_deinit(void)
{
    i_free(user_memory);
    i_free(group_memory);
    user_size = group_size = 0;
}
