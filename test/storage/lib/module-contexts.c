/* Module contexts: numbers, slots, both kinds of contexts, and what panics. */
#include "module-context.h"

#include "tap.h"

struct thing_module_register {
    unsigned int id;
};
struct thing;
struct thing_vfuncs {
    int (*answer)(struct thing *thing);
};
union thing_module_context {
    struct thing_vfuncs super;
    struct thing_module_register *reg;
};
struct thing {
    struct thing_vfuncs v;
    ARRAY(union thing_module_context *) module_contexts;
};
/* another kind of object with the same register, as mailboxes and transactions have */
union part_module_context {
    struct thing_module_register *reg;
};
struct part {
    ARRAY(union part_module_context *) module_contexts;
};

static struct thing_module_register thing_module_register = {0};

static MODULE_CONTEXT_DEFINE_INIT(first_module, &thing_module_register);
static MODULE_CONTEXT_DEFINE_INIT(second_module, &thing_module_register);
extern MODULE_CONTEXT_DEFINE(shared_module, &thing_module_register);
struct shared_module shared_module = MODULE_CONTEXT_INIT(&thing_module_register);

struct first_thing {
    union thing_module_context module_ctx;
    int number;
};
struct first_part {
    int before;
    union part_module_context module_ctx;
};

#define FIRST_CONTEXT(obj) MODULE_CONTEXT(obj, first_module)
#define FIRST_CONTEXT_REQUIRE(obj) MODULE_CONTEXT_REQUIRE(obj, first_module)

static struct thing *thing_create(pool_t pool)
{
    struct thing *thing = p_new(pool, struct thing, 1);

    p_array_init(&thing->module_contexts, pool, 5);
    return thing;
}

static void test_numbers(pool_t pool)
{
    struct thing *thing = thing_create(pool);

    ok(!first_module.id.module_id_set, "a plugin has no number at first");
    ok(MODULE_CONTEXT(thing, second_module) == NULL, "an object has no context at first");
    is_int(second_module.id.module_id, 0, "numbers are taken in the order of use");
    ok(FIRST_CONTEXT(thing) == NULL, "also by asking");
    is_int(first_module.id.module_id, 1, "the next one is the next number");
    is_int(thing_module_register.id, 2, "the register counts them");
    ok(FIRST_CONTEXT(thing) == NULL && thing_module_register.id == 2, "each plugin takes one only");
}

static void test_contexts(pool_t pool)
{
    struct thing *thing = thing_create(pool), *other = thing_create(pool);
    const struct thing *constant = thing;
    struct first_thing *context = p_new(pool, struct first_thing, 1), *found;
    union thing_module_context *self = p_new(pool, union thing_module_context, 1);
    struct part part;
    struct first_part *part_context = p_new(pool, struct first_part, 1);

    context->number = 42;
    MODULE_CONTEXT_SET(thing, first_module, context);
    found = FIRST_CONTEXT(thing);
    ok(found == context && found->number == 42, "a context that was set is found");
    ok(((struct first_thing *)MODULE_CONTEXT(thing, first_module)) == found, "with a cast too");
    ok(MODULE_CONTEXT(constant, first_module) == context, "also in a constant object");
    ok(FIRST_CONTEXT_REQUIRE(thing) == context, "and where it is required");
    ok(FIRST_CONTEXT(other) == NULL, "other objects have none");
    ok(MODULE_CONTEXT(thing, second_module) == NULL, "nor have other plugins");

    if (self != NULL)
        MODULE_CONTEXT_SET_SELF(thing, shared_module, self);
    else
        MODULE_CONTEXT_UNSET(thing, shared_module);
    ok(MODULE_CONTEXT(thing, shared_module) == self, "a union alone is a context");
    ok(MODULE_CONTEXT(thing, second_module) == NULL, "slots between contexts are empty");

    p_array_init(&part.module_contexts, pool, 5);
    MODULE_CONTEXT_SET(&part, first_module, part_context);
    ok(FIRST_CONTEXT(&part) == part_context, "one number is valid in objects of two kinds");
    ok(FIRST_CONTEXT(thing) == context, "which have contexts of their own");

    context = p_new(pool, struct first_thing, 1);
    MODULE_CONTEXT_SET(thing, first_module, context);
    ok(FIRST_CONTEXT(thing) == context, "setting again replaces");
    MODULE_CONTEXT_UNSET(thing, first_module);
    ok(FIRST_CONTEXT(thing) == NULL, "unsetting takes away");
    MODULE_CONTEXT_UNSET(other, first_module);
    is_int(array_count(&other->module_contexts), 0, "where nothing was set it does nothing");
}

static void require_missing(void)
{
    (void)FIRST_CONTEXT_REQUIRE(thing_create(default_pool));
}

static void require_empty_slot(void)
{
    struct thing *thing = thing_create(default_pool);
    union thing_module_context self;

    (void)MODULE_CONTEXT(thing, second_module);
    MODULE_CONTEXT_SET_SELF(thing, shared_module, &self);
    (void)MODULE_CONTEXT_REQUIRE(thing, second_module);
}

int main(void)
{
    pool_t pool;

    lib_init();
    pool = pool_alloconly_create("things", 1024);
    test_numbers(pool);
    test_contexts(pool);
    ok(panics(require_missing), "requiring a context that was never set panics");
    ok(panics(require_empty_slot), "requiring one from an empty slot does too");
    pool_unref(&pool);
    lib_deinit();
    return done();
}
