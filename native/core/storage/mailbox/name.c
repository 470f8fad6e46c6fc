/*
 * Names of mailboxes, judged before a mailbox is opened or created, so that neither drivers nor plugins
 * ever see one that escapes its namespace or that no client could name.
 */
#include "lib.h"

#include "mail-storage-private.h"
#include "names.h"
#include "str-sanitize.h"

/* RFC 9051 sets no limits; this keeps a path that is made of a name below what systems allow. */
enum { VNAME_MAX_LENGTH = 4096 };

const char *mailbox_vname_fold_inbox(struct mailbox_list *list, const char *vname)
{
    const struct mail_namespace *ns = list->ns;

    if (strncasecmp(vname, "INBOX", 5) != 0 || strncmp(vname, "INBOX", 5) == 0)
        return vname;
    if (vname[5] == '\0' || vname[5] == mail_namespace_get_sep(list->ns))
        return t_strconcat("INBOX", vname + 5, NULL);
    if (ns->prefix_len > 5 && strncmp(ns->prefix, "INBOX", 5) == 0 && vname[5] == ns->prefix[5])
        return t_strconcat("INBOX", vname + 5, NULL);
    return vname;
}

static int invalid_name(struct mailbox *box, const char *reason)
{
    mail_storage_set_error(box->storage, MAIL_ERROR_PARAMS,
                           t_strdup_printf("Invalid mailbox name: %s", reason));
    return -1;
}

/* Takes the namespace's prefix away. NULL when the name has none; "" is the namespace itself. */
static const char *without_prefix(const struct mail_namespace *ns, const char *vname)
{
    if (ns->prefix_len == 0)
        return vname;
    if (strncmp(vname, ns->prefix, ns->prefix_len) == 0)
        return vname + ns->prefix_len;
    if (strncmp(vname, ns->prefix, ns->prefix_len - 1) == 0 && vname[ns->prefix_len - 1] == '\0')
        return "";
    return NULL;
}

static const char *separator_problem(const char *vname, char sep)
{
    const char adjacent[] = {sep, sep, '\0'};

    if (vname[0] == sep)
        return "Begins with hierarchy separator";
    if (vname[0] != '\0' && vname[strlen(vname) - 1] == sep)
        return "Ends with hierarchy separator";
    if (strstr(vname, adjacent) != NULL)
        return "Has adjacent hierarchy separators";
    return NULL;
}

/* The list's separator, and the one of paths, would be taken for one of the namespace's. */
static const char *foreign_separator_problem(struct mailbox *box, const char *vname)
{
    char ns_sep = mail_namespace_get_sep(box->list->ns);
    char list_sep = mailbox_list_get_hierarchy_sep(box->list);

    if (box->list->set.storage_name_escape_char != '\0')
        return NULL;
    if (list_sep != ns_sep && strchr(vname, list_sep) != NULL)
        return t_strdup_printf("Character not allowed in mailbox name: '%c'", list_sep);
    if (ns_sep != '/' && strchr(vname, '/') != NULL &&
        !box->list->mail_set->mail_full_filesystem_access)
        return "Character not allowed in mailbox name: '/'";
    return NULL;
}

int mailbox_verify_name(struct mailbox *box)
{
    struct mail_namespace *ns = box->list->ns;
    const char *vname, *problem;

    if (box->inbox_user)
        return 0;
    vname = without_prefix(ns, box->vname);
    if (vname == NULL)
        return invalid_name(box, t_strdup_printf("Missing namespace prefix '%s'", ns->prefix));

    problem = separator_problem(vname, mail_namespace_get_sep(ns));
    if (problem == NULL)
        problem = foreign_separator_problem(box, vname);
    if (problem != NULL ||
        (box->name[0] != '\0' && !mailbox_list_is_valid_name(box->list, box->name, &problem)))
        return invalid_name(box, problem);
    return 0;
}

int mailbox_verify_name_length(struct mailbox *box, size_t child_length)
{
    if (strlen(box->vname) + child_length <= VNAME_MAX_LENGTH)
        return 0;
    mail_storage_set_error(box->storage, MAIL_ERROR_PARAMS, "Mailbox name too long");
    return -1;
}

int mailbox_verify_create_name(struct mailbox *box)
{
    if (mailbox_verify_name(box) < 0)
        return -1;
    if (box->skip_create_name_restrictions)
        return 0;
    if (mailbox_verify_name_length(box, 0) < 0)
        return -1;
    for (const char *p = box->vname; *p != '\0'; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f) {
            mail_storage_set_error(box->storage, MAIL_ERROR_PARAMS,
                                   "Control characters not allowed in new mailbox names");
            return -1;
        }
    }
    return 0;
}

void mailbox_skip_create_name_restrictions(struct mailbox *box, bool set)
{
    box->skip_create_name_restrictions = set;
}
