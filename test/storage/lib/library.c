/* Beginning and ending of the library, removing files, random numbers. */
#include "lib.h"

#include "tap.h"

static char order[16];
static unsigned int called;

static void last(void)
{
    order[called++] = '3';
}

static void middle(void)
{
    order[called++] = '2';
}

static void first(void)
{
    order[called++] = '1';
    lib_atexit(middle);
}

static void remove_directory(void)
{
    _exit(i_unlink("/") == -1 && i_unlink_if_exists("/") == -1 ? 7 : 8);
}

static void assert_false(void)
{
    i_assert(order[0] == 'x');
}

int main(void)
{
    bool below = TRUE, within = TRUE;

    ok(!lib_is_initialized(), "the library is not initialized by itself");
    lib_init();
    lib_init();
    ok(lib_is_initialized() && dev_null_fd >= 0, "it can be initialized more than once");
    lib_deinit();
    ok(lib_is_initialized(), "the last end counts");

    (void)fclose(fopen("file", "w"));
    is_int(i_unlink("file"), 0, "a file is removed");
    is_int(i_unlink_if_exists("file"), 0, "one that is not there need not be");
    (void)fclose(fopen("file", "w"));
    is_int(i_unlink_if_exists("file"), 1, "if it is, that is told");
    is_int(child_end(remove_directory), 7, "errors are told");

    for (int i = 0; i < 1000; i++) {
        uint32_t number = i_rand_minmax(5, 7);

        below = below && i_rand_limit(3) < 3;
        within = within && number >= 5 && number <= 7;
    }
    ok(below, "random numbers stay below their limit");
    ok(within, "or between two");
    ok(i_rand() != i_rand() || i_rand() != i_rand(), "and differ");
    ok(panics(assert_false), "an assertion that does not hold panics");

    lib_atexit_priority(last, LIB_ATEXIT_PRIORITY_LOW);
    lib_atexit(first);
    lib_atexit(first);
    lib_deinit();
    is_str(order, "123", "callbacks run at the end, by priority, each once");
    ok(!lib_is_initialized(), "the library has ended");
    return done();
}
