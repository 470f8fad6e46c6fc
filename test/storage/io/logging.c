/*
 * Log lines: where they go, what they say of their origin, and how the process ends.
 */
#include "tap.h"

#include "io/log-sink.h"
#include "lib.h"
#include "net.h"

struct line {
    char file[256], text[256];
    int level;
    unsigned int count;
};

static void keep(const char *file, int level, const char *text, void *context)
{
    struct line *line = context;

    (void)i_strocpy(line->file, file, sizeof line->file);
    (void)i_strocpy(line->text, text, sizeof line->text);
    line->level = level;
    line->count++;
}

static void test_levels(struct line *line)
{
    i_debug("%s", "a debug line");
    is_int(line->level, 20, "debug lines have level 20");
    is_str(line->text, "a debug line", "and their text");
    i_info("info %d", 1);
    is_int(line->level, 30, "info lines have level 30");
    i_warning("warning");
    is_int(line->level, 40, "warnings have level 40");
    errno = ENOENT;
    i_error("open() failed: %m");
    is_int(line->level, 50, "errors have level 50");
    is_str(line->text, "open() failed: No such file or directory", "and may use %%m");
    is_int(errno, ENOENT, "errno is kept");
}

static void test_prefix(struct line *line)
{
    i_set_failure_prefix("lmtp(%d): ", 42);
    i_info("delivered");
    is_str(line->text, "lmtp(42): delivered", "the process's prefix stands before each line");
    i_log_type(&(struct failure_context){.type = LOG_TYPE_INFO, .log_prefix = "own: "}, "line");
    is_str(line->text, "own: line", "unless a line has its own");
    i_unset_failure_prefix();
    is_str(i_get_failure_prefix(), "", "it can be taken away");
}

static void test_origin(struct line *line)
{
    struct log_origin origin = {"in this program", NULL};

    i_info("who am I?");
    ok(strstr(line->file, "logging") != NULL, "a line names the file that logged it");
    origin.format = gai_strerror(EAI_AGAIN);
    ok(strstr(log_origin_file(&origin), "libc") != NULL, "which is the one that owns the format");
    origin.format = line;
    origin.caller = (const void *)(uintptr_t)gai_strerror;
    ok(strstr(log_origin_file(&origin), "libc") != NULL, "or else the one that called");
    origin.caller = NULL;
    is_str(log_origin_file(&origin), "", "or nobody");
}

static unsigned int seen;

static void see_and_pass_on(const struct failure_context *ctx, const char *format, va_list args)
{
    seen++;
    default_error_handler(ctx, format, args);
}

static void log_within_a_line(const struct failure_context *ctx, const char *format, va_list args)
{
    i_error("in between");
    default_error_handler(ctx, format, args);
}

static void test_handlers(struct line *line)
{
    failure_callback_t *fatal, *error, *info, *debug;

    i_set_error_handler(see_and_pass_on);
    i_error("an error");
    i_warning("a warning");
    i_info("not this");
    is_int(seen, 2, "an error handler sees errors and warnings");
    i_get_failure_handlers(&fatal, &error, &info, &debug);
    ok(error == see_and_pass_on && info == default_error_handler, "handlers can be asked for");
    line->count = 0;
    i_set_error_handler(log_within_a_line);
    i_error("outer");
    is_int(line->count, 2, "a handler may log");
    is_str(line->text, "outer", "without losing its line");
    i_set_error_handler(NULL);
}

static void end_fatally(void)
{
    i_fatal("enough");
}

static void end_with_status(void)
{
    i_fatal_status(77, "enough");
}

static void change_status(int *status)
{
    *status = 3;
}

static void end_with_changed_status(void)
{
    i_set_failure_exit_callback(change_status);
    i_fatal("enough");
}

static void end_by_assertion(void)
{
    i_assert(1 == 2);
}

static void end_unreached(void)
{
    i_unreached();
}

static void panic_again(const struct failure_context *ctx ATTR_UNUSED,
                        const char *format ATTR_UNUSED, va_list args ATTR_UNUSED)
{
    i_panic("again");
}

static void panic_in_handler(void)
{
    i_set_fatal_handler(panic_again);
    i_panic("first");
}

static void test_ends(void)
{
    is_int(child_end(end_fatally), FATAL_DEFAULT, "i_fatal exits");
    is_int(child_end(end_with_status), 77, "i_fatal_status with a status");
    is_int(child_end(end_with_changed_status), 3, "which the exit callback may change");
    ok(panics(end_by_assertion), "a wrong assertion aborts");
    ok(panics(end_unreached), "so does an unreachable place");
    ok(panics(panic_in_handler), "and a panic within a panic");
}

int main(void)
{
    struct line line = {.count = 0};

    lib_init();
    storage_log_to(keep, &line);
    test_levels(&line);
    test_prefix(&line);
    test_origin(&line);
    test_handlers(&line);
    test_ends();
    storage_log_to(NULL, NULL);
    lib_deinit();
    return done();
}
