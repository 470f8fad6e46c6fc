/*
 * Golden traces: in which order, and how nested, the core calls methods and hooks for what users do.
 *
 * A plugin that overrides everything writes down what it sees; the trace of an operation must be the
 * one in <operation>.txt beside this file, where lines that begin with # are for readers. Questions
 * about names and paths are left out: how often the core asks them is its own affair.
 */
#ifndef TEST_RECORDING_H
#define TEST_RECORDING_H

#include "mailbox/session.h"

#include "plugins/tracer.c"
#include "str.h"

static struct mail_user *user;
static char *recorded;
static size_t recorded_size;

static inline void record(void)
{
    tracer_output = open_memstream(&recorded, &recorded_size);
}

static inline void record_changes(struct mail_transaction_commit_changes *changes)
{
    trace("changes 0x%x", changes->changes_mask);
    pool_unref(&changes->pool);
}

static inline bool is_question(const char *line)
{
    while (*line == ' ')
        line++;
    return str_begins(line, "list.get_") || str_begins(line, "list.is_internal_name") ||
           str_begins(line, "mailbox.is_readonly") ||
           str_begins(line, "mailbox.get_private_flags_mask");
}

static inline const char *contract_of(const char *lines)
{
    string_t *contract = t_str_new(4096);

    for (const char *const *line = t_strsplit(lines, "\n"); *line != NULL; line++) {
        if (**line != '\0' && **line != '#' && !is_question(*line))
            str_printfa(contract, "%s\n", *line);
    }
    return str_c(contract);
}

static inline const char *golden(const char *operation)
{
    const char *folder = t_strdup_until(__FILE__, strrchr(__FILE__, '/'));
    const char *path = t_strdup_printf("%s/%s.txt", folder, operation);
    struct istream *input = i_stream_create_file(path, 65536);
    const unsigned char *data;
    size_t size;

    while (i_stream_read(input) > 0)
        ;
    data = i_stream_get_data(input, &size);
    path = t_strndup(data, size);
    i_stream_unref(&input);
    return path;
}

static inline void print_comment(const char *lines)
{
    for (const char *const *line = t_strsplit(lines, "\n"); *line != NULL; line++)
        printf("# %s\n", *line);
}

/* The operation that was recorded is over. */
static inline void compare(const char *operation)
{
    (void)fclose(tracer_output);
    tracer_output = fopen("/dev/null", "w");
    T_BEGIN
    {
        const char *got = contract_of(recorded);

        if (!ok(strcmp(got, contract_of(golden(operation))) == 0, "%s calls what %s.txt tells",
                operation, operation))
            print_comment(got);
    }
    T_END;
    free(recorded);
}

/** A user with two namespaces, "" and Archive/, and the tracer. */
static inline void traced_user(void)
{
    static const char *const settings[][3] = {
        {"1", "inbox", "yes"},
        {"1", "separator", "/"},
        {"2", "prefix", "Archive/"},
        {"2", "separator", "/"},
        {"2", "location", "maildir:~/Archive"},
    };
    struct mail_namespace_settings *first, *second;
    const char *error;

    session_begin();
    first = storage_settings_add_namespace(session_settings, "1");
    second = storage_settings_add_namespace(session_settings, "2");
    for (size_t i = 0; i < N_ELEMENTS(settings); i++) {
        if (storage_settings_set_namespace(session_settings,
                                           *settings[i][0] == '1' ? first : second, settings[i][1],
                                           settings[i][2], &error) < 0)
            i_fatal("%s", error);
    }
    session_plugin("tracer", tracer_plugin_init, tracer_plugin_deinit);
    record();
    user = session_user();
    compare("user-created");
}

static inline int traced_end(void)
{
    record();
    session_end(&user);
    (void)fclose(tracer_output);
    free(recorded);
    return done();
}

#endif
