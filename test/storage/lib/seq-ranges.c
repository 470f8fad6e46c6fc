/* Sets of numbers as ranges, checked against plain sets of bits. */
#include "seq-range-array.h"

#include "tap.h"

#define NUMBERS 64

static const char *shown(const ARRAY_TYPE(seq_range) * set)
{
    const struct seq_range *range;
    const char *text = "";

    array_foreach(set, range) text = t_strdup_printf("%s%u:%u ", text, range->seq1, range->seq2);
    return text;
}

static void test_examples(void)
{
    ARRAY_TYPE(seq_range) set = ARRAY_INIT, other;
    struct seq_range_iter iter;
    uint32_t seq;

    seq_range_array_add_with_init(&set, 4, 5);
    ok(!seq_range_array_add(&set, 7), "a new number is not there yet");
    ok(seq_range_array_add(&set, 7), "then it is");
    is_str(shown(&set), "5:5 7:7 ", "ranges are kept in order");
    seq_range_array_add(&set, 6);
    is_str(shown(&set), "5:7 ", "ranges that touch are one");
    is_int(seq_range_array_add_range_count(&set, 1, 10), 7, "new numbers are counted");
    is_int(seq_range_count(&set), 10, "all numbers too");
    ok(seq_range_array_remove(&set, 5) && !seq_range_array_remove(&set, 5), "a number is removed");
    is_str(shown(&set), "1:4 6:10 ", "which splits a range");
    is_int(seq_range_array_remove_range(&set, 3, 7), 4, "a range is removed");
    is_str(shown(&set), "1:2 8:10 ", "from several");
    seq_range_array_remove_nth(&set, 1, 2);
    is_str(shown(&set), "1:1 9:10 ", "numbers are removed by their order");
    seq_range_array_remove_nth(&set, 2, UINT32_MAX);
    is_str(shown(&set), "1:1 9:9 ", "up to the end");
    seq_range_array_invert(&set, 1, UINT32_MAX);
    is_str(shown(&set), "2:8 10:4294967295 ", "a set is inverted");
    seq_range_array_iter_init(&iter, &set);
    ok(seq_range_array_iter_nth(&iter, 6, &seq) && seq == 8, "the 7th number is known");
    ok(seq_range_array_iter_nth(&iter, 7, &seq) && seq == 10, "the next one");
    ok(seq_range_array_iter_nth(&iter, 0, &seq) && seq == 2, "and earlier ones");
    ok(!seq_range_array_iter_nth(&iter, UINT32_MAX, &seq), "there is an end");

    i_array_init(&other, 4);
    seq_range_array_merge_n(&other, &set, 8);
    is_str(shown(&other), "2:8 10:10 ", "the first numbers of a set are merged");
    ok(seq_range_array_have_common(&set, &other), "sets have something in common");
    seq_range_array_remove_seq_range(&set, &other);
    ok(!seq_range_array_have_common(&set, &other), "or nothing");
    array_clear(&set);
    seq_range_array_invert(&set, 3, 3);
    is_str(shown(&set), "3:3 ", "no numbers inverted are all");
    array_clear(&other);
    is_int(seq_range_array_intersect(&set, &other), 1, "nothing is common with nothing");
    ok(array_is_empty(&set), "so nothing stays");
    array_free(&set);
    array_free(&other);
}

static uint64_t bits_of(const ARRAY_TYPE(seq_range) * set)
{
    const struct seq_range *range;
    uint64_t bits = 0;

    array_foreach(set, range)
    {
        for (uint32_t seq = range->seq1; seq <= range->seq2; seq++)
            bits |= (uint64_t)1 << seq;
    }
    return bits;
}

static bool well_formed(const ARRAY_TYPE(seq_range) * set)
{
    const struct seq_range *range;
    uint32_t behind = 0;

    array_foreach(set, range)
    {
        if (range->seq1 > range->seq2 || (behind > 0 && range->seq1 < behind + 1))
            return FALSE;
        behind = range->seq2 + 1;
    }
    return TRUE;
}

static uint64_t between(uint32_t seq1, uint32_t seq2)
{
    return (seq2 == 63 ? UINT64_MAX : ((uint64_t)1 << (seq2 + 1)) - 1) &
           ~(((uint64_t)1 << seq1) - 1);
}

static uint32_t next_random(void)
{
    static uint32_t state = 1;

    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

/* One change of `set`, whose numbers are `bits`; returns what they must be afterwards. */
static uint64_t change(ARRAY_TYPE(seq_range) * set, const ARRAY_TYPE(seq_range) * other,
                       uint64_t bits, bool *counted)
{
    uint32_t seq1 = next_random() % NUMBERS, seq2 = seq1 + next_random() % (NUMBERS - seq1);
    uint64_t range = between(seq1, seq2), others = bits_of(other);
    unsigned int count;

    switch (next_random() % 6) {
    case 0:
        count = seq_range_array_add_range_count(set, seq1, seq2);
        *counted = count == (unsigned int)__builtin_popcountll(range & ~bits);
        return bits | range;
    case 1:
        count = seq_range_array_remove_range(set, seq1, seq2);
        *counted = count == (unsigned int)__builtin_popcountll(range & bits);
        return bits & ~range;
    case 2:
        count = seq_range_array_intersect(set, other);
        *counted = count == (unsigned int)__builtin_popcountll(bits & ~others);
        return bits & others;
    case 3:
        seq_range_array_merge(set, other);
        return bits | others;
    case 4:
        count = seq_range_array_remove_seq_range(set, other);
        *counted = count == (unsigned int)__builtin_popcountll(bits & others);
        return bits & ~others;
    default:
        seq_range_array_invert(set, 0, NUMBERS - 1);
        return ~bits;
    }
}

static void test_against_bits(void)
{
    ARRAY_TYPE(seq_range) sets[2];
    uint64_t bits[2] = {0, 0};
    bool same = TRUE, formed = TRUE, counted = TRUE, asked = TRUE, found = TRUE;

    i_array_init(&sets[0], 4);
    i_array_init(&sets[1], 4);
    for (unsigned int i = 0; i < 20000 && same; i++) {
        unsigned int which = i & 1;
        uint32_t seq = next_random() % NUMBERS, nth = 0;
        struct seq_range_iter iter;
        bool right = TRUE;

        bits[which] = change(&sets[which], &sets[1 - which], bits[which], &right);
        counted = counted && right;
        same = same && bits_of(&sets[which]) == bits[which];
        formed = formed && well_formed(&sets[which]);
        asked = asked && seq_range_exists(&sets[which], seq) == ((bits[which] >> seq & 1) != 0);
        asked =
            asked && seq_range_array_have_common(&sets[0], &sets[1]) == ((bits[0] & bits[1]) != 0);
        asked = asked &&
                seq_range_count(&sets[which]) == (unsigned int)__builtin_popcountll(bits[which]);

        seq_range_array_iter_init(&iter, &sets[which]);
        for (unsigned int n = 0; n < seq_range_count(&sets[which]); n++) {
            uint64_t below;

            found = found && seq_range_array_iter_nth(&iter, n, &nth) && nth < NUMBERS;
            below = nth == 0 ? 0 : between(0, nth - 1);
            found = found && (unsigned int)__builtin_popcountll(bits[which] & below) == n;
        }
    }
    ok(same, "20000 changes of two sets give the same numbers as sets of bits");
    ok(formed, "in ranges that neither overlap nor touch");
    ok(counted, "what is added and removed is counted right");
    ok(asked, "questions are answered right");
    ok(found, "each number is found by its order");
    array_free(&sets[0]);
    array_free(&sets[1]);
}

static void add_everything(void)
{
    ARRAY_TYPE(seq_range) set;

    i_array_init(&set, 4);
    seq_range_array_add_range(&set, 1, UINT32_MAX);
    seq_range_array_add(&set, 0);
}

static void invert_outside(void)
{
    ARRAY_TYPE(seq_range) set;

    i_array_init(&set, 4);
    seq_range_array_add(&set, 1);
    seq_range_array_invert(&set, 2, 10);
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_examples();
        test_against_bits();
    }
    T_END;
    ok(panics(add_everything), "a set cannot have all numbers");
    ok(panics(invert_outside), "a set with numbers outside cannot be inverted");
    lib_deinit();
    return done();
}
