/*
 * Location strings: "/path:KEY=value:FLAG…", where "::" is a colon.
 */
#include "lib.h"

#include "array.h"
#include "mailbox-list-private.h"
#include "str.h"

enum value_kind { VALUE_TEXT, VALUE_DIRECTORY, VALUE_CHARACTER, VALUE_NONE };

/* What can follow the root; the offset is that of a text, a char or a bool. */
static const struct location_key {
    const char *name;
    enum value_kind kind;
    size_t offset;
} keys[] = {
#define KEY(name, kind, member)                                    \
    {                                                              \
        name, kind, offsetof(struct mailbox_list_settings, member) \
    }
    KEY("LAYOUT", VALUE_TEXT, layout),
    KEY("INDEX", VALUE_DIRECTORY, index_dir),
    KEY("INDEXPVT", VALUE_DIRECTORY, index_pvt_dir),
    KEY("INDEXCACHE", VALUE_DIRECTORY, index_cache_dir),
    KEY("CONTROL", VALUE_DIRECTORY, control_dir),
    KEY("ALT", VALUE_DIRECTORY, alt_dir),
    KEY("VOLATILEDIR", VALUE_DIRECTORY, volatile_dir),
    KEY("INBOX", VALUE_DIRECTORY, inbox_path),
    KEY("SUBSCRIPTIONS", VALUE_TEXT, subscription_fname),
    KEY("LISTINDEX", VALUE_TEXT, list_index_fname),
    KEY("DIRNAME", VALUE_TEXT, maildir_name),
    KEY("FULLDIRNAME", VALUE_TEXT, maildir_name),
    KEY("MAILBOXDIR", VALUE_TEXT, mailbox_dir_name),
    KEY("BROKENCHAR", VALUE_CHARACTER, vname_escape_char),
    KEY("UTF-8", VALUE_NONE, utf8),
    KEY("ALTNOCHECK", VALUE_NONE, alt_dir_nocheck),
    KEY("ITERINDEX", VALUE_NONE, iter_from_index_dir),
    KEY("NO-NOSELECT", VALUE_NONE, no_noselect),
    KEY("NO-FS-VALIDATION", VALUE_NONE, no_fs_validation),
#undef KEY
};

void mailbox_list_settings_init_defaults(struct mailbox_list_settings *set_r)
{
    i_zero(set_r);
    set_r->mailbox_dir_name = "";
    set_r->maildir_name = "";
    set_r->list_index_fname = "dovecot.list.index";
}

/* The text up to the next single colon; moves behind that. */
static const char *next_field(const char **data)
{
    string_t *field = t_str_new(128);
    const char *p = *data;

    for (; *p != '\0'; p++) {
        if (*p == ':' && *++p != ':')
            break;
        str_append_c(field, *p);
    }
    *data = p;
    return str_c(field);
}

static int fix_directory(struct mail_user *user, const char **path, const char *data,
                         const char **error_r)
{
    size_t length;

    if (mail_user_try_home_expand(user, path) < 0) {
        *error_r = t_strdup_printf("User %s has no home directory: ~ cannot be expanded in "
                                   "mail location %s",
                                   user->username, data);
        return -1;
    }
    length = strlen(*path);
    while (length > 1 && (*path)[length - 1] == '/')
        length--;
    *path = t_strndup(*path, length);
    return 0;
}

static int set_key(struct mail_user *user, const struct location_key *key, const char *value,
                   struct mailbox_list_settings *set, const char *data, const char **error_r)
{
    void *member = STRUCT_MEMBER_P(set, key->offset);

    switch (key->kind) {
    case VALUE_NONE:
        *(bool *)member = TRUE;
        return 0;
    case VALUE_CHARACTER:
        if (strlen(value) != 1) {
            *error_r =
                t_strdup_printf("%s in mail location %s must be one character", key->name, data);
            return -1;
        }
        *(char *)member = *value;
        return 0;
    case VALUE_DIRECTORY:
        /* MEMORY: no files at all, which an empty path stands for. */
        if (strcmp(value, "MEMORY") == 0)
            value = "";
        else if (fix_directory(user, &value, data, error_r) < 0)
            return -1;
        break;
    case VALUE_TEXT:
        break;
    }
    *(const char **)member = value;
    return 0;
}

static int set_field(struct mail_user *user, const char *field, struct mailbox_list_settings *set,
                     const char *data, const char **error_r)
{
    const char *equals = strchr(field, '=');
    const char *name = equals == NULL ? field : t_strdup_until(field, equals);

    for (unsigned int i = 0; i < N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].name, name) != 0 || (keys[i].kind == VALUE_NONE) != (equals == NULL))
            continue;
        set->index_control_use_maildir_name |= strcmp(name, "FULLDIRNAME") == 0;
        return set_key(user, &keys[i], equals == NULL ? NULL : equals + 1, set, data, error_r);
    }
    *error_r = t_strdup_printf("Unknown setting: %s in mail location %s", field, data);
    return -1;
}

int mailbox_list_settings_parse(struct mail_user *user, const char *data,
                                struct mailbox_list_settings *set_r, const char **error_r)
{
    const char *rest = data;

    mailbox_list_settings_init_defaults(set_r);
    if (*data == '\0')
        return 0;
    set_r->root_dir = next_field(&rest);
    if (fix_directory(user, &set_r->root_dir, data, error_r) < 0)
        return -1;
    while (*rest != '\0') {
        if (set_field(user, next_field(&rest), set_r, data, error_r) < 0)
            return -1;
    }
    return 0;
}
