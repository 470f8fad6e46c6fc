/*
 * Keys of criteria (search-key.h).
 */
#include "search/search-key.h"

#include "message-search.h"
#include "str.h"

static string_t *normalized(normalizer_func_t *normalizer, const char *text, pool_t pool)
{
    string_t *dest = str_new(pool, strlen(text) + 1);

    (void)normalizer(text, strlen(text), dest);
    return dest;
}

struct search_key *search_key_get(struct mail_search_arg *arg, normalizer_func_t *normalizer)
{
    struct search_key *key = arg->initialized.key;

    if (key != NULL && key->normalizer == normalizer)
        return key;
    search_key_free(&arg->initialized.key);
    key = i_new(struct search_key, 1);
    key->normalizer = normalizer;
    key->text = normalized(normalizer, arg->value.str, default_pool);
    if (arg->type == SEARCH_BODY || arg->type == SEARCH_TEXT)
        key->message =
            message_search_init(str_c(key->text), normalizer,
                                arg->type == SEARCH_BODY ? MESSAGE_SEARCH_FLAG_SKIP_HEADERS : 0);
    arg->initialized.key = key;
    return key;
}

void search_key_free(struct search_key **_key)
{
    struct search_key *key = *_key;

    *_key = NULL;
    if (key == NULL)
        return;
    if (key->message != NULL)
        message_search_deinit(&key->message);
    str_free(&key->text);
    i_free(key);
}

bool search_key_is_in(const struct search_key *key, const char *text)
{
    bool found;

    if (str_len(key->text) == 0)
        return TRUE;
    T_BEGIN
    {
        string_t *form = normalized(key->normalizer, text, pool_datastack_create());

        found =
            memmem(str_data(form), str_len(form), str_data(key->text), str_len(key->text)) != NULL;
    }
    T_END;
    return found;
}

static const char *squeezed(const unsigned char *data, size_t size)
{
    string_t *dest = t_str_new(size + 1);
    bool after_space = FALSE;

    for (size_t i = 0; i < size; i++) {
        bool space = data[i] == ' ' || data[i] == '\t' || data[i] == '\r' || data[i] == '\n';

        if (!space)
            str_append_c(dest, data[i]);
        else if (!after_space)
            str_append_c(dest, ' ');
        after_space = space;
    }
    return str_c(dest);
}

bool search_key_is_in_squeezed(const struct search_key *key, const char *text)
{
    bool found;

    T_BEGIN
    {
        string_t *form = normalized(key->normalizer, text, pool_datastack_create());
        const char *wanted = squeezed(str_data(key->text), str_len(key->text));

        found = strstr(squeezed(str_data(form), str_len(form)), wanted) != NULL;
    }
    T_END;
    return found;
}
