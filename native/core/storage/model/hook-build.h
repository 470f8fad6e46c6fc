/*
 * Builds the chains of an object's methods while plugins override them.
 *
 * A plugin copies the table at vlast to a `super` of its own, points vlast there, and writes its
 * functions into the old table. After each plugin the builder looks what was written and points
 * every outer table's slots, where nobody outside owns them, straight at the nearest owner inside:
 * a plugin costs nothing in slots it does not override.
 *
 * A function that was written without moving vlast, or straight into obj->v, is found and put into
 * the chain as well: every override of a slot is called, whatever the load order; where that
 * cannot be known for sure, a warning names plugin and slot.
 */
#ifndef STORAGE_MODEL_HOOK_BUILD_H
#define STORAGE_MODEL_HOOK_BUILD_H

#include "lib.h"

struct module;

/** The most slots that a table can have. */
#define HOOK_BUILD_MAX_SLOTS 64

/** A kind of object: its name and the names of the slots of its table. */
struct hook_build_kind {
    const char *name; /**< "mailbox", "mail", "mail_user", "mailbox_list", "mail_storage" */
    const char *const *slots;
    unsigned int slot_count;
};

extern const struct hook_build_kind hook_build_kind_user;
extern const struct hook_build_kind hook_build_kind_list;
extern const struct hook_build_kind hook_build_kind_storage;
extern const struct hook_build_kind hook_build_kind_mailbox;
extern const struct hook_build_kind hook_build_kind_mail;

/* ---- Building: begin, then before and after each plugin's hook, then end ------------------- */

/**
 * `v` is the object's table, `vlast` the address of its vlast, which is valid until end. At most
 * `plugins` hooks follow. The build lives in the data stack frame it was begun in, and ends in it.
 */
struct hook_build *hook_build_begin(const struct hook_build_kind *kind, void *v, void *vlast,
                                    unsigned int plugins);
void hook_build_before(struct hook_build *build);
/** `module`: whose hook it was; NULL: the core's own. */
void hook_build_after(struct hook_build *build, struct module *module);
void hook_build_end(struct hook_build *build);

/* ---- Looking on ---------------------------------------------------------------------------- */

typedef void hook_build_function_t(void);

/** One function of a chain. */
struct hook_build_link {
    struct module *module; /**< NULL: the core's or the driver's */
    hook_build_function_t *function;
};

/**
 * The chain of a slot, outermost first. The last link is the core's; no links: the slot is NULL.
 */
struct hook_build_chain {
    const char *slot;
    const struct hook_build_link *links;
    unsigned int link_count;
};

/** Is called at the end of each build; everything it gets lives until it returns. */
typedef void hook_build_observer_t(const struct hook_build_kind *kind,
                                   const struct hook_build_chain *chains, void *context);
/** One observer at a time; NULL: none. */
void hook_build_observe(hook_build_observer_t *observer, void *context);

#endif
