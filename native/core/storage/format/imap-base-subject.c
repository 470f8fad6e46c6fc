/*
 * Base subjects by RFC 5256 §2.1, in time linear in the subject: what could be removed blob by blob
 * is removed in one step.
 */
#include "imap-base-subject.h"

#include "str.h"
#include "unichar.h"

/** The part of the subject that is left. */
struct rest {
    const char *begin, *end;
    bool is_reply_or_forward;
};

static const char *skip_space(const char *pos, const char *end)
{
    while (pos < end && *pos == ' ')
        pos++;
    return pos;
}

static bool begins(const char *pos, const char *end, const char *with)
{
    size_t length = strlen(with);

    return (size_t)(end - pos) >= length && memcmp(pos, with, length) == 0;
}

/** `[…]` and the spaces behind it; NULL when there is none. */
static const char *skip_blob(const char *pos, const char *end)
{
    if (pos == end || *pos != '[')
        return NULL;
    for (pos++; pos < end && *pos != '[' && *pos != ']'; pos++) {
    }
    return pos < end && *pos == ']' ? skip_space(pos + 1, end) : NULL;
}

/** `RE`, `FW` or `FWD`, perhaps a blob, and the colon; NULL when there is none. */
static const char *skip_refwd(const char *pos, const char *end)
{
    static const char *const words[] = {"RE", "FWD", "FW"};
    const char *behind_blob;
    unsigned int i = 0;

    while (i < N_ELEMENTS(words) && !begins(pos, end, words[i]))
        i++;
    if (i == N_ELEMENTS(words))
        return NULL;
    pos += strlen(words[i]);
    pos = skip_space(pos, end);
    behind_blob = skip_blob(pos, end);
    if (behind_blob != NULL)
        pos = behind_blob;
    return pos < end && *pos == ':' ? pos + 1 : NULL;
}

/** Steps 3 to 5: leaders, and blobs that do not make up all of the rest. */
static void remove_leaders(struct rest *rest)
{
    for (;;) {
        const char *pos = skip_space(rest->begin, rest->end), *last_blob = pos, *next;

        rest->begin = pos;
        while ((next = skip_blob(pos, rest->end)) != NULL) {
            last_blob = pos;
            pos = next;
        }
        next = skip_refwd(pos, rest->end);
        if (next == NULL) {
            rest->begin = pos < rest->end ? pos : last_blob;
            return;
        }
        rest->begin = next;
        rest->is_reply_or_forward = TRUE;
    }
}

/** Step 2: `(fwd)` and spaces at the end. */
static void remove_trailers(struct rest *rest)
{
    for (;;) {
        while (rest->end > rest->begin && rest->end[-1] == ' ')
            rest->end--;
        if (rest->end - rest->begin < 5 || memcmp(rest->end - 5, "(FWD)", 5) != 0)
            return;
        rest->end -= 5;
        rest->is_reply_or_forward = TRUE;
    }
}

/** Step 6: `[fwd: …]` around all of it. */
static bool remove_wrapping(struct rest *rest)
{
    if (!begins(rest->begin, rest->end, "[FWD:") || rest->end[-1] != ']')
        return FALSE;
    rest->begin += 5;
    rest->end--;
    rest->is_reply_or_forward = TRUE;
    return TRUE;
}

/** Step 1: white space of any kind and amount is one space. */
static void squeeze(string_t *subject)
{
    size_t written = 0, size = str_len(subject);
    char *text = str_c_modifiable(subject);

    for (size_t i = 0; i < size; i++) {
        bool space = text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n';

        if (space && written > 0 && text[written - 1] == ' ')
            continue;
        if (space)
            text[i] = ' ';
        text[written++] = text[i];
    }
    str_truncate(subject, written);
}

const char *imap_get_base_subject_cased(pool_t pool, const char *subject,
                                        bool *is_reply_or_forward_r)
{
    string_t *folded = str_new(default_pool, strlen(subject) + 16);
    struct rest rest;
    const char *base;

    (void)uni_utf8_to_decomposed_titlecase(subject, strlen(subject), folded);
    squeeze(folded);
    rest.begin = str_c(folded);
    rest.end = rest.begin + str_len(folded);
    rest.is_reply_or_forward = FALSE;
    do {
        remove_trailers(&rest);
        remove_leaders(&rest);
    } while (remove_wrapping(&rest));
    base = p_strdup_until(pool, rest.begin, rest.end);
    str_free(&folded);
    *is_reply_or_forward_r = rest.is_reply_or_forward;
    return base;
}
