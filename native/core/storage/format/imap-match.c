/*
 * Matching mailbox patterns (imap-match.h).
 *
 * All places of a pattern that the name so far can have led to are followed at once, so that no
 * pattern takes longer than its length times the name's.
 */
#include "imap-match.h"

struct pattern {
    char *text;
    size_t length;
    bool *places, *next_places; /**< length + 1: the last one is the end */
};

struct imap_match_glob {
    pool_t pool;
    struct pattern *patterns;
    unsigned int count;
    bool inboxcase;
    char separator;
};

struct imap_match_glob *imap_match_init_multiple(pool_t pool, const char *const *patterns,
                                                 bool inboxcase, char separator)
{
    struct imap_match_glob *glob = p_new(pool, struct imap_match_glob, 1);

    glob->pool = pool;
    pool_ref(pool);
    glob->count = str_array_length(patterns);
    glob->patterns = p_new(pool, struct pattern, I_MAX(glob->count, 1));
    for (unsigned int i = 0; i < glob->count; i++) {
        struct pattern *pattern = &glob->patterns[i];

        pattern->text = p_strdup(pool, patterns[i]);
        pattern->length = strlen(patterns[i]);
        pattern->places = p_new(pool, bool, pattern->length + 1);
        pattern->next_places = p_new(pool, bool, pattern->length + 1);
    }
    glob->inboxcase = inboxcase;
    glob->separator = separator;
    return glob;
}

struct imap_match_glob *imap_match_init(pool_t pool, const char *pattern, bool inboxcase,
                                        char separator)
{
    const char *patterns[] = {pattern, NULL};

    return imap_match_init_multiple(pool, patterns, inboxcase, separator);
}

void imap_match_deinit(struct imap_match_glob **_glob)
{
    struct imap_match_glob *glob = *_glob;
    pool_t pool;

    if (glob == NULL)
        return;
    *_glob = NULL;
    pool = glob->pool;
    for (unsigned int i = 0; i < glob->count; i++) {
        p_free(pool, glob->patterns[i].text);
        p_free(pool, glob->patterns[i].places);
        p_free(pool, glob->patterns[i].next_places);
    }
    p_free(pool, glob->patterns);
    p_free(pool, glob);
    pool_unref(&pool);
}

struct imap_match_glob *imap_match_dup(pool_t pool, const struct imap_match_glob *glob)
{
    const char **patterns = i_new(const char *, glob->count + 1);
    struct imap_match_glob *dup;

    for (unsigned int i = 0; i < glob->count; i++)
        patterns[i] = glob->patterns[i].text;
    dup = imap_match_init_multiple(pool, patterns, glob->inboxcase, glob->separator);
    i_free(patterns);
    return dup;
}

bool imap_match_globs_equal(const struct imap_match_glob *glob1,
                            const struct imap_match_glob *glob2)
{
    if (glob1->inboxcase != glob2->inboxcase || glob1->separator != glob2->separator ||
        glob1->count != glob2->count)
        return FALSE;
    for (unsigned int i = 0; i < glob1->count; i++) {
        if (strcmp(glob1->patterns[i].text, glob2->patterns[i].text) != 0)
            return FALSE;
    }
    return TRUE;
}

/** Reaches a place, and those behind wildcards, which may match nothing. */
static void reach(const struct pattern *pattern, bool *places, size_t place)
{
    while (!places[place]) {
        places[place] = TRUE;
        if (pattern->text[place] != '*' && pattern->text[place] != '%')
            break;
        place++;
    }
}

/** One character of the name; FALSE when no place is left. */
static bool step(struct pattern *pattern, char byte, char separator, bool icase)
{
    bool *old = pattern->places, *new = pattern->next_places, any = FALSE;

    memset(new, 0, pattern->length + 1);
    for (size_t i = 0; i < pattern->length; i++) {
        char expected = pattern->text[i];

        if (!old[i])
            continue;
        if (expected == '*' || (expected == '%' && byte != separator))
            reach(pattern, new, i);
        else if (expected == byte || (icase && i_toupper(expected) == i_toupper(byte)))
            reach(pattern, new, i + 1);
        else
            continue;
        any = TRUE;
    }
    pattern->places = new;
    pattern->next_places = old;
    return any;
}

/** Bytes at the beginning of the name whose case does not matter. */
static size_t inbox_length(const struct imap_match_glob *glob, const char *data)
{
    if (!glob->inboxcase || strncasecmp(data, "INBOX", 5) != 0)
        return 0;
    return data[5] == '\0' || data[5] == glob->separator ? 5 : 0;
}

static enum imap_match_result match_pattern(const struct imap_match_glob *glob,
                                            struct pattern *pattern, const char *data)
{
    size_t icase = inbox_length(glob, data);
    enum imap_match_result result = IMAP_MATCH_NO;

    memset(pattern->places, 0, pattern->length + 1);
    reach(pattern, pattern->places, 0);
    for (size_t i = 0; data[i] != '\0'; i++) {
        if (data[i] == glob->separator && pattern->places[pattern->length])
            result = IMAP_MATCH_PARENT;
        if (!step(pattern, data[i], glob->separator, i < icase))
            return result;
    }
    if (pattern->places[pattern->length])
        return IMAP_MATCH_YES;
    if (glob->separator != '\0' && step(pattern, glob->separator, glob->separator, FALSE))
        result |= IMAP_MATCH_CHILDREN;
    return result;
}

enum imap_match_result imap_match(struct imap_match_glob *glob, const char *data)
{
    enum imap_match_result result = IMAP_MATCH_NO;

    for (unsigned int i = 0; i < glob->count; i++) {
        enum imap_match_result one = match_pattern(glob, &glob->patterns[i], data);

        if (one == IMAP_MATCH_YES)
            return one;
        result |= one;
    }
    return result;
}
