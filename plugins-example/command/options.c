/*
 * Reads the map that a script gives to cmd::build, and copies what must outlive the call.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"

static const char default_timeout[] = "30s";

static bool is_known(const char *key)
{
    static const char *const known[] = {"command", "args", "timeout", "user", "group"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(key, known[i]) == 0)
            return true;
    return false;
}

static bool check_keys(const vsmtp_value *options)
{
    vsmtp_cursor cursor;

    if (vsmtp_type(options) != VSMTP_MAP) {
        vsmtp_fail(
            "cmd::build takes a map such as #{ command: \"echo\", args: [\"hello\"] }, not %s",
            vsmtp_type_name(vsmtp_type(options)));
        return false;
    }
    for (vsmtp_iterate(options, &cursor); vsmtp_next(&cursor);)
        if (!is_known(cursor.key)) {
            vsmtp_fail(
                "unknown option `%s`: cmd::build knows command, args, timeout, user and group",
                cursor.key);
            return false;
        }
    return true;
}

char **strings_copy(const vsmtp_value *array)
{
    char **strings = calloc(vsmtp_count(array) + 1, sizeof *strings);
    size_t used = 0;
    vsmtp_cursor cursor;

    if (strings == NULL) {
        vsmtp_fail("no memory for the arguments");
        return NULL;
    }
    if (vsmtp_type(array) != VSMTP_ARRAY)
        vsmtp_fail("the arguments must be an array of strings, not %s",
                   vsmtp_type_name(vsmtp_type(array)));
    for (vsmtp_iterate(array, &cursor); !vsmtp_failed() && vsmtp_next(&cursor);) {
        const char *text = vsmtp_as_string(&cursor.value, NULL);

        if (text != NULL)
            strings[used] = strdup(text);
        if (text == NULL && vsmtp_type(&cursor.value) == VSMTP_STRING)
            vsmtp_fail("argument %zu holds a NUL character, which no program can be given",
                       used + 1);
        else if (text == NULL)
            vsmtp_fail("all cmd arguments must be strings: argument %zu is of type %s", used + 1,
                       vsmtp_type_name(vsmtp_type(&cursor.value)));
        else if (strings[used++] == NULL)
            vsmtp_fail("no memory for the arguments");
    }
    if (!vsmtp_failed())
        return strings;
    strings_free(strings);
    return NULL;
}

void strings_free(char **strings)
{
    for (size_t i = 0; strings != NULL && strings[i] != NULL; i++)
        free(strings[i]);
    free(strings);
}

static bool read_program(const vsmtp_value *options, cmd *self)
{
    const char *program = vsmtp_map_required_string(options, "command");

    if (program == NULL)
        return false;
    if (*program == '\0') {
        vsmtp_fail("option `command` is empty: name a program");
        return false;
    }
    self->program = strdup(program);
    if (self->program == NULL)
        vsmtp_fail("no memory for the command");
    return self->program != NULL;
}

static bool read_args(const vsmtp_value *options, cmd *self)
{
    static const vsmtp_value none = {NULL, NULL};
    vsmtp_value args = none;

    if (vsmtp_map_array(options, "args", &args))
        self->args = strings_copy(&args);
    else if (!vsmtp_failed())
        self->args = calloc(1, sizeof *self->args);
    return self->args != NULL;
}

cmd *options_read(const vsmtp_value *options)
{
    cmd *self;

    if (!check_keys(options))
        return NULL;
    self = calloc(1, sizeof *self);
    if (self == NULL) {
        vsmtp_fail("no memory for a command");
        return NULL;
    }
    if (read_program(options, self) && read_args(options, self)) {
        const char *timeout = vsmtp_map_string(options, "timeout", default_timeout);
        const char *user = vsmtp_map_string(options, "user", NULL);
        const char *group = vsmtp_map_string(options, "group", NULL);

        if (!vsmtp_failed() && duration_parse(timeout, &self->timeout_ms) &&
            identity_find(user, group, &self->identity))
            return self;
    }
    cmd_free(self);
    return NULL;
}

void cmd_free(cmd *self)
{
    if (self == NULL)
        return;
    free(self->program);
    strings_free(self->args);
    free(self->identity.groups);
    free(self);
}
