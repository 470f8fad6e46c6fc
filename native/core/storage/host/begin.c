/*
 * The beginning and the end of the storage: plugins begin before the first user and end after the
 * last one.
 */
#include "host/operation.h"

#include "array.h"
#include "module-dir.h"

#include "host/ask.h"
#include "host/deliver.h"
#include "host/events.h"
#include "host/operations.h"
#include "host/policy.h"
#include "host/session.h"
#include "io/log-sink.h"
#include "model/modules.h"
#include "notify/notify.h"

/* A function of a plugin, by its address; NULL. */
static void *function_at(const vsmtp_value *plugin, const char *key)
{
    return (void *)(uintptr_t)value_number(plugin, key, 0);
}

typedef void begin_function(void);
typedef void init_function(struct module *module);

static int add_plugin(struct operation *operation, const vsmtp_value *plugin)
{
    const char *path = value_text(plugin, "path", "");
    struct module *module =
        modules_add(path, value_text(plugin, "base", ""),
                    __extension__(begin_function *) function_at(plugin, "preinit"),
                    __extension__(init_function *) function_at(plugin, "init"),
                    __extension__(begin_function *) function_at(plugin, "deinit"));

    if (module != NULL)
        return 0;
    return operation_fail(operation, MAIL_ERROR_TEMP, "%s has the name of another plugin", path);
}

static int add_plugins(struct operation *operation)
{
    vsmtp_value plugins;
    vsmtp_cursor cursor;

    if (!vsmtp_map_get(&operation->arguments, "plugins", &plugins))
        return 0;
    for (vsmtp_iterate(&plugins, &cursor); vsmtp_next(&cursor);) {
        if (add_plugin(operation, &cursor.value) < 0)
            return -1;
    }
    return 0;
}

int operation_begin(struct operation *operation)
{
    int64_t deadline = value_number(&operation->arguments, "deadline", 10000);

    storage_log_debug(value_flag(&operation->arguments, "debug"));
    ask_within((unsigned int)I_MAX(0, I_MIN(deadline, INT_MAX)));
    notify_builtin_add();
    if (value_flag(&operation->arguments, "ask"))
        policy_builtin_add();
    policy_ask(true);
    if (add_plugins(operation) < 0)
        return -1;
    modules_init_all();
    return 0;
}

int operation_questions(struct operation *operation)
{
    policy_ask(value_flag(&operation->arguments, "wanted"));
    return 0;
}

int operation_end(struct operation *operation)
{
    sessions_end(operation);
    deliver_end();
    events_want(FALSE);
    modules_deinit_all();
    return 0;
}
