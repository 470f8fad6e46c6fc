/*
 * Which storage names can be used at all. What is refused here could lead out of the mail
 * directory, or to another mailbox than the name says.
 */
#include "lib.h"

#include "imap-utf7.h"
#include "model/lists.h"
#include "unichar.h"

/* The longest name of one directory. */
#define LEVEL_MAX_LENGTH 255

static bool is_any(const char *level, size_t length, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strlen(*names) == length && strncmp(level, *names, length) == 0)
            return TRUE;
    }
    return FALSE;
}

static bool is_valid_level(const char *level, size_t length, bool is_path, const char **error_r)
{
    static const char *const dots[] = {".", "..", NULL};

    if (length == 0) {
        *error_r = "Has adjacent hierarchy separators";
        return FALSE;
    }
    if (length > LEVEL_MAX_LENGTH) {
        *error_r = "Mailbox name too long";
        return FALSE;
    }
    if (is_path && is_any(level, length, dots)) {
        *error_r = "Contains a . or .. part";
        return FALSE;
    }
    return TRUE;
}

static bool are_valid_levels(const char *name, char sep, const char **error_r)
{
    const char *end;

    for (;; name = end + 1) {
        end = strchr(name, sep);
        if (!is_valid_level(name, end == NULL ? strlen(name) : (size_t)(end - name), sep == '/',
                            error_r))
            return FALSE;
        if (end == NULL)
            return TRUE;
    }
}

static bool is_valid_text(const struct mailbox_list *list, const char *name, const char **error_r)
{
    if (list->set.utf8 && !uni_utf8_str_is_valid(name)) {
        *error_r = "Not valid UTF-8";
        return FALSE;
    }
    if (!list->set.utf8 && list->set.vname_escape_char == '\0' && !imap_utf7_is_valid(name)) {
        *error_r = "Not valid mUTF-7";
        return FALSE;
    }
    return TRUE;
}

bool mailbox_list_is_valid_name(struct mailbox_list *list, const char *name, const char **error_r)
{
    char sep = mailbox_list_get_hierarchy_sep(list);

    if (*name == '\0') {
        /* The root of a namespace with a prefix is named by the prefix. */
        if (list->ns->prefix_len > 0)
            return TRUE;
        *error_r = "Name is empty";
        return FALSE;
    }
    if (strlen(name) > list->mailbox_name_max_length) {
        *error_r = "Mailbox name too long";
        return FALSE;
    }
    if (!is_valid_text(list, name, error_r))
        return FALSE;
    if ((list->props & MAILBOX_LIST_PROP_NO_ROOT) != 0 || list->set.no_fs_validation ||
        list->mail_set->mail_full_filesystem_access)
        return TRUE;

    if (*name == sep)
        *error_r = "Begins with hierarchy separator";
    else if (name[strlen(name) - 1] == sep)
        *error_r = "Ends with hierarchy separator";
    else if (*name == '~')
        *error_r = "Begins with ~";
    else if (sep != '/' && strchr(name, '/') != NULL)
        *error_r = "Contains a /";
    else if (list->v.is_internal_name != NULL && list->v.is_internal_name(list, name))
        *error_r = "Is a name that the storage itself uses";
    else
        return are_valid_levels(name, sep, error_r);
    return FALSE;
}
