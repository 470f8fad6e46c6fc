/*
 * The notify module, which is a part of the core: modules_init_all() starts it like a plugin of the
 * number 15.
 */
#ifndef STORAGE_NOTIFY_H
#define STORAGE_NOTIFY_H

void notify_builtin_add(void);

#endif
