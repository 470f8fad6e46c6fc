/*
 * Keyword names of a mailbox, which differ whatever the case of their letters, and sets of them.
 */
#include "index/index-private.h"

const ARRAY_TYPE(keywords) * mail_index_get_keywords(struct mail_index *index)
{
    return &index->keywords;
}

bool mail_index_keyword_lookup(struct mail_index *index, const char *keyword, unsigned int *idx_r)
{
    const char *const *name;

    array_foreach(&index->keywords, name)
    {
        if (strcasecmp(*name, keyword) == 0) {
            *idx_r = array_foreach_idx(&index->keywords, name);
            return TRUE;
        }
    }
    return FALSE;
}

void mail_index_keyword_lookup_or_create(struct mail_index *index, const char *keyword,
                                         unsigned int *idx_r)
{
    const char *name;

    if (mail_index_keyword_lookup(index, keyword, idx_r))
        return;
    *idx_r = array_count(&index->keywords);
    name = p_strdup(index->keywords_pool, keyword);
    array_push_back(&index->keywords, &name);
    /* readers may also walk the names up to a NULL */
    array_append_zero(&index->keywords);
    array_pop_back(&index->keywords);
}

static struct mail_keywords *keywords_new(struct mail_index *index, unsigned int room)
{
    struct mail_keywords *keywords = i_malloc(sizeof *keywords + room * sizeof keywords->idx[0]);

    keywords->index = index;
    keywords->refcount = 1;
    return keywords;
}

static void keywords_add(struct mail_keywords *keywords, unsigned int idx)
{
    for (unsigned int i = 0; i < keywords->count; i++) {
        if (keywords->idx[i] == idx)
            return;
    }
    keywords->idx[keywords->count++] = idx;
}

struct mail_keywords *mail_index_keywords_create(struct mail_index *index,
                                                 const char *const keywords[])
{
    unsigned int room = keywords == NULL ? 0 : str_array_length(keywords);
    struct mail_keywords *set = keywords_new(index, room);
    unsigned int idx;

    for (unsigned int i = 0; i < room; i++) {
        mail_index_keyword_lookup_or_create(index, keywords[i], &idx);
        keywords_add(set, idx);
    }
    return set;
}

struct mail_keywords *mail_index_keywords_create_from_indexes(struct mail_index *index,
                                                              const ARRAY_TYPE(keyword_indexes) *
                                                                  keyword_indexes)
{
    struct mail_keywords *set = keywords_new(index, array_count(keyword_indexes));
    unsigned int idx;

    array_foreach_elem(keyword_indexes, idx) keywords_add(set, idx);
    return set;
}

void mail_index_keywords_ref(struct mail_keywords *keywords)
{
    keywords->refcount++;
}

void mail_index_keywords_unref(struct mail_keywords **_keywords)
{
    struct mail_keywords *keywords = *_keywords;

    *_keywords = NULL;
    if (--keywords->refcount == 0)
        i_free(keywords);
}
