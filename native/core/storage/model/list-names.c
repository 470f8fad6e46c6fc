/*
 * The two names of a mailbox, and the way from one to the other.
 *
 * A vname is UTF-8 with the namespace's prefix and separator. A storage name has no prefix, the
 * list's separator, and is modified UTF-7 unless the location says UTF-8. With
 * storage_name_escape_char, characters that a storage name cannot have are written as that
 * character and two hexadecimal digits; with vname_escape_char, bytes of a storage name that
 * cannot be UTF-8 are written so in the vname.
 */
#include "lib.h"

#include "hex-binary.h"
#include "imap-utf7.h"
#include "mailbox-list-private.h"
#include "str.h"
#include "unichar.h"

/* ---- Escapes ------------------------------------------------------------------------------- */

static void append_escaped(string_t *dest, char escape_char, char c)
{
    str_append_c(dest, escape_char);
    str_printfa(dest, "%02x", (unsigned int)(unsigned char)c);
}

void mailbox_list_name_escape(const char *name, const char *escape_chars, string_t *dest)
{
    for (; *name != '\0'; name++) {
        if (strchr(escape_chars, *name) != NULL)
            append_escaped(dest, escape_chars[0], *name);
        else
            str_append_c(dest, *name);
    }
}

void mailbox_list_name_unescape(const char **name, char escape_char)
{
    string_t *plain;
    unsigned char byte;

    if (strchr(*name, escape_char) == NULL)
        return;
    plain = t_str_new(strlen(*name));
    for (const char *p = *name; *p != '\0'; p++) {
        if (*p == escape_char && imap_escaped_utf8_hex_to_char(p + 1, &byte) == 0) {
            str_append_c(plain, byte);
            p += 2;
        } else {
            str_append_c(plain, *p);
        }
    }
    *name = str_c(plain);
}

/* Escapes all that would mean something else in a storage name; separators stay. */
static const char *escape_vname(struct mailbox_list *list, const char *vname)
{
    char ns_sep = mail_namespace_get_sep(list->ns), list_sep = mailbox_list_get_hierarchy_sep(list);
    char escape_char = list->set.storage_name_escape_char;
    string_t *name = t_str_new(strlen(vname) + 16);
    bool level_begins = TRUE;

    for (; *vname != '\0'; vname++) {
        if (*vname == ns_sep)
            str_append_c(name, ns_sep);
        else if (*vname == list_sep || *vname == '/' || *vname == escape_char ||
                 (level_begins && (*vname == '~' || *vname == '.')))
            append_escaped(name, escape_char, *vname);
        else
            str_append_c(name, *vname);
        level_begins = *vname == ns_sep;
    }
    return str_c(name);
}

/* ---- vname → storage name ------------------------------------------------------------------ */

static bool is_user_inbox(const struct mail_namespace *ns, const char *vname)
{
    return (ns->flags & NAMESPACE_FLAG_INBOX_USER) != 0 && strcasecmp(vname, "INBOX") == 0;
}

/* A name outside of the namespace, such as a pattern, stays as it is. */
static const char *skip_prefix(const struct mail_namespace *ns, const char *vname)
{
    if (strncmp(vname, ns->prefix, ns->prefix_len) == 0)
        return vname + ns->prefix_len;
    if (strlen(vname) + 1 == ns->prefix_len && strncmp(vname, ns->prefix, ns->prefix_len - 1) == 0)
        return "";
    return vname;
}

static const char *to_utf7(struct mailbox_list *list, const char *name)
{
    string_t *utf7 = t_str_new(strlen(name) * 2);
    int ret;

    if (list->set.utf8)
        return name;
    ret = list->set.vname_escape_char == '\0'
              ? imap_utf8_to_utf7(name, utf7)
              : imap_escaped_utf8_to_utf7(name, list->set.vname_escape_char, utf7);
    /* Invalid UTF-8 stays as it is: such a name is refused when it is used. */
    return ret < 0 ? name : str_c(utf7);
}

const char *mailbox_list_default_get_storage_name(struct mailbox_list *list, const char *vname)
{
    struct mail_namespace *ns = list->ns;
    char ns_sep = mail_namespace_get_sep(ns), list_sep = mailbox_list_get_hierarchy_sep(list);
    const char *name;

    if (is_user_inbox(ns, vname))
        return "INBOX";
    name = ns->prefix_len > 0 ? skip_prefix(ns, vname) : vname;
    if (*name == '\0' && ns->type == MAIL_NAMESPACE_TYPE_SHARED &&
        (ns->flags & NAMESPACE_FLAG_INBOX_ANY) != 0)
        return "INBOX";
    if (list->set.storage_name_escape_char != '\0')
        name = escape_vname(list, name);
    if (ns_sep != list_sep)
        name = t_str_replace(name, ns_sep, list_sep);
    return to_utf7(list, name);
}

const char *mailbox_list_get_storage_name(struct mailbox_list *list, const char *vname)
{
    return list->v.get_storage_name(list, vname);
}

/* ---- storage name → vname ------------------------------------------------------------------ */

static const char *to_utf8(struct mailbox_list *list, const char *name)
{
    const char escape_chars[] = {list->set.vname_escape_char, mail_namespace_get_sep(list->ns),
                                 '\0'};
    string_t *utf8 = t_str_new(strlen(name) + 16);

    if (list->set.utf8)
        return name;
    if (list->set.vname_escape_char == '\0')
        return imap_utf7_to_utf8(name, utf8) < 0 ? name : str_c(utf8);
    /* What would become a separator in the vname and is none here is escaped too. */
    if (escape_chars[1] == mailbox_list_get_hierarchy_sep(list))
        imap_utf7_to_utf8_escaped(name, t_strndup(escape_chars, 1), utf8);
    else
        imap_utf7_to_utf8_escaped(name, escape_chars, utf8);
    return str_c(utf8);
}

static bool has_escapes(const struct mailbox_list *list, const char *name)
{
    return list->set.storage_name_escape_char != '\0' &&
           strchr(name, list->set.storage_name_escape_char) != NULL;
}

const char *mailbox_list_default_get_vname(struct mailbox_list *list, const char *storage_name)
{
    struct mail_namespace *ns = list->ns;
    char ns_sep = mail_namespace_get_sep(ns), list_sep = mailbox_list_get_hierarchy_sep(list);
    const char *name;

    if (is_user_inbox(ns, storage_name))
        return "INBOX";
    if (*storage_name == '\0')
        return ns->prefix_len == 0 ? "" : t_strndup(ns->prefix, ns->prefix_len - 1);
    if (strcmp(storage_name, "INBOX") == 0 && ns->type == MAIL_NAMESPACE_TYPE_SHARED &&
        (ns->flags & NAMESPACE_FLAG_INBOX_ANY) != 0 && ns->prefix_len > 0)
        return t_strndup(ns->prefix, ns->prefix_len - 1);
    name = to_utf8(list, storage_name);
    if (ns_sep != list_sep)
        name = t_str_replace(name, list_sep, ns_sep);
    if (has_escapes(list, name))
        mailbox_list_name_unescape(&name, list->set.storage_name_escape_char);
    return ns->prefix_len == 0 ? name : t_strconcat(ns->prefix, name, NULL);
}

const char *mailbox_list_get_vname(struct mailbox_list *list, const char *name)
{
    return list->v.get_vname(list, name);
}
