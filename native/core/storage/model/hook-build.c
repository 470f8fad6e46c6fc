/*
 * The levels of a build: level 0 is the object's own table, the next ones are the tables at which
 * each plugin in turn pointed vlast. A slot is settled at a level when that table's function is
 * final: the plugin's own, or that of the nearest level inside that has one. Whatever is settled
 * at a level is settled at all levels outside of it, so that each pointer is written at most once
 * after a plugin has run.
 *
 * What plugins do otherwise than they should is in hook-stray.c.
 */
#include "hook-build-private.h"

static hook_build_observer_t *observer;
static void *observer_context;

/* A hook runs for every mailbox and mail that is allocated: what costs nothing when plugins keep
   the rule is looked at first, tables are compared whole, and slots are handled as the bits of a
   number. */

static size_t table_size(const struct hook_build *build)
{
    return build->kind->slot_count * sizeof(hook_slot_t);
}

static bool is_equal(const struct hook_build *build, const hook_slot_t *now,
                     const hook_slot_t *then)
{
    return memcmp(now, then, table_size(build)) == 0;
}

struct hook_build *hook_build_begin(const struct hook_build_kind *kind, void *v, void *vlast,
                                    unsigned int plugins)
{
    struct hook_build *build = t_malloc_no0(sizeof(*build));

    i_assert(kind->slot_count <= HOOK_BUILD_MAX_SLOTS);
    build->kind = kind;
    build->vlast = vlast;
    build->levels = t_new(struct hook_level, plugins + 1);
    build->level_max = plugins;
    build->top = 0;
    build->strays = NULL;
    build->doubtful = 0;
    build->levels[0].table = v;
    memcpy(vlast, &v, sizeof(v));
    return build;
}

void hook_build_before(struct hook_build *build)
{
    memcpy(build->saved_top, build->levels[build->top].table, table_size(build));
    if (build->top > 0)
        memcpy(build->saved_v, build->levels[0].table, table_size(build));
}

uint64_t hook_build_changed(const struct hook_build *build, const hook_slot_t *now,
                            const hook_slot_t *then)
{
    uint64_t changed = 0;

    for (unsigned int slot = 0; slot < build->kind->slot_count; slot++)
        changed |= (uint64_t)(now[slot] != then[slot]) << slot;
    return changed;
}

void hook_build_spread(struct hook_build *build, unsigned int inside, unsigned int slot)
{
    hook_slot_t function = build->levels[inside].table[slot];

    while (inside-- > 0 && (build->levels[inside].settled & UINT64_C(1) << slot) == 0)
        build->levels[inside].table[slot] = function;
}

/* The plugin owns these slots of the top table: they are final there, and outside of it where
   nobody owns them. */
static void settle(struct hook_build *build, uint64_t written)
{
    const hook_slot_t *functions = build->levels[build->top].table;

    build->levels[build->top].settled |= written;
    for (unsigned int level = build->top; level-- > 0;) {
        written &= ~build->levels[level].settled;
        if (written == 0)
            return;
        build->levels[level].settled |= written;
        for (uint64_t slots = written; slots != 0; slots &= slots - 1) {
            unsigned int slot = (unsigned int)__builtin_ctzll(slots);

            build->levels[level].table[slot] = functions[slot];
        }
    }
}

static void assert_not_null(const struct hook_build *build, uint64_t slots,
                            const hook_slot_t *table, const struct module *module)
{
    uint64_t nulls = 0;

    for (unsigned int slot = 0; slot < build->kind->slot_count; slot++)
        nulls |= (uint64_t)(table[slot] == NULL) << slot;
    if (unlikely((slots & nulls) != 0))
        i_panic("Plugin %s overrides %s.%s with NULL", hook_build_module_name(module),
                build->kind->name, build->kind->slots[__builtin_ctzll(slots & nulls)]);
}

static void assert_new_table(const struct hook_build *build, const hook_slot_t *table,
                             const struct module *module)
{
    bool known = table == NULL;

    for (unsigned int level = 0; level <= build->top; level++)
        known = known || build->levels[level].table == table;
    if (unlikely(known))
        i_panic("Plugin %s left %s->vlast at %s", hook_build_module_name(module), build->kind->name,
                table == NULL ? "NULL" : "the table of another plugin");
    i_assert(build->top < build->level_max);
}

void hook_build_after(struct hook_build *build, struct module *module)
{
    struct hook_level *top = &build->levels[build->top];
    bool v_unchanged = build->top == 0 || is_equal(build, build->levels[0].table, build->saved_v);
    uint64_t changed;
    hook_slot_t *next;

    memcpy(&next, build->vlast, sizeof(next));
    if (next == top->table && v_unchanged && is_equal(build, top->table, build->saved_top))
        return;
    changed = hook_build_changed(build, top->table, build->saved_top);
    assert_not_null(build, changed, top->table, module);
    if (!v_unchanged)
        assert_not_null(build, hook_build_changed(build, build->levels[0].table, build->saved_v),
                        build->levels[0].table, module);
    if (build->doubtful != 0)
        hook_build_warn_bypassed(build, changed);
    if (next == top->table) {
        hook_build_stray_writes(build, changed, module);
        return;
    }

    assert_new_table(build, next, module);
    if (!v_unchanged || !is_equal(build, next, build->saved_top))
        changed = hook_build_stray_writes_of_mover(build, changed, next, module);
    top->written = changed;
    top->module = module;
    settle(build, changed);
    build->levels[++build->top].table = next;
}

void hook_build_end(struct hook_build *build)
{
    void *none = NULL;

    memcpy(build->vlast, &none, sizeof(none));
    if (observer == NULL)
        return;
    T_BEGIN
    {
        observer(build->kind, hook_build_chains(build), observer_context);
    }
    T_END;
}

void hook_build_observe(hook_build_observer_t *callback, void *context)
{
    observer = callback;
    observer_context = context;
}
