/*
 * Telling a mailbox's owner that its files have changed: by inotify, and by looking at their times now
 * and then, because inotify is silent about what other hosts do. Changes come in bursts; they are told
 * once.
 */
#include "lib.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "base.h"
#include "ioloop.h"

enum { GATHER_MSECS = 500 };

struct watched_path {
    char *path;
    struct stat seen;
};

struct mailbox_watch {
    struct mailbox *box;
    ARRAY(struct watched_path) paths;
    int fd;
    struct io *io;
    struct timeout *poll, *gather;
};

static void tell(struct mailbox_watch *watch)
{
    struct mailbox *box = watch->box;

    timeout_remove(&watch->gather);
    box->notify_callback(box, box->notify_context);
}

static void changed(struct mailbox_watch *watch)
{
    if (watch->gather == NULL)
        watch->gather = timeout_add_short(GATHER_MSECS, tell, watch);
}

static void inotify_ready(struct mailbox_watch *watch)
{
    char events[4096];

    while (read(watch->fd, events, sizeof(events)) > 0)
        ;
    changed(watch);
}

static void look(struct mailbox_watch *watch)
{
    struct watched_path *watched;
    struct stat st;
    bool different = false;

    array_foreach_modifiable(&watch->paths, watched)
    {
        if (stat(watched->path, &st) < 0)
            i_zero(&st);
        different = different || ST_CHANGED(watched->seen, st);
        watched->seen = st;
    }
    if (different)
        changed(watch);
}

static void stop(struct mailbox_watch **_watch)
{
    struct mailbox_watch *watch = *_watch;
    struct watched_path *watched;

    *_watch = NULL;
    if (watch == NULL)
        return;
    io_remove(&watch->io);
    timeout_remove(&watch->poll);
    timeout_remove(&watch->gather);
    if (watch->fd != -1)
        i_close_fd(&watch->fd);
    array_foreach_modifiable(&watch->paths, watched)
    {
        i_free(watched->path);
    }
    array_free(&watch->paths);
    i_free(watch);
}

static void add_path(struct mailbox_watch *watch, const char *path)
{
    static const uint32_t mask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                 IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF;
    struct watched_path *watched = array_append_space(&watch->paths);

    watched->path = i_strdup(path);
    if (stat(path, &watched->seen) < 0)
        i_zero(&watched->seen);
    /* What inotify cannot watch is polled. */
    if (watch->fd != -1)
        (void)inotify_add_watch(watch->fd, path, mask);
}

static struct mailbox_watch *start(struct mailbox *box, const char *const *paths)
{
    struct mailbox_watch *watch = i_new(struct mailbox_watch, 1);
    unsigned int seconds = box->storage->set->mailbox_idle_check_interval;

    watch->box = box;
    i_array_init(&watch->paths, 4);
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    for (; *paths != NULL; paths++)
        add_path(watch, *paths);
    if (watch->fd != -1)
        watch->io = io_add(watch->fd, IO_READ, inotify_ready, watch);
    if (seconds > 0)
        watch->poll = timeout_add(seconds * 1000, look, watch);
    return watch;
}

void mailbox_base_watch(struct mailbox *box, const char *const *paths)
{
    struct mailbox_base *base = container_of(box, struct mailbox_base, box);

    stop(&base->watch);
    /* Without a loop nobody would ever be called. */
    if (paths != NULL && box->notify_callback != NULL && current_ioloop != NULL)
        base->watch = start(box, paths);
}
