/*
 * hook_build: plugins of every kind of manners, in every order, override the slots of a table, and
 * each override is called exactly once.
 *
 * The functions are real ones: each writes down that it was called and goes on to what its plugin
 * has kept.
 */
#include "lib.h"

#include "model/hook-build.h"
#include "module-dir.h"
#include "tap.h"

enum { SLOTS = 4, PLUGINS = 20, CORE = PLUGINS };

struct table {
    hook_build_function_t *slot[SLOTS];
};

/* How a plugin writes its functions. */
enum manner {
    BY_THE_RULE,     /* copies *vlast, moves vlast, writes into the old table */
    INTO_V,          /* writes into obj->v and keeps what was there */
    INTO_VLAST,      /* writes into *vlast, leaves vlast where it is, and keeps what was there */
    BOTH_USING_COPY, /* by the rule, but `others` into obj->v; goes on with its copy */
    BOTH_USING_OWN,  /* the same, but keeps what was in obj->v */
};

struct plugin {
    struct module module;
    enum manner manner;
    unsigned int slots, others; /* masks */
    struct table super;
    hook_build_function_t *kept[SLOTS];
    unsigned int keeps; /* mask of kept */
};

static struct plugin plugins[PLUGINS];
static const char *const slot_names[SLOTS] = {"a", "b", "c", "null"};
static const struct hook_build_kind kind = {"thing", slot_names, SLOTS};

/* Who was called, in order. */
static unsigned int calls[PLUGINS * 4], call_count;
static bool looping;

static void call(unsigned int who, unsigned int slot)
{
    hook_build_function_t *next;

    if (call_count == N_ELEMENTS(calls)) {
        looping = TRUE;
        return;
    }
    calls[call_count++] = who;
    if (who == CORE)
        return;
    next = (plugins[who].keeps & 1U << slot) != 0 ? plugins[who].kept[slot]
                                                  : plugins[who].super.slot[slot];
    if (next != NULL)
        next();
}

#define FUNCTIONS(who)           \
    static void who##_a(void)    \
    {                            \
        call(who, 0);            \
    }                            \
    static void who##_b(void)    \
    {                            \
        call(who, 1);            \
    }                            \
    static void who##_c(void)    \
    {                            \
        call(who, 2);            \
    }                            \
    static void who##_null(void) \
    {                            \
        call(who, 3);            \
    }
#define NAMES(who) {{who##_a, who##_b, who##_c, who##_null}},

enum { P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, P15, P16, P17, P18, P19 };
#define EACH_PLUGIN(do)                                                                     \
    do                                                                                      \
    (P0) do(P1) do(P2) do(P3) do(P4) do(P5) do(P6) do(P7) do(P8) do(P9) do(P10) do(P11) do( \
        P12) do(P13) do(P14) do(P15) do(P16) do(P17) do(P18) do(P19)

EACH_PLUGIN(FUNCTIONS)

static const struct table functions[PLUGINS] = {EACH_PLUGIN(NAMES)};

static void core_a(void)
{
    call(CORE, 0);
}

static void core_b(void)
{
    call(CORE, 1);
}

static void core_c(void)
{
    call(CORE, 2);
}

static const struct table core_table = {{core_a, core_b, core_c, NULL}};

struct thing {
    struct table v, *vlast;
};

/* ---- A build -------------------------------------------------------------------------------- */

static void write_slots(struct plugin *plugin, struct table *table, unsigned int slots, bool keep)
{
    for (unsigned int slot = 0; slot < SLOTS; slot++) {
        if ((slots & 1U << slot) == 0)
            continue;
        if (keep) {
            plugin->kept[slot] = table->slot[slot];
            plugin->keeps |= 1U << slot;
        }
        table->slot[slot] = functions[plugin - plugins].slot[slot];
    }
}

static void run_hook(struct plugin *plugin, struct thing *thing)
{
    struct table *v = thing->vlast;

    plugin->keeps = 0;
    switch (plugin->manner) {
    case INTO_V:
        write_slots(plugin, &thing->v, plugin->slots, TRUE);
        return;
    case INTO_VLAST:
        write_slots(plugin, thing->vlast, plugin->slots, TRUE);
        return;
    case BY_THE_RULE:
    case BOTH_USING_COPY:
    case BOTH_USING_OWN:
        plugin->super = *v;
        thing->vlast = &plugin->super;
        write_slots(plugin, v, plugin->slots, FALSE);
        write_slots(plugin, &thing->v, plugin->others, plugin->manner == BOTH_USING_OWN);
        return;
    }
}

static void build_thing(struct thing *thing, unsigned int count)
{
    struct hook_build *build;

    thing->v = core_table;
    T_BEGIN
    {
        build = hook_build_begin(&kind, &thing->v, &thing->vlast, count);
        for (unsigned int i = 0; i < count; i++) {
            if (plugins[i].slots == 0 && plugins[i].others == 0)
                continue;
            hook_build_before(build);
            run_hook(&plugins[i], thing);
            hook_build_after(build, &plugins[i].module);
        }
        hook_build_end(build);
    }
    T_END;
}

static bool overrides(const struct plugin *plugin, unsigned int slot)
{
    return ((plugin->slots | plugin->others) & 1U << slot) != 0;
}

static void call_slot(const struct table *table, unsigned int slot)
{
    call_count = 0;
    if (table->slot[slot] != NULL)
        table->slot[slot]();
}

/* How many of those that must be called once are not. */
static unsigned int count_lost(unsigned int slot, unsigned int count)
{
    unsigned int times[PLUGINS + 1] = {0}, lost = 0;

    for (unsigned int i = 0; i < call_count; i++)
        times[calls[i]]++;
    for (unsigned int i = 0; i < count; i++) {
        if (times[i] != (overrides(&plugins[i], slot) ? 1 : 0))
            lost++;
    }
    if (times[CORE] != (core_table.slot[slot] != NULL ? 1 : 0))
        lost++;
    return lost;
}

/* ---- Watching ------------------------------------------------------------------------------- */

static unsigned int warning_count;
static char last_warning[512];

static void count_warning(const struct failure_context *ctx, const char *format, va_list args)
{
    if (ctx->type == LOG_TYPE_WARNING)
        warning_count++;
    (void)vsnprintf(last_warning, sizeof(last_warning), format, args);
}

static unsigned int seen[SLOTS][PLUGINS * 4], seen_count[SLOTS];

static void remember_chains(const struct hook_build_kind *seen_kind,
                            const struct hook_build_chain *chains, void *context ATTR_UNUSED)
{
    i_assert(seen_kind == &kind);
    for (unsigned int slot = 0; slot < SLOTS; slot++) {
        seen_count[slot] = chains[slot].link_count;
        for (unsigned int i = 0; i < chains[slot].link_count; i++) {
            const struct module *module = chains[slot].links[i].module;

            seen[slot][i] =
                module == NULL
                    ? CORE
                    : (unsigned int)((const struct plugin *)(const void *)module - plugins);
        }
    }
}

static bool is_seen_as_called(unsigned int slot)
{
    return seen_count[slot] == call_count &&
           memcmp(seen[slot], calls, call_count * sizeof(calls[0])) == 0;
}

/* ---- All manners ---------------------------------------------------------------------------- */

/* Every way to override two slots: manners and masks. */
static const struct {
    enum manner manner;
    unsigned int slots, others;
} ways[] = {
    {BY_THE_RULE, 0, 0},     {BY_THE_RULE, 1, 0},     {BY_THE_RULE, 2, 0},
    {BY_THE_RULE, 3, 0},     {INTO_V, 1, 0},          {INTO_V, 2, 0},
    {INTO_V, 3, 0},          {INTO_VLAST, 1, 0},      {INTO_VLAST, 2, 0},
    {INTO_VLAST, 3, 0},      {BOTH_USING_COPY, 1, 2}, {BOTH_USING_COPY, 2, 1},
    {BOTH_USING_COPY, 0, 3}, {BOTH_USING_OWN, 1, 2},  {BOTH_USING_OWN, 2, 1},
    {BOTH_USING_OWN, 0, 3},
};

static void choose(unsigned int plugin, unsigned int way)
{
    plugins[plugin].manner = ways[way].manner;
    plugins[plugin].slots = ways[way].slots;
    plugins[plugin].others = ways[way].others;
}

static bool is_mannered(unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        if (plugins[i].manner >= BOTH_USING_COPY)
            return FALSE;
    }
    return TRUE;
}

/*
 * Keeps what it found in v, and moves vlast all the same: as long as v is where vlast points to,
 * that looks like the rule, and only the plugin knows that it goes around those that come later.
 */
static bool hides_what_it_calls(unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        if (plugins[i].manner == BOTH_USING_OWN)
            return TRUE;
        if (plugins[i].manner == BOTH_USING_COPY ||
            (plugins[i].manner == BY_THE_RULE && plugins[i].slots != 0))
            return FALSE; /* vlast was moved */
    }
    return FALSE;
}

static void all_ways_of_four_plugins(void)
{
    const unsigned int way_count = N_ELEMENTS(ways), count = 4;
    unsigned int builds = 0, lost_silently = 0, needless = 0, misreported = 0, loops = 0;
    unsigned int number[4] = {0};
    struct thing thing;

    do {
        for (unsigned int i = 0; i < count; i++)
            choose(i, number[i]);
        warning_count = 0;
        looping = FALSE;
        build_thing(&thing, count);
        builds++;
        for (unsigned int slot = 0; slot < 2; slot++) {
            unsigned int lost;

            call_slot(&thing.v, slot);
            lost = count_lost(slot, count);
            if (lost > 0 &&
                (is_mannered(count) || (warning_count == 0 && !hides_what_it_calls(count))))
                lost_silently++;
            if (lost == 0 && !is_seen_as_called(slot))
                misreported++;
        }
        if (warning_count > 0 && is_mannered(count))
            needless++;
        loops += looping ? 1 : 0;
        lib_atexit_run(); /* forgets which warnings were given */
        for (unsigned int i = 0; i < count && ++number[i] == way_count; i++)
            number[i] = 0;
    } while (number[0] + number[1] + number[2] + number[3] > 0);

    is_int(builds, 16 * 16 * 16 * 16, "four plugins override two slots in every way and order");
    is_int(lost_silently, 0,
           "no override is lost without a warning, and none at all among those "
           "that write in one place");
    is_int(loops, 0, "no function is called by itself");
    is_int(needless, 0, "plugins that write in one place are not warned about");
    is_int(misreported, 0, "the observer sees the chain that is called");
}

/* ---- By the rule ---------------------------------------------------------------------------- */

static void expect_order(unsigned int slot, unsigned int first, unsigned int count,
                         unsigned int *wrong)
{
    unsigned int at = 0;

    for (unsigned int i = first; i < count; i++) {
        if (!overrides(&plugins[i], slot))
            continue;
        if (at >= call_count || calls[at++] != i)
            ++*wrong;
    }
    if (core_table.slot[slot] != NULL && (at >= call_count || calls[at++] != CORE))
        ++*wrong;
    if (at != call_count)
        ++*wrong;
}

/* The chain from outside, and from what each plugin has kept, whether it overrides the slot or
   not. */
static void check_all_chains(const struct thing *thing, unsigned int count, unsigned int *wrong)
{
    for (unsigned int slot = 0; slot < SLOTS; slot++) {
        call_slot(&thing->v, slot);
        expect_order(slot, 0, count, wrong);
        for (unsigned int i = 0; i < count; i++) {
            if (plugins[i].slots == 0)
                continue;
            call_slot(&plugins[i].super, slot);
            expect_order(slot, i + 1, count, wrong);
        }
    }
}

static void all_subsets_of_few_plugins(void)
{
    struct thing thing;
    unsigned int wrong = 0, builds = 0;

    for (unsigned int count = 1; count <= 4; count++) {
        for (unsigned int subsets = 0; subsets < 1U << (SLOTS * count); subsets++) {
            for (unsigned int i = 0; i < count; i++) {
                plugins[i].manner = BY_THE_RULE;
                plugins[i].slots = subsets >> (SLOTS * i) & 15;
                plugins[i].others = 0;
            }
            build_thing(&thing, count);
            check_all_chains(&thing, count, &wrong);
            builds++;
        }
    }
    is_int(builds, 16 + 256 + 4096 + 65536,
           "one to four plugins override all subsets of four slots");
    is_int(wrong, 0,
           "every chain, also one that a plugin enters at its super, is complete and in "
           "the order of the plugins");
}

/* Repeatable: the same numbers in every run. */
static unsigned int next_random(void)
{
    static uint64_t state = 20231105;

    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned int)(state >> 33);
}

static void many_plugins(void)
{
    struct thing thing;
    unsigned int wrong = 0;

    for (unsigned int round = 0; round < 1000; round++) {
        unsigned int count = 2 + round % (PLUGINS - 1);

        for (unsigned int i = 0; i < count; i++) {
            plugins[i].manner = BY_THE_RULE;
            plugins[i].slots = next_random() & 15;
            plugins[i].others = 0;
        }
        build_thing(&thing, count);
        check_all_chains(&thing, count, &wrong);
    }
    is_int(wrong, 0, "two to twenty plugins with random subsets: every chain is complete");
}

static void many_plugins_of_all_manners(void)
{
    struct thing thing;
    unsigned int lost = 0;

    looping = FALSE;
    for (unsigned int round = 0; round < 4000; round++) {
        unsigned int count = 2 + round % (PLUGINS - 1);

        for (unsigned int i = 0; i < count; i++) {
            plugins[i].manner = (enum manner)(next_random() % 3);
            plugins[i].slots = next_random() & 15;
            plugins[i].others = 0;
        }
        build_thing(&thing, count);
        for (unsigned int slot = 0; slot < SLOTS; slot++) {
            call_slot(&thing.v, slot);
            lost += count_lost(slot, count);
        }
    }
    is_int(lost, 0,
           "two to twenty plugins that write in all places: every override is called once");
    ok(!looping, "and none by itself");
}

/* ---- One thing at a time -------------------------------------------------------------------- */

static void worked_example(void)
{
    struct thing thing;

    choose(0, 1); /* P0 overrides a */
    choose(1, 3); /* P1 overrides a and b */
    build_thing(&thing, 2);
    ok(thing.v.slot[0] == P0_a && thing.v.slot[1] == P1_b && thing.v.slot[2] == core_c,
       "a slot that the outer plugin does not override leads straight to the inner one");
    ok(plugins[0].super.slot[0] == P1_a && plugins[0].super.slot[1] == P1_b,
       "what the outer plugin kept leads to the inner plugin, in its own slots and in others");
    ok(plugins[1].super.slot[0] == core_a && plugins[1].super.slot[2] == core_c,
       "what the innermost plugin kept is the core's");
    ok(thing.vlast == NULL, "vlast is NULL after the build");
}

static void null_slots(void)
{
    struct thing thing;

    plugins[0].manner = plugins[1].manner = BY_THE_RULE;
    plugins[0].slots = 1;
    plugins[1].slots = 8;
    plugins[0].others = plugins[1].others = 0;
    build_thing(&thing, 2);
    ok(thing.v.slot[3] == P1_null && plugins[0].super.slot[3] == P1_null,
       "a slot that was NULL can be overridden");
    ok(plugins[1].super.slot[3] == NULL, "the plugin finds NULL behind it");
    is_int(seen_count[3], 1, "the core is not in the chain of a slot that it left NULL");
}

static void direct_write_between_two(void)
{
    struct thing thing;

    plugins[0].manner = plugins[2].manner = BY_THE_RULE;
    plugins[1].manner = INTO_V;
    plugins[0].slots = 2; /* moves vlast */
    plugins[1].slots = 1;
    plugins[2].slots = 1; /* the original loses P1.a here */
    plugins[0].others = plugins[1].others = plugins[2].others = 0;
    build_thing(&thing, 3);
    call_slot(&thing.v, 0);
    ok(call_count == 3 && calls[0] == 2 && calls[1] == 1 && calls[2] == CORE,
       "a function written into v stays in the chain when a later plugin overrides the slot");
    call_slot(&plugins[0].super, 0);
    ok(call_count == 3,
       "and an outer plugin that does not override the slot finds it at its super");
}

static void override_with_null(void)
{
    struct thing thing = {.v = core_table};
    struct hook_build *build = hook_build_begin(&kind, &thing.v, &thing.vlast, 1);

    hook_build_before(build);
    plugins[0].super = *thing.vlast;
    thing.vlast = &plugins[0].super;
    thing.v.slot[1] = NULL;
    hook_build_after(build, &plugins[0].module);
}

static void write_null_into_v(void)
{
    struct thing thing = {.v = core_table};
    struct hook_build *build = hook_build_begin(&kind, &thing.v, &thing.vlast, 1);

    hook_build_before(build);
    thing.v.slot[1] = NULL;
    hook_build_after(build, &plugins[0].module);
}

static void forget_vlast(void)
{
    struct thing thing = {.v = core_table};
    struct hook_build *build = hook_build_begin(&kind, &thing.v, &thing.vlast, 1);

    hook_build_before(build);
    thing.vlast = NULL;
    hook_build_after(build, &plugins[0].module);
}

static void move_vlast_back(void)
{
    struct thing thing = {.v = core_table};
    struct hook_build *build = hook_build_begin(&kind, &thing.v, &thing.vlast, 2);

    for (unsigned int i = 0; i < 2; i++) {
        hook_build_before(build);
        plugins[i].super = *thing.vlast;
        thing.vlast = i == 0 ? &plugins[0].super : &thing.v;
        hook_build_after(build, &plugins[i].module);
    }
}

static void warnings_name_plugin_and_slot(void)
{
    struct thing thing;

    choose(0, 1);                       /* P0 overrides a by the rule */
    plugins[1].manner = BOTH_USING_OWN; /* P1 overrides b by the rule, and a in v */
    plugins[1].slots = 2;
    plugins[1].others = 1;
    warning_count = 0;
    build_thing(&thing, 2);
    is_int(warning_count, 1, "a function in v from a plugin that moved vlast is warned about");
    ok(strstr(last_warning, "Plugin") != NULL, "the warning is a sentence about a plugin");
    warning_count = 0;
    build_thing(&thing, 2);
    is_int(warning_count, 0, "the same plugin and slot are warned about once");
    lib_atexit_run();
}

static void own_copy_written(void)
{
    struct thing thing = {.v = core_table};
    struct hook_build *build;

    warning_count = 0;
    T_BEGIN
    {
        build = hook_build_begin(&kind, &thing.v, &thing.vlast, 2);
        hook_build_before(build);
        plugins[0].super = *thing.vlast;
        thing.vlast = &plugins[0].super;
        plugins[0].super.slot[0] = P0_a; /* meant for the table that vlast pointed to */
        hook_build_after(build, &plugins[0].module);
        choose(1, 1);
        hook_build_before(build);
        run_hook(&plugins[1], &thing);
        hook_build_after(build, &plugins[1].module);
        hook_build_end(build);
    }
    T_END;
    is_int(warning_count, 1, "a function in the plugin's own copy is warned about");
    call_slot(&thing.v, 0);
    ok(call_count == 2 && calls[0] == 1 && calls[1] == CORE, "and takes no other plugin's place");
    lib_atexit_run();
}

static void nested_builds(void)
{
    struct thing outer = {.v = core_table}, inner;
    struct hook_build *build;

    choose(1, 3);
    T_BEGIN
    {
        build = hook_build_begin(&kind, &outer.v, &outer.vlast, 1);
        hook_build_before(build);
        plugins[0].manner = BY_THE_RULE;
        plugins[0].slots = 0;
        plugins[0].others = 0;
        build_thing(&inner, 2); /* as when a hook allocates another mailbox */
        plugins[0].slots = 1;
        run_hook(&plugins[0], &outer);
        hook_build_after(build, &plugins[0].module);
        hook_build_end(build);
    }
    T_END;
    ok(outer.v.slot[0] == P0_a && outer.v.slot[1] == core_b, "a build goes on after one inside it");
    ok(inner.v.slot[0] == P1_a && inner.v.slot[1] == P1_b, "and the one inside is its own");
}

int main(void)
{
    static char names[PLUGINS][8];

    lib_init();
    i_set_error_handler(count_warning);
    hook_build_observe(remember_chains, NULL);
    for (unsigned int i = 0; i < PLUGINS; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "p%u", i);
        plugins[i].module.name = names[i];
    }
    worked_example();
    null_slots();
    direct_write_between_two();
    all_subsets_of_few_plugins();
    many_plugins();
    many_plugins_of_all_manners();
    all_ways_of_four_plugins();
    warnings_name_plugin_and_slot();
    own_copy_written();
    nested_builds();
    ok(panics(override_with_null), "overriding with NULL panics");
    ok(panics(write_null_into_v), "so does NULL written into v");
    ok(panics(forget_vlast), "so does a hook that leaves vlast NULL");
    ok(panics(move_vlast_back), "so does vlast at a table of somebody else");
    hook_build_observe(NULL, NULL);
    lib_deinit();
    return done();
}
