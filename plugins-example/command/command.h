/*
 * command: runs programs for rules. What its parts know of each other:
 *
 *     plugin.c     what vSL sees: cmd::build, run
 *     options.c    the map given to cmd::build → a cmd
 *     duration.c   "1h 30m" → milliseconds
 *     identity.c   names of a user and a group → what the kernel wants to know of them
 *     spawn.c      fork and exec: starts the process in a group of its own
 *     supervise.c  reads what it prints, ends it when its time is over
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <sys/types.h>

#include <vsmtp/plugin.h>

/** Text that a process printed, as far as it is kept. */
struct output {
    char *bytes; /**< malloc'ed, `capacity` bytes */
    size_t capacity;
    size_t used;
    bool truncated; /**< more was printed, read and dropped */
};

/** Whom a process runs as. */
struct identity {
    bool given; /**< false: as the server itself */
    uid_t uid;
    gid_t gid;
    gid_t *groups; /**< supplementary ones, malloc'ed */
    size_t group_count;
};

/**
 * A command that can be run any number of times, at the same time too: nothing in it changes after
 * cmd_build. `typedef`ed because VSMTP_OBJECT and scripts' error messages name the type.
 */
typedef struct cmd {
    char *program;
    char **args; /**< without the program; ended by NULL */
    int64_t timeout_ms;
    struct identity identity;
} cmd;

/** A process that was started, and the ends of its pipes that are ours. */
struct process {
    pid_t pid; /**< of the group too */
    int out;
    int err;
    int report; /**< gives a struct spawn_failure when the program could not be executed */
};

/** Why a child could not become the program. */
struct spawn_failure {
    int32_t step;  /**< enum spawn_step */
    int32_t error; /**< errno */
};

enum spawn_step { SPAWN_STDIO = 1, SPAWN_GROUPS, SPAWN_GROUP, SPAWN_USER, SPAWN_EXEC };

/** What became of a process. */
struct outcome {
    int status;                   /**< as waitpid gives it */
    struct spawn_failure failure; /**< step 0: the program was executed */
};

/* All of these report errors with vsmtp_fail, and then return NULL or false. */

/** Reads the options of cmd::build. The result is freed by cmd_free. */
cmd *options_read(const vsmtp_value *options);

/** An array of strings as a malloc'ed, NULL-ended vector; freed by strings_free. */
char **strings_copy(const vsmtp_value *array);

/** Frees a vector and its strings; NULL is allowed. */
void strings_free(char **strings);

/** Frees a command, half made ones too; NULL is allowed. */
void cmd_free(cmd *self);

/** Reads a duration such as "30s" or "1h 30m" into milliseconds. */
bool duration_parse(const char *text, int64_t *milliseconds);

/**
 * Looks up a user and a group; NULL for a name: not given. Fills `identity`, whose groups the
 * caller frees.
 */
bool identity_find(const char *user, const char *group, struct identity *identity);

/**
 * Starts a program: a path, or a name to be looked up in PATH. `args` does not hold the program.
 */
bool process_spawn(const char *program, char *const *args, const struct identity *identity,
                   struct process *process);

/**
 * Reads what the process prints until it has ended or its time is over, which ends all of its
 * group. Closes the pipes and reaps the process.
 */
bool process_supervise(struct process *process, int64_t timeout_ms, struct output *out,
                       struct output *err, struct outcome *outcome);

#endif
