/* Arrays: every macro, with elements of several sizes; and linked lists. */
#include "array.h"

#include "bsearch-insert-pos.h"
#include "llist.h"
#include "sort.h"
#include "tap.h"

struct point {
    int x, y, z;
};

static int point_cmp(const struct point *a, const struct point *b)
{
    return a->x - b->x;
}

static int point_key(const int *key, const struct point *point)
{
    return *key - point->x;
}

static int point_factor(const struct point *a, const struct point *b, const int *factor)
{
    return a->x * *factor - b->x;
}

ARRAY_DEFINE_TYPE(point, struct point);

static const char *shown(ARRAY_TYPE(point) * points)
{
    const char *text = "";
    const struct point *point;

    array_foreach(points, point) text = t_strdup_printf("%s%d ", text, point->x);
    return text;
}

static void fill(ARRAY_TYPE(point) * points, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        struct point point = {(int)i, 0, 0};

        array_push_back(points, &point);
    }
}

static void test_elements(void)
{
    ARRAY_TYPE(point) points = ARRAY_INIT;
    const struct point two[] = {{1, 2, 3}, {4, 5, 6}}, nine = {9, 9, 9};
    const struct point *all;
    struct point *space;
    unsigned int count;

    ok(!array_is_created(&points), "an array is created by its init");
    i_array_init(&points, 1);
    ok(array_is_created(&points) && array_is_empty(&points), "and empty then");
    ok(array_get_pool(&points) == default_pool, "in its pool");
    array_append(&points, two, 2);
    array_push_front(&points, &nine);
    array_push_back(&points, &nine);
    is_str(shown(&points), "9 1 4 9 ", "elements are added at both ends");
    array_insert(&points, 1, two, 1);
    is_str(shown(&points), "9 1 1 4 9 ", "and between others");
    array_delete(&points, 1, 2);
    array_pop_back(&points);
    array_pop_front(&points);
    is_str(shown(&points), "4 ", "they are taken away");
    array_idx_set(&points, 2, &nine);
    is_str(shown(&points), "4 0 9 ", "a new element in the distance makes zeroed ones before it");
    array_idx_clear(&points, 0);
    ok(array_idx(&points, 0)->y == 0, "an element is zeroed");
    space = array_idx_get_space(&points, 4);
    space->x = 7;
    is_str(shown(&points), "0 0 9 0 7 ", "space is made where it is wanted");
    array_append_space(&points)->x = 8;
    array_insert_space(&points, 0)->x = 6;
    array_append_zero(&points);
    is_str(shown(&points), "6 0 0 9 0 7 8 0 ", "at the end and in the middle");
    is_int(array_front(&points)->x, 6, "the first one is known");
    array_back_modifiable(&points)->x = 5;
    is_int(array_back(&points)->x, 5, "and the last");
    array_front_modifiable(&points)->x = 1;
    array_idx_modifiable(&points, 1)->x = 2;
    all = array_get(&points, &count);
    ok(count == 8 && array_count(&points) == 8 && array_not_empty(&points), "they are counted");
    ok(all[0].x == 1 && all[1].x == 2, "and given all at once");
    array_get_modifiable(&points, &count)[2].x = 3;
    is_str(shown(&points), "1 2 3 9 0 7 8 5 ", "to be changed too");
    array_clear(&points);
    ok(array_is_empty(&points), "an array is cleared");
    array_append_space(&points);
    ok(array_front(&points)->x == 0, "and zeroes what comes then");
    array_free(&points);
    ok(!array_is_created(&points), "after free it is not created any more");
    array_free(&points);
}

static void test_loops(void)
{
    ARRAY_TYPE(point) points;
    ARRAY_TYPE(const_string) names;
    const char *name, *text = "", *hello = "hello", *world = "world";
    const struct point *point;
    struct point *changed;
    int sum = 0;

    t_array_init(&points, 1);
    array_foreach(&points, point) sum++;
    array_foreach_reverse(&points, point) sum++;
    is_int(sum, 0, "a loop over nothing does nothing");
    fill(&points, 5);
    array_foreach_modifiable(&points, changed) changed->x *= 2;
    is_str(shown(&points), "0 2 4 6 8 ", "a loop changes elements");
    array_foreach(&points, point)
    {
        if (array_foreach_idx(&points, point) == 2)
            break;
    }
    is_int(point->x, 4, "and knows their indexes");
    array_foreach_reverse(&points, point) text = t_strdup_printf("%s%d ", text, point->x);
    is_str(text, "8 6 4 2 0 ", "it goes backwards");
    array_foreach_reverse_modifiable(&points, changed)
    {
        if (changed->x % 4 == 0)
            array_delete(&points, array_ptr_to_idx(&points, changed), 1);
    }
    is_str(shown(&points), "2 6 ", "which may delete");

    t_array_init(&names, 2);
    array_push_back(&names, &hello);
    array_push_back(&names, &world);
    text = "";
    array_foreach_elem(&names, name) text = t_strconcat(text, name, " ", NULL);
    is_str(text, "hello world ", "elements are copied to a variable");
    is_str(array_idx_elem(&names, 1), "world", "or taken by index");
}

static void test_sorting(void)
{
    ARRAY_TYPE(point) points;
    const int keys[] = {5, 3, 8, 1, 9};
    const struct point *found;
    unsigned int idx;
    int key = 8;

    t_array_init(&points, 5);
    for (unsigned int i = 0; i < N_ELEMENTS(keys); i++)
        array_append_space(&points)->x = keys[i];
    found = array_lsearch(&points, &key, point_key);
    is_int(array_ptr_to_idx(&points, found), 2, "an element is found one by one");
    array_lsearch_modifiable(&points, &key, point_key)->y = 1;
    array_sort(&points, point_cmp);
    is_str(shown(&points), "1 3 5 8 9 ", "elements are sorted");
    is_int(array_bsearch(&points, &key, point_key)->y, 1, "and found quickly");
    ok(array_bsearch_insert_pos(&points, &key, point_key, &idx) && idx == 3, "with their index");
    key = 4;
    ok(array_bsearch(&points, &key, point_key) == NULL, "one that is missing is not");
    ok(array_lsearch(&points, &key, point_key) == NULL, "in no way");
    ok(!array_bsearch_insert_pos(&points, &key, point_key, &idx) && idx == 2, "but its place is");
    key = 0;
    ok(!array_bsearch_insert_pos(&points, &key, point_key, &idx) && idx == 0, "also at the start");
    key = 10;
    ok(!array_bsearch_insert_pos(&points, &key, point_key, &idx) && idx == 5, "and the end");
    array_reverse(&points);
    is_str(shown(&points), "9 8 5 3 1 ", "elements are turned around");
    array_clear(&points);
    array_sort(&points, point_cmp);
    array_reverse(&points);
    ok(array_bsearch(&points, &key, point_key) == NULL, "nothing is sorted and searched");
}

static void test_two_arrays(void)
{
    ARRAY_TYPE(point) points, others;
    const int factor = 2;
    struct point *data;

    i_array_init(&points, 2);
    i_array_init(&others, 2);
    fill(&points, 3);
    ok(!array_cmp(&points, &others), "arrays of different sizes differ");
    array_append_array(&others, &points);
    ok(array_cmp(&points, &others), "copies are equal");
    array_idx_modifiable(&others, 1)->y = 7;
    ok(!array_cmp(&points, &others), "until they are changed");
    ok(array_equal_fn(&points, &others, point_cmp), "but maybe not for a function");
    array_idx_modifiable(&others, 1)->x = 2;
    array_idx_modifiable(&others, 2)->x = 4;
    ok(array_equal_fn_ctx(&points, &others, point_factor, &factor), "nor with a context");
    ok(!array_equal_fn(&points, &others, point_cmp), "which knows differences too");
    array_swap(&points, &others);
    is_str(shown(&points), "0 2 4 ", "arrays are exchanged");
    array_copy(&points.arr, 2, &others.arr, 0, 2);
    is_str(shown(&points), "0 2 0 1 ", "parts of them copied");
    data = array_free_without_data(&points);
    is_int(data[3].x, 1, "elements may outlive their array");
    i_free(data);
    array_free(&others);
}

static void test_sorted_plain(void)
{
    struct point plain[] = {{3, 0, 0}, {1, 0, 0}, {2, 0, 0}};
    const char *const names[] = {"a", "b", "c"};
    const struct point *found;
    int key = 2;

    i_qsort(plain, 3, sizeof(plain[0]), point_cmp);
    ok(plain[0].x == 1 && plain[2].x == 3, "plain C arrays are sorted");
    found = i_bsearch(&key, plain, 3, sizeof(plain[0]), point_key);
    ok(found == &plain[1], "and searched");
    ok(i_bsearch("c", names, 3, sizeof(names[0]), bsearch_strcmp) == &names[2], "for texts too");
}

struct item {
    struct item *prev, *next, *before, *after;
    int n;
};

static const char *list_text(const struct item *item)
{
    const char *text = "";

    for (; item != NULL; item = item->next)
        text = t_strdup_printf("%s%d", text, item->n);
    return text;
}

static void test_lists(void)
{
    struct item items[5], *head = NULL, *tail = NULL, *head2 = NULL, *tail2 = NULL;

    i_zero(&items);
    for (int i = 0; i < 5; i++)
        items[i].n = i;
    DLLIST_PREPEND(&head, &items[0]);
    DLLIST_PREPEND(&head, &items[1]);
    DLLIST_PREPEND(&head, &items[2]);
    is_str(list_text(head), "210", "items are put at the head");
    DLLIST_REMOVE(&head, &items[1]);
    DLLIST_REMOVE(&head, &items[1]);
    is_str(list_text(head), "20", "and removed, once");
    DLLIST_REMOVE(&head, &items[2]);
    DLLIST_REMOVE(&head, &items[0]);
    ok(head == NULL, "until none is left");

    DLLIST2_APPEND(&head, &tail, &items[0]);
    DLLIST2_APPEND(&head, &tail, &items[1]);
    DLLIST2_PREPEND(&head, &tail, &items[2]);
    DLLIST2_INSERT_AFTER(&head, &tail, &items[1], &items[3]);
    is_str(list_text(head), "2013", "a list with a tail grows anywhere");
    ok(tail == &items[3], "and knows its tail");
    DLLIST2_REMOVE(&head, &tail, &items[3]);
    DLLIST2_REMOVE(&head, &tail, &items[2]);
    ok(head == &items[0] && tail == &items[1], "when its ends are removed too");
    DLLIST2_APPEND(&head2, &tail2, &items[4]);
    DLLIST2_JOIN(&head, &tail, &head2, &tail2);
    is_str(list_text(head), "014", "two lists are joined");
    ok(tail == &items[4], "to their common tail");
    head2 = tail2 = NULL;
    DLLIST2_PREPEND_FULL(&head2, &tail2, &items[3], before, after);
    ok(head2 == &items[3] && tail2 == &items[3] && items[3].after == NULL,
       "members may have other names");
}

static void index_behind_end(void)
{
    ARRAY_TYPE(point) points;

    i_array_init(&points, 8);
    (void)array_idx(&points, 0);
}

static void modify_behind_end(void)
{
    ARRAY_TYPE(point) points;

    i_array_init(&points, 8);
    fill(&points, 2);
    array_idx_modifiable(&points, 2)->x = 1;
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_elements();
        test_loops();
        test_sorting();
        test_two_arrays();
        test_sorted_plain();
        test_lists();
    }
    T_END;
    ok(panics(index_behind_end), "an index behind the end panics");
    ok(panics(modify_behind_end), "for writing too");
    lib_deinit();
    return done();
}
