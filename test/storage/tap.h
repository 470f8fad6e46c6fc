/*
 * TAP for the C tests of the storage core: each claim prints a line, done() prints how many there
 * were.
 *
 *     ok(list_is_empty(&list), "a new list is empty");
 *     is_int(list_count(&list), 0, "a new list has %s", "no items");
 *     return done();
 */
#ifndef TEST_TAP_H
#define TEST_TAP_H

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned int tap_count, tap_failures;

__attribute__((__format__(__printf__, 2, 0))) static inline bool
tap_line(bool passed, const char *format, va_list args)
{
    printf("%s %u - ", passed ? "ok" : "not ok", ++tap_count);
    vprintf(format, args);
    putchar('\n');
    if (!passed)
        tap_failures++;
    return passed;
}

/** Claims that `passed` is true; the rest is the claim as a sentence. */
__attribute__((__format__(__printf__, 2, 3))) static inline bool ok(bool passed, const char *format,
                                                                    ...)
{
    va_list args;

    va_start(args, format);
    tap_line(passed, format, args);
    va_end(args);
    return passed;
}

/** Claims that both numbers are equal. */
__attribute__((__format__(__printf__, 3, 4))) static inline bool
is_int(intmax_t got, intmax_t wanted, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (!tap_line(got == wanted, format, args))
        printf("#   got %" PRIdMAX ", wanted %" PRIdMAX "\n", got, wanted);
    va_end(args);
    return got == wanted;
}

/** Claims that both texts are equal, or both NULL. */
__attribute__((__format__(__printf__, 3, 4))) static inline bool
is_str(const char *got, const char *wanted, const char *format, ...)
{
    bool same = got == NULL || wanted == NULL ? got == wanted : strcmp(got, wanted) == 0;
    va_list args;

    va_start(args, format);
    if (!tap_line(same, format, args)) {
        printf("#   got:    %s\n#   wanted: %s\n", got == NULL ? "NULL" : got,
               wanted == NULL ? "NULL" : wanted);
    }
    va_end(args);
    return same;
}

/** How a child process that calls `function` ends: 0 if it returns, an exit status, or minus a
 *  signal; what it logs is thrown away. */
static inline int child_end(void (*function)(void))
{
    int status;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        int null = open("/dev/null", O_WRONLY);

        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)dup2(null, STDOUT_FILENO);
        (void)dup2(null, STDERR_FILENO);
        function();
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1000;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/** Whether a child process that calls `function` panics. */
static inline bool panics(void (*function)(void))
{
    return child_end(function) == -SIGABRT;
}

/** Prints the plan; the result is main()'s. */
static inline int done(void)
{
    printf("1..%u\n", tap_count);
    return tap_failures == 0 ? 0 : 1;
}

#endif
