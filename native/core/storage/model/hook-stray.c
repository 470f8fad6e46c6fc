/*
 * Plugins that write their functions where the rule does not say: straight into obj->v, as many
 * texts show it, or into the table at vlast without pointing vlast to a copy.
 *
 * Such a plugin kept the function it found in the place it wrote to, and calls that. So what it
 * wrote stands before what was there, and the chain stays whole if it is put into every table that
 * showed the same function. Only what a plugin calls that did both things in one hook cannot be
 * known: then the chain is kept free of loops, and a warning tells which plugins may have been
 * left out.
 */
#include "hook-build-private.h"

#include "array.h"
#include "module-dir.h"

/* Warned about already: a hook runs very often. */
struct warning {
    const struct hook_build_kind *kind;
    unsigned int slot;
    const struct module *module;
};

static ARRAY(struct warning) warnings;

const char *hook_build_module_name(const struct module *module)
{
    return module == NULL ? "(core)" : module->name;
}

static void forget_warnings(void)
{
    array_free(&warnings);
}

static bool is_new_warning(const struct hook_build *build, unsigned int slot,
                           const struct module *module)
{
    struct warning warning = {.kind = build->kind, .slot = slot, .module = module};
    const struct warning *known;

    if (!array_is_created(&warnings)) {
        i_array_init(&warnings, 8);
        lib_atexit(forget_warnings);
    }
    array_foreach(&warnings, known)
    {
        if (known->kind == build->kind && known->slot == slot && known->module == module)
            return FALSE;
    }
    array_push_back(&warnings, &warning);
    return TRUE;
}

static void warn(const struct hook_build *build, unsigned int slot, const struct module *module,
                 const char *what)
{
    if (!is_new_warning(build, slot, module))
        return;
    i_warning("Plugin %s: %s.%s %s. In a hook, copy *vlast, point vlast to the copy, and write "
              "into the table that vlast pointed to before",
              hook_build_module_name(module), build->kind->name, build->kind->slots[slot], what);
}

static void remember(struct hook_build *build, unsigned int slot, struct module *module,
                     bool outermost, hook_slot_t function, hook_slot_t previous)
{
    struct hook_stray *stray = t_new(struct hook_stray, 1);

    stray->earlier = build->strays;
    stray->module = module;
    stray->slot = slot;
    stray->outermost = outermost;
    stray->function = function;
    stray->previous = previous;
    build->strays = stray;
}

/* Written into the top table, vlast not moved: it now stands before what the core has. */
static void take_into_top(struct hook_build *build, unsigned int slot, struct module *module)
{
    remember(build, slot, module, FALSE, build->levels[build->top].table[slot],
             build->saved_top[slot]);
    hook_build_spread(build, build->top, slot);
}

/* Written into obj->v while vlast was elsewhere, and left there. */
static void take_into_v(struct hook_build *build, unsigned int slot, struct module *module)
{
    hook_slot_t function = build->levels[0].table[slot];
    bool owned = (build->levels[0].settled & UINT64_C(1) << slot) != 0;

    remember(build, slot, module, owned, function, build->saved_v[slot]);
    if (owned)
        return;
    for (unsigned int level = 1; level <= build->top; level++)
        build->levels[level].table[slot] = function;
}

void hook_build_stray_writes(struct hook_build *build, uint64_t changed, struct module *module)
{
    uint64_t changed_v = 0;

    if (build->top > 0)
        changed_v = hook_build_changed(build, build->levels[0].table, build->saved_v);
    for (uint64_t slots = changed; slots != 0; slots &= slots - 1) {
        unsigned int slot = (unsigned int)__builtin_ctzll(slots);
        uint64_t bit = UINT64_C(1) << slot;

        if ((changed_v & ~build->levels[0].settled & bit) != 0) {
            if (build->levels[0].table[slot] != build->levels[build->top].table[slot])
                warn(build, slot, module, "was written twice; the function in v is never called");
            changed_v &= ~bit;
        }
        take_into_top(build, slot, module);
    }
    for (; changed_v != 0; changed_v &= changed_v - 1)
        take_into_v(build, (unsigned int)__builtin_ctzll(changed_v), module);
}

/*
 * The copy shows something that was not in the table before: either the plugin wrote into the
 * table both before and after it made the copy, or it wrote into the copy, whose functions only it
 * calls itself.
 */
static void look_at_copy(struct hook_build *build, hook_slot_t *next, struct module *module)
{
    const hook_slot_t *top = build->levels[build->top].table;
    uint64_t slots = hook_build_changed(build, next, build->saved_top);

    for (; slots != 0; slots &= slots - 1) {
        unsigned int slot = (unsigned int)__builtin_ctzll(slots);

        if (next[slot] == top[slot])
            continue;
        if (top[slot] != build->saved_top[slot]) {
            remember(build, slot, module, FALSE, next[slot], build->saved_top[slot]);
            continue;
        }
        warn(build, slot, module, "was written into the plugin's own copy, where nobody calls it");
        next[slot] = build->saved_top[slot];
    }
}

/* Written into obj->v by a plugin that also moved vlast. Returns whether it is as if written at
   vlast. */
static bool take_from_v(struct hook_build *build, unsigned int slot, bool written,
                        struct module *module)
{
    struct hook_level *top = &build->levels[build->top];
    hook_slot_t function = build->levels[0].table[slot];

    if ((build->levels[0].settled & UINT64_C(1) << slot) != 0) {
        remember(build, slot, module, TRUE, function, build->saved_v[slot]);
        warn(
            build, slot, module,
            "was written into v, with vlast moved: overrides by plugins before it may not be called");
        return FALSE;
    }
    if (!written) {
        top->table[slot] = function;
        build->doubtful |= UINT64_C(1) << slot;
    } else if (top->table[slot] != function) {
        warn(build, slot, module, "was written twice; the function in v is never called");
    }
    return TRUE;
}

uint64_t hook_build_stray_writes_of_mover(struct hook_build *build, uint64_t changed,
                                          hook_slot_t *next, struct module *module)
{
    const hook_slot_t *top = build->levels[build->top].table;
    uint64_t written, slots = 0;

    look_at_copy(build, next, module);
    written = hook_build_changed(build, top, next);
    /* Those written before the copy was made are in the copy too. */
    for (uint64_t early = changed & ~written; early != 0; early &= early - 1)
        take_into_top(build, (unsigned int)__builtin_ctzll(early), module);
    if (build->top > 0)
        slots = hook_build_changed(build, build->levels[0].table, build->saved_v) &
                ~(changed & ~written);
    for (; slots != 0; slots &= slots - 1) {
        unsigned int slot = (unsigned int)__builtin_ctzll(slots);

        if (take_from_v(build, slot, (written & UINT64_C(1) << slot) != 0, module))
            written |= UINT64_C(1) << slot;
    }
    return written;
}

void hook_build_warn_bypassed(const struct hook_build *build, uint64_t written)
{
    for (uint64_t slots = written & build->doubtful; slots != 0; slots &= slots - 1) {
        unsigned int slot = (unsigned int)__builtin_ctzll(slots);

        for (unsigned int level = 0; level < build->top; level++) {
            if ((build->levels[level].written & UINT64_C(1) << slot) == 0)
                continue;
            warn(build, slot, build->levels[level].module,
                 "was written into v, with vlast moved: overrides by plugins behind it may not be "
                 "called");
            break;
        }
    }
}
