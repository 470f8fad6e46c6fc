/*
 * The list of plugins, kept in the order of their file names. Nothing is loaded or unloaded here.
 */
#include "model/modules.h"

#include "lib.h"

#include "module-dir.h"

#include <dlfcn.h>

struct core_module {
    struct module module; /* first: what plugins see */
    bool builtin;
};

static struct module *modules;

const char *modules_sort_key(const struct module *module)
{
    const char *slash = strrchr(module->path, '/');
    const char *file = slash == NULL ? module->path : slash + 1;

    return str_begins(file, "lib") ? file + 3 : file;
}

bool modules_is_builtin(const struct module *module)
{
    for (const struct module *known = modules; known != NULL; known = known->next) {
        if (known == module)
            return ((const struct core_module *)known)->builtin;
    }
    return FALSE;
}

struct module *modules_list(void)
{
    return modules;
}

struct module *modules_find(const char *name)
{
    return module_dir_find(modules, name);
}

static void insert(struct module *module)
{
    struct module **place = &modules;

    while (*place != NULL && strcmp(modules_sort_key(*place), modules_sort_key(module)) <= 0)
        place = &(*place)->next;
    module->next = *place;
    *place = module;
}

static struct module *add(const char *path, const char *name, void (*preinit)(void),
                          void (*init)(struct module *), void (*deinit)(void), bool builtin)
{
    const struct module *known = modules_find(name);
    struct core_module *added;

    if (known != NULL) {
        i_error("Multiple files for module %s: %s, %s", name, known->path, path);
        return NULL;
    }
    added = i_new(struct core_module, 1);
    added->builtin = builtin;
    added->module.path = i_strdup(path);
    added->module.name = i_strdup(name);
    added->module.init = init;
    added->module.deinit = deinit;
    insert(&added->module);
    if (preinit != NULL)
        preinit();
    return &added->module;
}

struct module *modules_add(const char *path, const char *name, void (*preinit)(void),
                           void (*init)(struct module *module), void (*deinit)(void))
{
    return add(path, name, preinit, init, deinit, FALSE);
}

struct module *modules_add_builtin(const char *path, const char *name,
                                   void (*init)(struct module *module), void (*deinit)(void))
{
    return add(path, name, NULL, init, deinit, TRUE);
}

void modules_init_all(void)
{
    for (struct module *module = modules; module != NULL; module = module->next) {
        if (module->initialized)
            continue;
        module->initialized = TRUE;
        if (module->init == NULL)
            continue;
        T_BEGIN
        {
            module->init(module);
        }
        T_END;
    }
}

static void free_module(struct module *module)
{
    if (module->handle != NULL)
        (void)dlclose(module->handle); /* gives back what module_get_symbol() took, no more */
    i_free(module->path);
    i_free(module->name);
    i_free(module);
}

void modules_deinit_all(void)
{
    struct module *reversed = NULL, *next;

    for (struct module *module = modules; module != NULL; module = next) {
        next = module->next;
        module->next = reversed;
        reversed = module;
    }
    modules = NULL;
    for (struct module *module = reversed; module != NULL; module = module->next) {
        if (!module->initialized || module->deinit == NULL)
            continue;
        T_BEGIN
        {
            module->deinit();
        }
        T_END;
    }
    for (struct module *module = reversed; module != NULL; module = next) {
        next = module->next;
        free_module(module);
    }
}
