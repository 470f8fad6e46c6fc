/*
 * By how much things grow that grow again and again.
 */
#include "lib.h"

size_t nearest_power(size_t num)
{
    size_t power = 1;

    i_assert(num <= (SIZE_MAX >> 1) + 1);
    if (num > 1)
        power <<= bits_required64(num - 1);
    return power;
}

size_t pool_get_exp_grown_size(pool_t pool, size_t old_size, size_t min_size)
{
    size_t grown = nearest_power(min_size);
    size_t easy = old_size + p_get_max_easy_alloc_size(pool);

    return easy < grown && easy >= min_size ? easy : grown;
}
