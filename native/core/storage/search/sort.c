/*
 * Sorting matches (sort.h): their keys are taken while the mail is at hand, and compared at the end.
 */
#include "search/sort.h"

#include "array.h"
#include "search/sort-key.h"

/** As many criteria as there are. */
#define PROGRAM_MAX 11

struct sort_node {
    uint32_t seq;
    const struct sort_key *keys; /**< one for each criterion */
};
ARRAY_DEFINE_TYPE(sort_node, struct sort_node);

struct mail_search_sort_program {
    pool_t pool;
    enum mail_sort_type types[PROGRAM_MAX];
    unsigned int count;
    ARRAY_TYPE(sort_node) nodes;
    unsigned int next;
    bool failed;
};

/** Whose nodes are being compared: qsort() has no place for it. */
static const struct mail_search_sort_program *comparing;

/** A criterion that was there already cannot make a difference. */
static void add_type(struct mail_search_sort_program *program, enum mail_sort_type type)
{
    for (unsigned int i = 0; i < program->count; i++) {
        if ((program->types[i] & MAIL_SORT_MASK) == (type & MAIL_SORT_MASK))
            return;
    }
    i_assert(program->count < PROGRAM_MAX);
    program->types[program->count++] = type;
}

struct mail_search_sort_program *
index_sort_program_init(struct mailbox_transaction_context *t ATTR_UNUSED,
                        const enum mail_sort_type *sort_program)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "sort program", 4096);
    struct mail_search_sort_program *program = p_new(pool, struct mail_search_sort_program, 1);

    program->pool = pool;
    for (; *sort_program != MAIL_SORT_END; sort_program++)
        add_type(program, *sort_program);
    i_array_init(&program->nodes, 128);
    return program;
}

int index_sort_program_deinit(struct mail_search_sort_program **_program)
{
    struct mail_search_sort_program *program = *_program;
    int ret = program->failed ? -1 : 0;
    pool_t pool = program->pool;

    *_program = NULL;
    array_free(&program->nodes);
    pool_unref(&pool);
    return ret;
}

void index_sort_list_add(struct mail_search_sort_program *program, struct mail *mail)
{
    struct sort_key *keys = p_new(program->pool, struct sort_key, program->count);
    struct sort_node node = {mail->seq, keys};

    for (unsigned int i = 0; i < program->count; i++) {
        if (sort_key_get(mail, program->types[i], program->pool, &keys[i]) < 0 && !mail->expunged)
            program->failed = TRUE;
    }
    array_push_back(&program->nodes, &node);
}

static int node_cmp(const struct sort_node *node1, const struct sort_node *node2)
{
    for (unsigned int i = 0; i < comparing->count; i++) {
        int cmp = sort_key_cmp(&node1->keys[i], &node2->keys[i]);

        if (cmp != 0)
            return (comparing->types[i] & MAIL_SORT_FLAG_REVERSE) != 0 ? -cmp : cmp;
    }
    return node1->seq < node2->seq ? -1 : 1;
}

void index_sort_list_finish(struct mail_search_sort_program *program)
{
    comparing = program;
    array_sort(&program->nodes, node_cmp);
    comparing = NULL;
}

bool index_sort_list_next(struct mail_search_sort_program *program, uint32_t *seq_r)
{
    if (program->next == array_count(&program->nodes))
        return FALSE;
    *seq_r = array_idx(&program->nodes, program->next++)->seq;
    return TRUE;
}
