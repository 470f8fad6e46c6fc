/*
 * What scripts see of the plugin: cmd::build makes a command, its method run runs it.
 *
 * Building only reads options, so it is quick; running waits for a process, so it is not. A cmd
 * never changes once it is built: many threads may run the same one at the same time
 * (VSMTP_THREADSAFE).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "command.h"

VSMTP_PLUGIN("command", VSMTP_RELEASE("1.0.0") VSMTP_MODULE("cmd")
                            VSMTP_THREADSAFE VSMTP_DESCRIPTION("Runs programs, without a shell"))

VSMTP_OBJECT(cmd, "cmd", cmd_destroy, VSMTP_DOC("A program with its arguments, ready to be run."))

/** How much of each output a script gets. */
enum { OUTPUT_BYTES = 64 * 1024 };

static void out_signal_or_code(vsmtp_out *out, int status)
{
    bool exited = WIFEXITED(status);

    vsmtp_out_key(out, "has_code");
    vsmtp_out_bool(out, exited);
    vsmtp_out_key(out, "code");
    if (exited)
        vsmtp_out_int(out, WEXITSTATUS(status));
    else
        vsmtp_out_unit(out);
    vsmtp_out_key(out, "has_signal");
    vsmtp_out_bool(out, !exited);
    vsmtp_out_key(out, "signal");
    if (exited)
        vsmtp_out_unit(out);
    else
        vsmtp_out_int(out, WTERMSIG(status));
}

static void out_result(vsmtp_out *out, int status, const struct output *out_text,
                       const struct output *err_text)
{
    vsmtp_out_begin_map(out);
    out_signal_or_code(out, status);
    vsmtp_out_key(out, "stdout");
    vsmtp_out_string_n(out, out_text->bytes, out_text->used);
    vsmtp_out_key(out, "stderr");
    vsmtp_out_string_n(out, err_text->bytes, err_text->used);
    vsmtp_out_key(out, "truncated");
    vsmtp_out_bool(out, out_text->truncated || err_text->truncated);
    vsmtp_out_end(out);
}

static void fail_to_spawn(const char *program, struct spawn_failure failure)
{
    static const char *const steps[] = {
        [SPAWN_STDIO] = "its standard input and output could not be set up: ",
        [SPAWN_GROUPS] = "its supplementary groups could not be set: ",
        [SPAWN_GROUP] = "its group could not be set: ",
        [SPAWN_USER] = "its user could not be set: ",
        [SPAWN_EXEC] = "",
    };

    vsmtp_fail("cmd process failed to spawn: '%s': %s%s", program, steps[failure.step],
               strerror(failure.error));
}

static void run(const cmd *self, char *const *args, vsmtp_out *out)
{
    struct output out_text = {.bytes = malloc(OUTPUT_BYTES), .capacity = OUTPUT_BYTES};
    struct output err_text = {.bytes = malloc(OUTPUT_BYTES), .capacity = OUTPUT_BYTES};
    struct outcome outcome = {0};
    struct process process;

    if (out_text.bytes == NULL || err_text.bytes == NULL)
        vsmtp_fail("no memory for the output of '%s'", self->program);
    else if (process_spawn(self->program, args, &self->identity, &process) &&
             process_supervise(&process, self->timeout_ms, &out_text, &err_text, &outcome)) {
        if (outcome.failure.step != 0)
            fail_to_spawn(self->program, outcome.failure);
        else
            out_result(out, outcome.status, &out_text, &err_text);
    }
    free(out_text.bytes);
    free(err_text.bytes);
}

VSMTP_FUNCTION(cmd *, cmd_build, (const vsmtp_value *options),
               VSMTP_QUICK VSMTP_NAME("build")
               VSMTP_DOC("Makes a command of #{ command, args, timeout, user, group }.")
               VSMTP_DOC("Nothing is run yet. The timeout is 30s when left out."))
{
    return options_read(options);
}

VSMTP_FUNCTION(void, cmd_run, (const cmd *self, vsmtp_out *out),
               VSMTP_METHOD("cmd") VSMTP_NAME("run")
               VSMTP_DOC("Runs the command and waits for its end. Returns #{ has_code, code,")
               VSMTP_DOC("has_signal, signal, stdout, stderr, truncated }."))
{
    run(self, self->args, out);
}

VSMTP_FUNCTION(void, cmd_run_with, (const cmd *self, const vsmtp_value *args, vsmtp_out *out),
               VSMTP_METHOD("cmd") VSMTP_NAME("run")
               VSMTP_DOC("Runs the command with an array of other arguments in place of its own."))
{
    char **copies = strings_copy(args);

    if (copies != NULL)
        run(self, copies, out);
    strings_free(copies);
}

void cmd_destroy(cmd *self)
{
    cmd_free(self);
}
