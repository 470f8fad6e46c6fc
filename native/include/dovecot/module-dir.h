/*
 * A loaded plugin. vSMTP finds, judges and loads plugins itself; what is here is what plugins ask
 * about themselves and each other.
 */
#ifndef MODULE_DIR_H
#define MODULE_DIR_H

#include "lib.h"

/** Lives until the process ends; plugins are never unloaded. */
struct module {
    char *path; /**< of the file */
    char *name; /**< "quota_plugin": the file's name without `lib`, `NN_` and `.so` */
    void *handle;

    void (*init)(struct module *module);
    void (*deinit)(void);

    bool initialized : 1;

    struct module *next;
};

DOVECOT_API_BEGIN

/** Finds a module of the list by its plugin name ("quota"), NULL when it is not there. */
struct module *module_dir_find(struct module *modules, const char *name);

/** The address of a symbol of the plugin, NULL when it has none; the first form logs that. */
void *module_get_symbol(struct module *module, const char *symbol);
void *module_get_symbol_quiet(struct module *module, const char *symbol);

/** "lib11_quota_plugin.so" → "quota_plugin", on the data stack. */
const char *module_file_get_name(const char *fname);

/** The name that settings use: "quota", on the data stack. */
const char *module_get_plugin_name(struct module *module);

DOVECOT_API_END

#endif
