/*
 * Sets of keywords of a mailbox. They name places in its list of keywords, so a set is good for this
 * mailbox only.
 */
#include "lib.h"

#include "array.h"
#include "imap-arg.h"
#include "mail-storage-private.h"

static bool name_is_valid(const struct mailbox *box, const char *keyword, const char **error_r)
{
    size_t length = 0;

    if (*keyword == '\0') {
        *error_r = "Empty keywords not allowed";
        return false;
    }
    if (box->disallow_new_keywords) {
        *error_r = "Can't create new keywords";
        return false;
    }
    for (; keyword[length] != '\0'; length++) {
        if (IS_ATOM_SPECIAL((unsigned char)keyword[length])) {
            *error_r = (unsigned char)keyword[length] >= 0x80 ? "8bit characters in keyword"
                                                              : "Invalid characters in keyword";
            return false;
        }
    }
    if (length > box->storage->set->mail_max_keyword_length) {
        *error_r = "Keyword length too long";
        return false;
    }
    return true;
}

bool mailbox_keyword_is_valid(struct mailbox *box, const char *keyword, const char **error_r)
{
    unsigned int idx;

    i_assert(box->opened);

    /* What is there already cannot be wrong. */
    return mail_index_keyword_lookup(box->index, keyword, &idx) ||
           name_is_valid(box, keyword, error_r);
}

int mailbox_keywords_create(struct mailbox *box, const char *const keywords[],
                            struct mail_keywords **keywords_r)
{
    const char *const none[] = {NULL};
    const char *error;

    if (keywords == NULL)
        keywords = none;
    for (unsigned int i = 0; keywords[i] != NULL; i++) {
        if (!mailbox_keyword_is_valid(box, keywords[i], &error)) {
            mail_storage_set_error(box->storage, MAIL_ERROR_PARAMS, error);
            return -1;
        }
    }
    *keywords_r = mail_index_keywords_create(box->index, keywords);
    return 0;
}

struct mail_keywords *mailbox_keywords_create_valid(struct mailbox *box,
                                                    const char *const keywords[])
{
    struct mail_keywords *result;
    ARRAY_TYPE(const_string) valid;
    const char *error;

    T_BEGIN
    {
        t_array_init(&valid, 16);
        for (; keywords != NULL && *keywords != NULL; keywords++) {
            if (mailbox_keyword_is_valid(box, *keywords, &error))
                array_push_back(&valid, keywords);
        }
        array_append_zero(&valid);
        result = mail_index_keywords_create(box->index, array_front(&valid));
    }
    T_END;
    return result;
}

struct mail_keywords *mailbox_keywords_create_from_indexes(struct mailbox *box,
                                                           const ARRAY_TYPE(keyword_indexes) * idx)
{
    return mail_index_keywords_create_from_indexes(box->index, idx);
}

static void add_missing(ARRAY_TYPE(keyword_indexes) * dest, const struct mail_keywords *src)
{
    const unsigned int *have;
    unsigned int i, j, count;

    for (i = 0; i < src->count; i++) {
        have = array_get(dest, &count);
        for (j = 0; j < count && have[j] != src->idx[i]; j++)
            ;
        if (j == count)
            array_push_back(dest, &src->idx[i]);
    }
}

struct mail_keywords *mailbox_keywords_merge(struct mail_keywords *keywords1,
                                             struct mail_keywords *keywords2)
{
    struct mail_keywords *result;
    ARRAY_TYPE(keyword_indexes) both;

    i_assert(keywords1->index == keywords2->index);

    T_BEGIN
    {
        t_array_init(&both, keywords1->count + keywords2->count + 1);
        add_missing(&both, keywords1);
        add_missing(&both, keywords2);
        result = mail_index_keywords_create_from_indexes(keywords1->index, &both);
    }
    T_END;
    return result;
}

void mailbox_keywords_ref(struct mail_keywords *keywords)
{
    mail_index_keywords_ref(keywords);
}

void mailbox_keywords_unref(struct mail_keywords **keywords)
{
    mail_index_keywords_unref(keywords);
}
