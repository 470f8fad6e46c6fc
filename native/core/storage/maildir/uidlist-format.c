/*
 * The format of `dovecot-uidlist`. Version 3: a header `3 V<uidvalidity> N<next uid> G<guid>`, records
 * `<uid> [<key><value> …] :<base>`; version 1: `1 <uidvalidity> <next uid>` and `<uid> <name>`.
 */
#include "maildir/uidlist-format.h"

#include "maildir/failure.h"
#include "maildir/uidlist.h"

#include <unistd.h>

/* One word of a version 3 header. */
static bool parse_header_word(struct maildir_uidlist_header *header, const char *word)
{
    switch (*word) {
    case 'V':
        return str_to_uint32(word + 1, &header->uid_validity) == 0;
    case 'N':
        return str_to_uint32(word + 1, &header->next_uid) == 0;
    case 'G':
        return guid_128_from_string(word + 1, header->guid) == 0;
    default:
        str_append_c(header->rest, ' ');
        str_append(header->rest, word);
        return TRUE;
    }
}

bool maildir_uidlist_parse_header(const char *line, struct maildir_uidlist_header *header)
{
    const char *const *words = t_strsplit_spaces(line, " ");

    i_zero(header);
    header->rest = t_str_new(32);
    if (words[0] == NULL || str_to_uint(words[0], &header->version) < 0)
        return FALSE;
    if (header->version == 1)
        return words[1] != NULL && words[2] != NULL &&
               str_to_uint32(words[1], &header->uid_validity) == 0 &&
               str_to_uint32(words[2], &header->next_uid) == 0 && header->uid_validity != 0;
    if (header->version != 3)
        return FALSE;
    for (words++; *words != NULL; words++) {
        if (!parse_header_word(header, *words))
            return FALSE;
    }
    return header->uid_validity != 0;
}

bool maildir_uidlist_parse_record(unsigned int version, char *line, uint32_t *uid_r,
                                  const char **ext_r, const char **base_r)
{
    const char *rest;
    char *name;

    if (str_parse_uint32(line, uid_r, &rest) < 0 || *uid_r == 0 || *rest != ' ')
        return FALSE;
    name = line + (rest - line) + 1;
    *ext_r = "";
    if (version == 3) {
        char *colon = *name == ':' ? name : strstr(name, " :");

        if (colon == NULL)
            return FALSE;
        if (colon != name) {
            *colon++ = '\0';
            *ext_r = name;
        }
        name = colon + 1;
    }
    *base_r = name;
    return *name != '\0' && *name != ':' && strchr(name, '/') == NULL;
}

void maildir_uidlist_format(string_t *dest, uint32_t uid, const char *ext, const char *base)
{
    str_printfa(dest, "%u ", uid);
    if (*ext != '\0') {
        str_append(dest, ext);
        str_append_c(dest, ' ');
    }
    str_append_c(dest, ':');
    str_append(dest, base);
    str_append_c(dest, '\n');
}

int maildir_uidlist_read_range(struct maildir_uidlist *list, int fd, char *text, uoff_t offset,
                               size_t *size)
{
    size_t done = 0;

    while (done < *size) {
        ssize_t got = pread(fd, text + done, *size - done, (off_t)(offset + done));

        if (got < 0)
            return maildir_failed(list->box, "read", list->path);
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *size = done;
    return 0;
}
