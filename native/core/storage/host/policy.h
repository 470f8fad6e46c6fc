/*
 * The rules of the host in front of every plugin. Private to host/.
 */
#ifndef STORAGE_HOST_POLICY_H
#define STORAGE_HOST_POLICY_H

#include "lib.h"

/**
 * Adds the module, before modules_init_all(). Only where somebody has rules: each operation is
 * asked for.
 */
void policy_builtin_add(void);

/** Whether mailboxes that are allocated from now on ask. They do unless it is said. */
void policy_ask(bool wanted);

#endif
