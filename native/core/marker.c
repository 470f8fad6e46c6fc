/*
 * The region of this process, and who of its threads has which slot.
 *
 * Stores are relaxed atomics, which cost what plain ones do. Only `function` is stored with release:
 * who reads it finds the situation and the clock that belong to it, or later ones.
 */
#include "marker.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static vsmtp_marker *region;
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

/** This thread's; NULL: it has none. */
static _Thread_local vsmtp_marker_slot *mine;
static pthread_key_t release_key;
static pthread_once_t release_once = PTHREAD_ONCE_INIT;

static int32_t load(const int32_t *cell)
{
    return __atomic_load_n(cell, __ATOMIC_RELAXED);
}

static void store(int32_t *cell, int32_t value)
{
    __atomic_store_n(cell, value, __ATOMIC_RELAXED);
}

static int32_t own_tid(void)
{
    return (int32_t)syscall(SYS_gettid);
}

/* ---- The region ------------------------------------------------------------------------------ */

static vsmtp_marker *map(int fd)
{
    struct stat facts;
    void *memory;

    if (fd < 0)
        memory = mmap(NULL, sizeof(vsmtp_marker), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    else if (fstat(fd, &facts) < 0)
        return NULL;
    else if (facts.st_size < (off_t)sizeof(vsmtp_marker)) {
        /* a store behind its end would be a SIGBUS */
        errno = EINVAL;
        return NULL;
    } else
        memory = mmap(NULL, sizeof(vsmtp_marker), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

vsmtp_marker *vsmtp_marker_open(int fd)
{
    vsmtp_marker *opened;

    (void)pthread_mutex_lock(&opening);
    opened = region;
    if (opened == NULL)
        opened = map(fd);
    if (opened != NULL && region == NULL) {
        store(&opened->magic, VSMTP_MARKER_MAGIC);
        store(&opened->layout, VSMTP_MARKER_LAYOUT);
        store(&opened->pid, (int32_t)getpid());
        __atomic_store_n(&region, opened, __ATOMIC_RELEASE);
    }
    (void)pthread_mutex_unlock(&opening);
    return opened;
}

vsmtp_marker *vsmtp_marker_get(void)
{
    return __atomic_load_n(&region, __ATOMIC_ACQUIRE);
}

/* ---- Slots ----------------------------------------------------------------------------------- */

static void free_slot(vsmtp_marker_slot *slot)
{
    __atomic_store_n(&slot->function, 0, __ATOMIC_RELEASE);
    store(&slot->situation, 0);
    __atomic_store_n(&slot->tid, 0, __ATOMIC_RELEASE);
}

/* The storage thread knows no functions, but takes back what it has worked for. */
static bool is_working(const vsmtp_marker_slot *slot)
{
    return load(&slot->function) != 0 ||
           (slot == &region->slots[VSMTP_MARKER_STORAGE] && load(&slot->situation) != 0);
}

/*
 * The thread ends. If amid its work, then a plugin has ended it (pthread_exit), and nobody else would
 * do its work or miss it: that is the end of the process, while the slot says whose doing it is.
 */
static void release_late(void *slot)
{
    if (is_working(slot))
        abort();
    free_slot(slot);
}

static void make_release_key(void)
{
    (void)pthread_key_create(&release_key, release_late);
}

static void keep(vsmtp_marker_slot *slot)
{
    (void)pthread_once(&release_once, make_release_key);
    (void)pthread_setspecific(release_key, slot);
    mine = slot;
}

int32_t vsmtp_marker_claim(void)
{
    vsmtp_marker *marker = vsmtp_marker_get();
    int32_t tid = own_tid();
    int32_t i;

    if (marker == NULL)
        return -1;
    if (mine != NULL)
        return (int32_t)(mine - marker->slots);
    for (i = VSMTP_MARKER_STORAGE + 1; i < VSMTP_MARKER_SLOTS; i++) {
        int32_t nobody = 0;

        if (__atomic_compare_exchange_n(&marker->slots[i].tid, &nobody, tid, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            keep(&marker->slots[i]);
            return i;
        }
    }
    return -1;
}

void vsmtp_marker_claim_slot(int32_t slot)
{
    vsmtp_marker *marker = vsmtp_marker_get();

    if (marker == NULL || slot < 0 || slot > VSMTP_MARKER_STORAGE)
        return;
    vsmtp_marker_release();
    store(&marker->slots[slot].tid, own_tid());
    keep(&marker->slots[slot]);
}

void vsmtp_marker_release(void)
{
    if (mine == NULL)
        return;
    free_slot(mine);
    keep(NULL);
}

/* ---- Calls ----------------------------------------------------------------------------------- */

void vsmtp_marker_begin(int32_t function, int32_t situation)
{
    vsmtp_marker *marker = vsmtp_marker_get();
    int32_t now;

    if (mine == NULL)
        return;
    /* two threads may take the same number: it orders calls, it does not count them */
    now = (int32_t)((uint32_t)load(&marker->clock) + 1U);
    store(&marker->clock, now);
    if (function > 0 && function < VSMTP_MARKER_FUNCTIONS)
        store(&marker->last[function], now);
    store(&mine->began, now);
    store(&mine->situation, situation);
    __atomic_store_n(&mine->function, function, __ATOMIC_RELEASE);
}

void vsmtp_marker_end(void)
{
    if (mine == NULL)
        return;
    __atomic_store_n(&mine->function, 0, __ATOMIC_RELEASE);
    store(&mine->situation, 0);
}
