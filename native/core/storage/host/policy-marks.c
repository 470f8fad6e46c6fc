/*
 * What a change of flags or keywords comes to. Keywords are compared as IMAP does, without case.
 */
#include "host/policy-marks.h"

#include "array.h"
#include "mail-index.h"

const char *const *marks_of_keywords(const struct mail_keywords *keywords)
{
    const ARRAY_TYPE(keywords) * names;
    const char **list;

    if (keywords == NULL)
        return t_new(const char *, 1);
    names = mail_index_get_keywords(keywords->index);
    list = t_new(const char *, keywords->count + 1);
    for (unsigned int i = 0; i < keywords->count; i++)
        list[i] = array_idx_elem(names, keywords->idx[i]);
    return list;
}

enum mail_flags marks_after_flags(enum mail_flags before, enum modify_type type,
                                  enum mail_flags flags)
{
    switch (type) {
    case MODIFY_ADD:
        return before | flags;
    case MODIFY_REMOVE:
        return before & ~(unsigned int)flags;
    default:
        return flags;
    }
}

/* Adds those of `from` that are not in `without`. */
static void add_unless(ARRAY_TYPE(const_string) * list, const char *const *from,
                       const char *const *without)
{
    for (; *from != NULL; from++) {
        if (!str_array_icase_find(without, *from))
            array_push_back(list, from);
    }
}

const char *const *marks_after_keywords(const char *const *before, enum modify_type type,
                                        const char *const *keywords)
{
    static const char *const nothing[] = {NULL};
    ARRAY_TYPE(const_string) after;

    t_array_init(&after, 8);
    if (type != MODIFY_REPLACE)
        add_unless(&after, before, keywords);
    if (type != MODIFY_REMOVE)
        add_unless(&after, keywords, nothing);
    array_append_zero(&after);
    return array_front(&after);
}

bool marks_equal(const char *const *one, const char *const *other)
{
    if (str_array_length(one) != str_array_length(other))
        return FALSE;
    for (; *one != NULL; one++) {
        if (!str_array_icase_find(other, *one))
            return FALSE;
    }
    return TRUE;
}
