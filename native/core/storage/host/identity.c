/*
 * Mailboxes belong to their owners, and a process that may be anybody, as root may, touches them with
 * no more rights than those have: a link that an owner has put in the way leads nowhere then, and new
 * files are the owner's from the first moment.
 *
 * Linux keeps the ids that files are judged by for each thread; with them go the capabilities that let
 * root pass. setfsuid(2) and setfsgid(2) change them for this thread alone. glibc's setgroups(3) would
 * change all threads, so the kernel is asked directly. Everything else of the process stays as it is:
 * what a plugin starts as a process is not confined by this.
 */
#include "host/identity.h"

#include "mail-user.h"

#include <grp.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_setgroups32 /* the other one has ids of 16 bits there */
#define SYS_SETGROUPS SYS_setgroups32
#else
#define SYS_SETGROUPS SYS_setgroups
#endif

#define NOBODY ((uid_t)-1)

static struct {
    uid_t uid; /**< NOBODY: as the process */
    gid_t gid;
    /* of the process */
    gid_t *groups;
    int groups_count;
} taken = {.uid = NOBODY};

static int set_groups(int count, const gid_t *groups)
{
    return (int)syscall(SYS_SETGROUPS, (size_t)count, groups);
}

static void remember_groups(void)
{
    if (taken.groups != NULL)
        return;
    taken.groups_count = getgroups(0, NULL);
    taken.groups = i_new(gid_t, (size_t)taken.groups_count + 1);
    taken.groups_count = getgroups(taken.groups_count, taken.groups);
}

/* Neither call says whether it did anything; asked for an id that nobody can have, they tell the current one. */
static bool become(uid_t uid, gid_t gid)
{
    (void)setfsgid(gid);
    (void)setfsuid(uid);
    return (gid_t)setfsgid((gid_t)-1) == gid && (uid_t)setfsuid(NOBODY) == uid;
}

void identity_drop(void)
{
    if (taken.uid == NOBODY)
        return;
    taken.uid = NOBODY;
    if (!become(geteuid(), getegid()) || set_groups(taken.groups_count, taken.groups) < 0)
        i_fatal("the storage thread cannot give up the rights of a user: %m");
}

int identity_take(struct operation *operation, const struct mail_user *user)
{
    if (user->uid == taken.uid && user->gid == taken.gid)
        return 0;
    identity_drop();
    if (user->uid == NOBODY || (user->uid == geteuid() && user->gid == getegid()))
        return 0;
    remember_groups();
    if (set_groups(1, &user->gid) == 0) {
        taken.uid = user->uid;
        taken.gid = user->gid;
        if (become(user->uid, user->gid))
            return 0;
        identity_drop();
    }
    return operation_fail(operation, MAIL_ERROR_TEMP,
                          "This process cannot work as the owner of the mailboxes, %ld:%ld",
                          (long)user->uid, (long)user->gid);
}
