/*
 * Wildcard masks, in time bounded by the lengths of mask and data multiplied.
 */
#include "wildcard-match.h"

static bool bytes_equal(char a, char b, bool icase)
{
    return a == b || (icase && i_toupper(a) == i_toupper(b));
}

static bool match(const char *data, const char *mask, bool icase)
{
    const char *star = NULL, *retry = NULL;

    while (*data != '\0') {
        if (*mask == '*') {
            star = mask++;
            retry = data;
        } else if (*mask != '\0' && (*mask == '?' || bytes_equal(*mask, *data, icase))) {
            mask++;
            data++;
        } else if (star != NULL) {
            /* The last star takes one byte more; those before it need not change. */
            mask = star + 1;
            data = ++retry;
        } else {
            return FALSE;
        }
    }
    while (*mask == '*')
        mask++;
    return *mask == '\0';
}

bool wildcard_match(const char *data, const char *mask)
{
    return match(data, mask, FALSE);
}

bool wildcard_match_icase(const char *data, const char *mask)
{
    return match(data, mask, TRUE);
}
