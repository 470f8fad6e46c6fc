/*
 * The finished build as chains of functions, for whoever wants to see them.
 */
#include "hook-build-private.h"

/* The table's own function of a level, not what somebody wrote over it later. */
static hook_build_function_t *written_at(const struct hook_build *build, unsigned int level,
                                         unsigned int slot)
{
    hook_build_function_t *function = build->levels[level].table[slot];

    if (level > 0)
        return function;
    for (const struct hook_stray *stray = build->strays; stray != NULL; stray = stray->earlier) {
        if (stray->slot == slot && stray->outermost)
            function = stray->previous;
    }
    return function;
}

static unsigned int add_strays(const struct hook_build *build, unsigned int slot, bool outermost,
                               struct hook_build_link *links, hook_build_function_t **previous_r)
{
    unsigned int count = 0;

    for (const struct hook_stray *stray = build->strays; stray != NULL; stray = stray->earlier) {
        if (stray->slot != slot || stray->outermost != outermost)
            continue;
        links[count].module = stray->module;
        links[count++].function = stray->function;
        *previous_r = stray->previous;
    }
    return count;
}

static void make_chain(const struct hook_build *build, unsigned int slot, unsigned int max_links,
                       struct hook_build_chain *chain_r)
{
    struct hook_build_link *links = t_new(struct hook_build_link, max_links);
    hook_build_function_t *ignored = NULL, *innermost = build->levels[build->top].table[slot];
    unsigned int count = add_strays(build, slot, TRUE, links, &ignored);

    for (unsigned int level = 0; level < build->top; level++) {
        if ((build->levels[level].written & UINT64_C(1) << slot) == 0)
            continue;
        links[count].module = build->levels[level].module;
        links[count++].function = written_at(build, level, slot);
    }
    count += add_strays(build, slot, FALSE, links + count, &innermost);
    if (innermost != NULL)
        links[count++].function = innermost;
    chain_r->slot = build->kind->slots[slot];
    chain_r->links = links;
    chain_r->link_count = count;
}

const struct hook_build_chain *hook_build_chains(const struct hook_build *build)
{
    struct hook_build_chain *chains = t_new(struct hook_build_chain, build->kind->slot_count);
    unsigned int max_links = build->top + 1;

    for (const struct hook_stray *stray = build->strays; stray != NULL; stray = stray->earlier)
        max_links++;
    for (unsigned int slot = 0; slot < build->kind->slot_count; slot++)
        make_chain(build, slot, max_links, &chains[slot]);
    return chains;
}
