/*
 * The state of a build of chains, shared by the files it is written in.
 */
#ifndef STORAGE_MODEL_HOOK_BUILD_PRIVATE_H
#define STORAGE_MODEL_HOOK_BUILD_PRIVATE_H

#include "hook-build.h"

/** One slot of any table: the tables are structs of function pointers and nothing else. */
typedef hook_build_function_t *hook_slot_t __attribute__((__may_alias__));

struct hook_level {
    hook_slot_t *table;
    uint64_t settled;      /**< slots that are final in this table */
    uint64_t written;      /**< slots that `module` has overridden in this table */
    struct module *module; /**< who pointed vlast away from it; NULL: the core */
};

/** A function that was written, but not by the rule. */
struct hook_stray {
    struct hook_stray *earlier;
    struct module *module;
    unsigned int slot;
    bool outermost; /**< it stands before all others of its time, else behind all of them */
    hook_build_function_t *function, *previous;
};

struct hook_build {
    const struct hook_build_kind *kind;
    void *vlast; /**< address of the object's vlast */

    struct hook_level *levels;
    unsigned int top, level_max;

    /* Before the hook that runs now. */
    hook_slot_t saved_top[HOOK_BUILD_MAX_SLOTS], saved_v[HOOK_BUILD_MAX_SLOTS];

    struct hook_stray *strays;
    /** Slots whose plugin may not call what comes behind it, see hook_build_warn_bypassed(). */
    uint64_t doubtful;
};

/** Slots in which two tables differ. */
uint64_t hook_build_changed(const struct hook_build *build, const hook_slot_t *now,
                            const hook_slot_t *then);
/** Copies a slot of one level to the levels outside of it where it is not settled. */
void hook_build_spread(struct hook_build *build, unsigned int inside, unsigned int slot);

/** After a hook that left vlast alone: what it has written all the same. */
void hook_build_stray_writes(struct hook_build *build, uint64_t changed, struct module *module);
/**
 * After a hook that pointed vlast at `next`: mends what was written into the wrong table. Returns
 * the slots that the plugin overrides in the top table.
 */
uint64_t hook_build_stray_writes_of_mover(struct hook_build *build, uint64_t changed,
                                          hook_slot_t *next, struct module *module);
/** A plugin overrides these slots: warns when one before it may never call it. */
void hook_build_warn_bypassed(const struct hook_build *build, uint64_t written);

/** The chains of all slots, for the observer; on the data stack. */
const struct hook_build_chain *hook_build_chains(const struct hook_build *build);

const char *hook_build_module_name(const struct module *module);

#endif
