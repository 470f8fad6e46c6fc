/*
 * What a message is sorted by: a number or a text for each criterion of the program.
 */
#ifndef STORAGE_SEARCH_SORT_KEY_H
#define STORAGE_SEARCH_SORT_KEY_H

#include "lib.h"

#include "mail-storage.h"

/** Keys of one criterion are all numbers or all texts. */
struct sort_key {
    int64_t number;
    const char *text; /**< normalized; NULL for a number */
};

/** The key of the mail's message for one criterion; texts are from the pool. 0, or -1. */
int sort_key_get(struct mail *mail, enum mail_sort_type type, pool_t pool, struct sort_key *key_r);
int sort_key_cmp(const struct sort_key *key1, const struct sort_key *key2);

#endif
