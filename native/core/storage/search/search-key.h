/*
 * The text that a criterion looks for, in the form in which texts are compared.
 */
#ifndef STORAGE_SEARCH_SEARCH_KEY_H
#define STORAGE_SEARCH_SEARCH_KEY_H

#include "lib.h"

#include "mail-search.h"
#include "unichar.h"

struct message_search_context;

struct search_key {
    normalizer_func_t *normalizer;
    string_t *text;                         /**< normalized, NUL-terminated */
    struct message_search_context *message; /**< for BODY and TEXT, else NULL */
};

/** Made for the first message, and kept until the criteria are deinitialized. */
struct search_key *search_key_get(struct mail_search_arg *arg, normalizer_func_t *normalizer);
void search_key_free(struct search_key **key);

/** Whether the key is in the text, which is valid UTF-8 or not. */
bool search_key_is_in(const struct search_key *key, const char *text);
/** The same with every run of white space, in both, counting as one space. */
bool search_key_is_in_squeezed(const struct search_key *key, const char *text);

#endif
