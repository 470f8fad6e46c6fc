/*
 * What the name of a mail's file says. Readers take the sizes from there instead of the file, so
 * they must be right.
 */
#include "maildir-filename.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool maildir_base_valid(const char *base)
{
    return base[0] != '\0' && base[0] != '.' && base[strcspn(base, "/:,")] == '\0';
}

bool maildir_name_matches(const char *name, const char *base)
{
    size_t length = strlen(base);

    return strncmp(name, base, length) == 0 && strchr(",:", name[length]) != NULL;
}

struct maildir_sizes maildir_sizes(vsmtp_storage_parts parts)
{
    struct maildir_sizes sizes = {0, 0};
    uint64_t bare = 0; /* line ends without CR */
    char before = '\0';

    for (size_t i = 0; i < parts.count; i++) {
        const char *part = parts.list[i].iov_base;
        size_t length = parts.list[i].iov_len;
        const char *end = part + length;

        if (length == 0)
            continue;
        for (const char *at = part; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
            bare += (at > part ? at[-1] : before) != '\r';
        before = end[-1];
        sizes.physical += length;
    }
    sizes.with_crlf = sizes.physical + bare;
    return sizes;
}

bool maildir_name_with_sizes(char name[NAME_MAX + 1], const char *base, struct maildir_sizes sizes)
{
    int length = snprintf(name, NAME_MAX + 1, "%s,S=%" PRIu64 ",W=%" PRIu64, base, sizes.physical,
                          sizes.with_crlf);

    return length > 0 && length <= NAME_MAX;
}
