/*
 * A plugin that does what no plugin should: `quick` and `blocking` do one disaster each time, by its name. Compiled by
 * the tests beside it, which send mails through it and count what is left of them.
 */
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vsmtp/plugin.h>

VSMTP_PLUGIN("bad", VSMTP_RELEASE("6.6.6") VSMTP_DESCRIPTION("Does what no plugin should"))

static volatile int zero;
static int *volatile nowhere;
static volatile int kept = 7;

static int null_pointer(void)
{
    return *nowhere;
}

static int overflow(int depth)
{
    volatile char frame[4096];

    frame[0] = (char)depth;
    return depth < 0 ? 0 : overflow(depth + 1) + frame[0];
}

static int double_free(void)
{
    char *volatile memory = malloc(100);

    free(memory);
    free(memory);
    return 0;
}

_Noreturn static int hang(void)
{
    for (;;)
        pause();
}

_Noreturn static int spin(void)
{
    for (;;)
        kept++;
}

static int leak(void)
{
    char *volatile memory = malloc(1 << 20);

    memset(memory, 1, 1 << 20);
    return 0;
}

static void *crash_later(void *unused)
{
    usleep(50 * 1000);
    null_pointer();
    return unused;
}

static void *call_back_late(void *unused)
{
    for (int i = 0; i < 20; i++) {
        usleep(10 * 1000);
        vsmtp_log(VSMTP_LOG_INFO, "late line %d", i);
        vsmtp_fail("nobody is called any more");
    }
    return unused;
}

static int start(void *(*work)(void *))
{
    pthread_t thread;

    return pthread_create(&thread, NULL, work, NULL) == 0 ? pthread_detach(thread) : -1;
}

static int close_files(void)
{
    for (int fd = 0; fd <= 20; fd++)
        (void)close(fd);
    return 0;
}

static int corrupt_heap(void)
{
    char *volatile memory = malloc(24);

    memset(memory, 0x41, 4096);
    return 0;
}

static int disaster(const char *name)
{
    if (strcmp(name, "null") == 0)
        return null_pointer();
    if (strcmp(name, "overflow") == 0)
        return overflow(0);
    if (strcmp(name, "abort") == 0)
        abort();
    if (strcmp(name, "double-free") == 0)
        return double_free();
    if (strcmp(name, "divide") == 0)
        return kept / zero;
    if (strcmp(name, "hang") == 0)
        return hang();
    if (strcmp(name, "sleep") == 0)
        return usleep(200 * 1000);
    if (strcmp(name, "spin") == 0)
        return spin();
    if (strcmp(name, "leak") == 0)
        return leak();
    if (strcmp(name, "later") == 0)
        return start(crash_later);
    if (strcmp(name, "late-callback") == 0)
        return start(call_back_late);
    if (strcmp(name, "locale") == 0)
        return setlocale(LC_ALL, "C.UTF-8") == NULL;
    if (strcmp(name, "close") == 0)
        return close_files();
    if (strcmp(name, "corrupt-heap") == 0)
        return corrupt_heap();
    if (strcmp(name, "exit") == 0)
        exit(3);
    vsmtp_fail("there is no disaster %s", name);
    return -1;
}

VSMTP_FUNCTION(int, bad_quick, (const char *name), VSMTP_QUICK VSMTP_NAME("quick"))
{
    return disaster(name);
}

VSMTP_FUNCTION(int, bad_blocking, (const char *name), VSMTP_NAME("blocking"))
{
    return disaster(name);
}

VSMTP_FUNCTION(const char *, bad_text, (void), VSMTP_QUICK VSMTP_NAME("text"))
{
    return (const char *)0x10;
}

VSMTP_FUNCTION(void, bad_result, (vsmtp_out *out), VSMTP_QUICK VSMTP_NAME("result"))
{
    vsmtp_out_begin_array(out);
    vsmtp_out_int(out, 1);
}

VSMTP_FUNCTION(int, bad_nothing, (void), VSMTP_QUICK VSMTP_NAME("nothing"))
{
    return 0;
}
