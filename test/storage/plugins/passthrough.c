/*
 * A plugin that does nothing, everywhere. Compiled many times, with -DPLUGIN=<name>, it makes plugins
 * between which nothing may get lost.
 */
#include "lib.h"

#ifndef PLUGIN
#define PLUGIN passthrough
#endif
#define BEFORE_METHOD(kind, method, object, text) (void)0
#define AFTER_METHOD (void)0
#define IN_HOOK(kind, hook, object) (void)0

#include "every-method.h"
