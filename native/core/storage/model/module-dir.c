/*
 * The names of plugins, and what plugins ask about each other's symbols.
 */
#include "lib.h"

#include "module-dir.h"

#include <dlfcn.h>

#define NAME_END "_plugin"

/* The length without `_plugin`: settings and dependencies name plugins both ways. */
static size_t plugin_name_length(const char *name)
{
    size_t length = strlen(name), end = strlen(NAME_END);

    if (length > end && strcmp(name + length - end, NAME_END) == 0)
        return length - end;
    return length;
}

const char *module_file_get_name(const char *fname)
{
    const char *name, *end;

    if (str_begins(fname, "lib"))
        fname += 3;
    for (name = fname; i_isdigit(*name); name++)
        ;
    if (*name == '_')
        fname = name + 1;
    end = strstr(fname, ".so");
    return end == NULL ? t_strdup(fname) : t_strdup_until(fname, end);
}

const char *module_get_plugin_name(struct module *module)
{
    return t_strndup(module->name, plugin_name_length(module->name));
}

struct module *module_dir_find(struct module *modules, const char *name)
{
    size_t length = plugin_name_length(name);

    for (struct module *module = modules; module != NULL; module = module->next) {
        if (plugin_name_length(module->name) == length && strncmp(module->name, name, length) == 0)
            return module;
    }
    return NULL;
}

/* The host has loaded the file: what holds the init function is it, under whatever name it was
   opened. */
static void *open_handle(const struct module *module)
{
    Dl_info info;

    if (module->init != NULL && dladdr((void *)(uintptr_t)module->init, &info) != 0 &&
        info.dli_fname != NULL)
        return dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    return dlopen(module->path, RTLD_LAZY | RTLD_NOLOAD);
}

void *module_get_symbol_quiet(struct module *module, const char *symbol)
{
    if (module->handle == NULL)
        module->handle = open_handle(module);
    if (module->handle == NULL)
        return NULL;
    (void)dlerror();
    return dlsym(module->handle, symbol);
}

void *module_get_symbol(struct module *module, const char *symbol)
{
    void *address = module_get_symbol_quiet(module, symbol);
    const char *why = dlerror();

    if (address == NULL)
        i_error("module %s: dlsym(%s) failed: %s", module->path, symbol,
                why != NULL ? why : "it is not loaded, or the symbol is NULL");
    return address;
}
