/*
 * The mails of other users: a shared namespace whose prefix and location have variables of the
 * other user ("%%u" in the configuration) is the root of one namespace for each of them. Such a
 * namespace is made when a name of it is used, and only if the other user's mail directory is
 * there.
 *
 * Who may look there is for the file system and for plugins to say.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "model/namespaces.h"
#include "model/settings-private.h"
#include "model/storages.h"
#include "str.h"
#include "var-expand.h"

#include <sys/stat.h>

struct shared_storage {
    struct mail_storage storage;
    const char *prefix_pattern; /* "shared/%u/" */
};

static struct mail_storage shared_storage_class;
static struct mailbox_list shared_list_class;

/* ---- The root: storage --------------------------------------------------------------------- */

static struct mail_storage *shared_alloc(void)
{
    pool_t pool = pool_alloconly_create("shared storage", 1024);
    struct shared_storage *storage = p_new(pool, struct shared_storage, 1);

    storage->storage = shared_storage_class;
    storage->storage.pool = pool;
    return &storage->storage;
}

/* The namespace's own prefix ends where that of the other user begins. */
static int shared_create(struct mail_storage *_storage, struct mail_namespace *ns,
                         const char **error_r)
{
    struct shared_storage *storage = (struct shared_storage *)_storage;
    const char *variable = strchr(ns->prefix, '%');
    char sep = mail_namespace_get_sep(ns);
    char *prefix;

    if (variable == NULL || variable == ns->prefix || variable[-1] != sep ||
        (variable[1] != 'u' && variable[1] != 'n') || variable[2] != sep || variable[3] != '\0') {
        *error_r = t_strdup_printf(
            "Shared namespace prefix must be of the form name%c%%%%u%c (or "
            "%%%%n): %s",
            sep, sep, ns->unexpanded_set == NULL ? ns->prefix : ns->unexpanded_set->prefix);
        return -1;
    }
    storage->prefix_pattern = p_strdup(_storage->pool, ns->prefix);
    prefix = i_strdup_until(ns->prefix, variable);
    i_free(ns->prefix);
    ns->prefix = prefix;
    ns->prefix_len = strlen(prefix);
    return 0;
}

static void shared_destroy(struct mail_storage *storage ATTR_UNUSED) {}

static void shared_get_list_settings(const struct mail_namespace *ns ATTR_UNUSED,
                                     struct mailbox_list_settings *set)
{
    set->layout = "shared";
}

/* ---- One other user ------------------------------------------------------------------------ */

/* A name becomes a part of a path: it must not lead anywhere else. */
static bool is_plain(const char *part, size_t length)
{
    if (length == 0 || part[0] == '.')
        return FALSE;
    for (size_t i = 0; i < length; i++) {
        if (part[i] == '/' || (unsigned char)part[i] <= ' ' || part[i] == 0x7f)
            return FALSE;
    }
    return TRUE;
}

static bool is_plain_user(const char *user)
{
    const char *at = strchr(user, '@');

    if (at == NULL)
        return is_plain(user, strlen(user));
    return is_plain(user, (size_t)(at - user)) && is_plain(at + 1, strlen(at + 1));
}

/* The user that a vname is about; NULL when it is none, or none that could be. */
static const char *find_username(const struct mailbox_list *list, const char *vname)
{
    const struct mail_namespace *ns = list->ns;
    char sep = mailbox_list_get_hierarchy_sep(CONST_CAST(list));
    const char *user;

    if (strncmp(vname, ns->prefix, ns->prefix_len) != 0)
        return NULL;
    user = t_strcut(vname + ns->prefix_len, sep);
    return is_plain_user(user) ? user : NULL;
}

static struct mail_user *make_owner(struct mail_user *user, const char *username,
                                    const char **error_r)
{
    struct mail_user *owner = mail_user_alloc(event_get_parent(user->event), username,
                                              user->set_info, user->unexpanded_set);

    owner->creator = user;
    owner->autocreated = TRUE;
    mail_user_set_vars(owner, user->service, &user->conn);
    if (mail_user_init(owner, error_r) == 0)
        return owner;
    mail_user_unref(&owner);
    return NULL;
}

/* Only names: where another user's home is nobody here can tell. */
static int expand_location(const char *location, const char *username, string_t *expanded,
                           const char **error_r)
{
    const struct var_expand_table table[] = {{'u', username, "user"},
                                             {'n', t_strcut(username, '@'), "username"},
                                             {'d', i_strchr_to_next(username, '@'), "domain"},
                                             {'\0', NULL, NULL}};

    return var_expand(expanded, location, table, error_r) <= 0 ? -1 : 0;
}

/* Asked before anything is made for a user whom nobody may know. */
static bool has_mails(struct mail_user *user, const char *location)
{
    const char *path = strchr(location, ':'), *error;
    struct mailbox_list_settings set;
    struct stat st;

    return path != NULL && mailbox_list_settings_parse(user, path + 1, &set, &error) == 0 &&
           set.root_dir != NULL && stat(set.root_dir, &st) == 0 && S_ISDIR(st.st_mode);
}

static struct mail_namespace *make_namespace(struct mail_namespace *root, const char *username,
                                             const char *prefix, const char **error_r)
{
    struct mail_namespace_settings *set =
        storage_settings_dup_namespace(root->set, root->user->pool, root->user->set);
    string_t *location = t_str_new(128);
    struct mail_namespace *ns;
    struct mail_user *owner;

    if (expand_location(set->location, username, location, error_r) < 0)
        return NULL;
    if (!has_mails(root->user, str_c(location))) {
        *error_r = t_strdup_printf("There are no mails at %s", str_c(location));
        return NULL;
    }
    owner = make_owner(root->user, username, error_r);
    if (owner == NULL)
        return NULL;
    set->prefix = prefix;
    set->location = str_c(location);
    set->separator = t_strdup_printf("%c", mail_namespace_get_sep(root));
    if (mail_namespace_alloc(root->user, root->user->set, set, NULL, &ns, error_r) < 0) {
        mail_user_unref(&owner);
        return NULL;
    }
    ns->owner = owner;
    ns->flags = (root->flags & NAMESPACE_FLAG_SUBSCRIPTIONS) | NAMESPACE_FLAG_LIST_PREFIX |
                NAMESPACE_FLAG_HIDDEN | NAMESPACE_FLAG_AUTOCREATED | NAMESPACE_FLAG_INBOX_ANY |
                NAMESPACE_FLAG_USABLE;
    return ns;
}

static struct mail_namespace *open_namespace(struct mail_namespace *root, const char *username,
                                             const char **error_r)
{
    const char *prefix =
        t_strdup_printf("%s%s%c", root->prefix, username, mail_namespace_get_sep(root));
    struct mail_namespace *ns = mail_namespace_find_prefix(root->user->namespaces, prefix);

    if (ns != NULL)
        return ns;
    ns = make_namespace(root, username, prefix, error_r);
    if (ns == NULL)
        return NULL;
    if (mail_storage_create(ns, NULL, MAIL_STORAGE_FLAG_NO_AUTOCREATE, error_r) < 0) {
        mail_namespace_free(ns);
        return NULL;
    }
    mail_user_add_namespace(root->user, &ns);
    return mail_namespace_find_prefix(root->user->namespaces, prefix);
}

/* ---- The root: list ------------------------------------------------------------------------ */

static struct mailbox_list *shared_list_alloc(void)
{
    pool_t pool = pool_alloconly_create("shared list", 1024);
    struct mailbox_list *list = p_new(pool, struct mailbox_list, 1);

    *list = shared_list_class;
    list->pool = pool;
    return list;
}

/* What the prefix ends with. */
static char shared_list_get_hierarchy_sep(struct mailbox_list *list)
{
    if (list->ns->prefix_len == 0)
        return '/';
    return list->ns->prefix[list->ns->prefix_len - 1];
}

static int shared_list_get_storage(struct mailbox_list **list, const char *vname,
                                   struct mail_storage **storage_r)
{
    const char *username = find_username(*list, vname), *error = NULL;
    struct mail_namespace *ns =
        username == NULL ? NULL : open_namespace((*list)->ns, username, &error);

    if (ns == NULL) {
        if (error != NULL)
            e_debug((*list)->ns->user->event, "Shared mailbox %s: %s", vname, error);
        mailbox_list_set_error(*list, MAIL_ERROR_NOTFOUND, T_MAIL_ERR_MAILBOX_NOT_FOUND(vname));
        return -1;
    }
    *list = ns->list;
    *storage_r = ns->storage;
    return 0;
}

/* ---- Registering --------------------------------------------------------------------------- */

static struct mail_storage shared_storage_class = {
    .name = "shared",
    .class_flags = MAIL_STORAGE_CLASS_FLAG_NO_ROOT,
    .v = {.alloc = shared_alloc,
          .create = shared_create,
          .destroy = shared_destroy,
          .get_list_settings = shared_get_list_settings,
          .mailbox_alloc = fail_mailbox_alloc},
};

void shared_storage_register(void)
{
    mail_storage_class_register(&shared_storage_class);
}

void shared_list_register(void)
{
    shared_list_class = *mailbox_list_find_class(MAILBOX_LIST_NAME_NONE);
    shared_list_class.name = "shared";
    shared_list_class.v.alloc = shared_list_alloc;
    shared_list_class.v.get_hierarchy_sep = shared_list_get_hierarchy_sep;
    shared_list_class.v.get_storage = shared_list_get_storage;
    mailbox_list_register(&shared_list_class);
}
