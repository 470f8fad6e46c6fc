/*
 * Looks up users and groups while the command is built: what needs the user database cannot be done
 * between fork and exec, where only a few functions are safe.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

/*
 * The entries of both databases fit well below this, unless a group has tens of thousands of
 * members.
 */
enum { FIRST_BUFFER = 4096, LARGEST_BUFFER = 4 << 20 };

static bool not_found(const char *kind, const char *name, int error)
{
    if (error == 0)
        vsmtp_fail("%s not found: '%s'", kind, name);
    else
        vsmtp_fail("%s not found: '%s' (%s)", kind, name, strerror(error));
    return false;
}

static bool find_user(const char *name, uid_t *uid, gid_t *gid)
{
    struct passwd entry;
    struct passwd *found = NULL;
    int error = ERANGE;

    for (size_t size = FIRST_BUFFER; error == ERANGE && size <= LARGEST_BUFFER; size *= 2) {
        char *buffer = malloc(size);

        error = buffer == NULL ? ENOMEM : getpwnam_r(name, &entry, buffer, size, &found);
        if (error == 0 && found != NULL) {
            *uid = entry.pw_uid;
            *gid = entry.pw_gid;
        }
        free(buffer);
    }
    return found != NULL || not_found("user", name, error);
}

static bool find_group(const char *name, gid_t *gid)
{
    struct group entry;
    struct group *found = NULL;
    int error = ERANGE;

    for (size_t size = FIRST_BUFFER; error == ERANGE && size <= LARGEST_BUFFER; size *= 2) {
        char *buffer = malloc(size);

        error = buffer == NULL ? ENOMEM : getgrnam_r(name, &entry, buffer, size, &found);
        if (error == 0 && found != NULL)
            *gid = entry.gr_gid;
        free(buffer);
    }
    return found != NULL || not_found("group", name, error);
}

/* The groups that the user is a member of, and `gid`; without a user, `gid` alone. */
static bool find_groups(const char *user, struct identity *identity)
{
    int count = user == NULL ? 1 : 64;

    for (;;) {
        int room = count;
        gid_t *groups = malloc((size_t)room * sizeof *groups);

        if (groups == NULL) {
            vsmtp_fail("no memory for the groups of the command");
            return false;
        }
        groups[0] = identity->gid;
        if (user == NULL || getgrouplist(user, identity->gid, groups, &count) >= 0) {
            identity->groups = groups;
            identity->group_count = (size_t)count;
            return true;
        }
        /* `count` now says how many there are */
        free(groups);
        if (count <= room)
            count = 2 * room;
    }
}

bool identity_find(const char *user, const char *group, struct identity *identity)
{
    *identity = (struct identity){.uid = geteuid(), .gid = getegid()};
    if (user == NULL && group == NULL)
        return true;
    if (user != NULL && !find_user(user, &identity->uid, &identity->gid))
        return false;
    if (group != NULL && !find_group(group, &identity->gid))
        return false;
    identity->given = true;
    return find_groups(user, identity);
}
