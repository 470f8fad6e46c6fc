/*
 * The list of plugins: names, order, beginning and ending, symbols.
 */
#include "lib.h"

#include "model/modules.h"
#include "module-dir.h"
#include "str.h"
#include "tap.h"

#include <dlfcn.h>

static string_t *trace;

static const char *take_trace(void)
{
    const char *text = t_strdup(str_c(trace));

    str_truncate(trace, 0);
    return text;
}

static void begun(struct module *module)
{
    str_printfa(trace, "%s ", module->name);
}

static void preinit(void)
{
    str_append(trace, "preinit ");
}

#define ENDS(name)                    \
    static void name##_deinit(void)   \
    {                                 \
        str_append(trace, #name " "); \
    }
ENDS(a)
ENDS(b)
ENDS(c)

static void names(void)
{
    struct module module = {.name = NULL};
    char plain[] = "quota", full[] = "imap_quota_plugin", short_one[] = "_plugin";

    is_str(module_file_get_name("lib11_quota_plugin.so"), "quota_plugin", "lib and NN_ go");
    is_str(module_file_get_name("95_quota_plugin.so"), "quota_plugin", "without lib");
    is_str(module_file_get_name("lib_quota_plugin.so"), "quota_plugin", "without digits");
    is_str(module_file_get_name("lib2fa_plugin.so"), "2fa_plugin", "digits of a name stay");
    is_str(module_file_get_name("quota_plugin"), "quota_plugin", "without .so");
    module.name = full;
    is_str(module_get_plugin_name(&module), "imap_quota", "settings use the name without _plugin");
    module.name = plain;
    is_str(module_get_plugin_name(&module), "quota", "if it has that");
    module.name = short_one;
    is_str(module_get_plugin_name(&module), "_plugin", "and is something without it");
}

static void life(void)
{
    struct module *late;

    (void)modules_add("/p/lib90_b_plugin.so", "b_plugin", NULL, begun, b_deinit);
    (void)modules_add("/q/10_a_plugin.so", "a_plugin", preinit, begun, a_deinit);
    is_str(take_trace(), "preinit ", "preinit runs when a plugin is added");
    modules_init_all();
    is_str(take_trace(), "a_plugin b_plugin ", "init in the order of the files' names without lib");
    late = modules_add("/r/lib50_c_plugin.so", "c_plugin", NULL, begun, c_deinit);
    modules_init_all();
    is_str(take_trace(), "c_plugin ", "once for each");
    ok(late->initialized && modules_list()->next == late, "the list is in that order too");
    ok(modules_find("c") == late && modules_find("c_plugin") == late && modules_find("d") == NULL,
       "a plugin is found by both names");
    ok(module_dir_find(modules_list(), "c") == late, "by plugins too");
}

static char last_error[512];

static void remember(const struct failure_context *ctx ATTR_UNUSED, const char *format,
                     va_list args)
{
    (void)vsnprintf(last_error, sizeof(last_error), format, args);
}

static void same_name(void)
{
    ok(modules_add("/s/lib60_c_plugin.so", "c_plugin", NULL, begun, c_deinit) == NULL,
       "a name can be there only once");
    is_str(last_error,
           "Multiple files for module c_plugin: /r/lib50_c_plugin.so, /s/lib60_c_plugin.so",
           "the error names both files");
}

static void ending(void)
{
    modules_deinit_all();
    is_str(take_trace(), "b c a ", "deinit runs in the reverse order");
    ok(modules_list() == NULL, "and the list is empty");
}

/* A library that is loaded anyway stands for a plugin's file: nothing of it is called. */
static void symbols(void)
{
    void *library = dlopen("libm.so.6", RTLD_NOW), *cosine = NULL;
    void (*function)(struct module *) = NULL;
    struct module *module;

    if (library != NULL)
        cosine = dlsym(library, "cos");
    memcpy(&function, &cosine, sizeof(function));
    module = modules_add("/nowhere/lib20_m_plugin.so", "m_plugin", NULL, function, NULL);
    ok(cosine != NULL && module_get_symbol(module, "sin") == dlsym(library, "sin"),
       "a symbol is found in the file that holds init, whatever its name");
    *last_error = '\0';
    ok(module_get_symbol_quiet(module, "no_such_symbol") == NULL && *last_error == '\0',
       "one that is not there is NULL");
    ok(module_get_symbol(module, "no_such_symbol") == NULL &&
           strstr(last_error, "lib20_m_plugin.so") != NULL &&
           strstr(last_error, "no_such_symbol") != NULL,
       "and logged when that is wanted: %s", last_error);
    modules_deinit_all();
    (void)dlclose(library);
}

int main(void)
{
    lib_init();
    i_set_error_handler(remember);
    trace = str_new(default_pool, 128);
    names();
    life();
    same_name();
    ending();
    symbols();
    str_free(&trace);
    lib_deinit();
    return done();
}
