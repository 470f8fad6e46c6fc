/*
 * The beginning and the end of the library, and what wants to be called at the end.
 */
#include <fcntl.h>

#include "array.h"
#include "hash.h"
#include "hostpid.h"
#include "lib.h"

struct atexit_callback {
    int priority;
    lib_atexit_callback_t *callback;
};

int dev_null_fd = -1;

static unsigned int init_count;
static ARRAY(struct atexit_callback) callbacks;

void lib_init(void)
{
    if (init_count++ > 0)
        return;
    data_stack_init();
    hash_init();
    hostpid_init();
    dev_null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dev_null_fd < 0)
        i_fatal("open(/dev/null) failed: %s", strerror(errno));
}

bool lib_is_initialized(void)
{
    return init_count > 0;
}

void lib_deinit(void)
{
    i_assert(init_count > 0);
    if (--init_count > 0)
        return;
    lib_atexit_run();
    i_close_fd(&dev_null_fd);
    hostpid_deinit();
    data_stack_deinit();
}

void lib_atexit(lib_atexit_callback_t *callback)
{
    lib_atexit_priority(callback, LIB_ATEXIT_PRIORITY_DEFAULT);
}

void lib_atexit_priority(lib_atexit_callback_t *callback, int priority)
{
    struct atexit_callback added = {priority, callback};
    const struct atexit_callback *other;
    unsigned int idx = 0;

    if (!array_is_created(&callbacks))
        i_array_init(&callbacks, 8);
    array_foreach(&callbacks, other)
    {
        if (other->callback == callback)
            return;
        if (other->priority <= priority)
            idx = array_foreach_idx(&callbacks, other) + 1;
    }
    array_insert(&callbacks, idx, &added, 1);
}

void lib_atexit_run(void)
{
    if (!array_is_created(&callbacks))
        return;
    /* a callback may add another one */
    while (array_not_empty(&callbacks)) {
        lib_atexit_callback_t *callback = array_front(&callbacks)->callback;

        array_pop_front(&callbacks);
        callback();
    }
    array_free(&callbacks);
}
