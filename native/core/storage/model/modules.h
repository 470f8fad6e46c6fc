/*
 * The plugins of this process. The host finds, judges and loads files; here they are kept in the
 * order of their file names, begun and ended.
 */
#ifndef STORAGE_MODEL_MODULES_H
#define STORAGE_MODEL_MODULES_H

#include <stdbool.h>

struct module;

/**
 * Adds a plugin that is loaded. `path` is the file as the admin named it, `name` its base name
 * ("quota_plugin"); both are copied. Calls `preinit` (may be NULL) at once. A name can be there
 * only once: NULL, and an error in the log.
 */
struct module *modules_add(const char *path, const char *name, void (*preinit)(void),
                           void (*init)(struct module *module), void (*deinit)(void));
/** The same for a part of the core that behaves as a plugin; no user's settings need name it. */
struct module *modules_add_builtin(const char *path, const char *name,
                                   void (*init)(struct module *module), void (*deinit)(void));

/** Calls init of those that were not begun yet, in the order of their file names without `lib`. */
void modules_init_all(void);
/** Calls deinit of those that were begun, in the reverse order, and forgets all. */
void modules_deinit_all(void);

/** The first of them, in order; NULL. */
struct module *modules_list(void);
/** By plugin name ("quota") or base name ("quota_plugin"); NULL. */
struct module *modules_find(const char *name);
/** Whether the core brings it. */
bool modules_is_builtin(const struct module *module);

/** What orders plugins: the file's name without directory and `lib`. */
const char *modules_sort_key(const struct module *module);

#endif
