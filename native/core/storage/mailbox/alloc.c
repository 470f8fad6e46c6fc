/*
 * Making and freeing mailbox objects. Allocating never fails: it happens everywhere, and what is wrong
 * with a name or its storage is told when the mailbox is opened.
 */
#include "lib.h"

#include "guid.h"
#include "llist.h"
#include "mail-storage-private.h"
#include "mailbox-list-iter.h"
#include "model/hooks.h"
#include "names.h"
#include "unichar.h"

/* The storage of the name; the list may become another one. When it cannot be told, the namespace's own
   one, and why. */
static struct mail_storage *storage_of(struct mailbox_list **list, const char *vname,
                                       enum mail_error *error_r, const char **text_r)
{
    struct mail_storage *storage;
    struct mailbox_list *given = *list;

    *error_r = MAIL_ERROR_NONE;
    if (mailbox_list_get_storage(list, vname, &storage) == 0)
        return storage;
    *text_r = t_strdup(mailbox_list_get_last_error(*list, error_r));
    *list = given;
    return mail_namespace_get_default_storage(given->ns);
}

static struct mailbox *alloc_box(struct mailbox_list *list, const char *vname,
                                 enum mailbox_flags flags)
{
    const char *error_text = NULL;
    enum mail_error open_error;
    struct mail_storage *storage;
    struct mailbox *box;

    if (!uni_utf8_str_is_valid(vname))
        i_panic("mailbox_alloc(): the name is not valid UTF-8");
    vname = mailbox_vname_fold_inbox(list, vname);
    storage = storage_of(&list, vname, &open_error, &error_text);
    box = storage->v.mailbox_alloc(storage, list, vname, flags);
    box->set = mailbox_settings_find(list->ns, vname);
    box->open_error = open_error;
    if (open_error != MAIL_ERROR_NONE)
        mail_storage_set_error(storage, open_error, error_text);
    hook_mailbox_allocated(box);

    DLLIST_PREPEND(&storage->mailboxes, box);
    mail_storage_obj_ref(storage);
    return box;
}

struct mailbox *mailbox_alloc(struct mailbox_list *list, const char *vname,
                              enum mailbox_flags flags)
{
    struct mailbox *box;

    T_BEGIN
    {
        box = alloc_box(list, vname, flags);
    }
    T_END;
    return box;
}

static bool mailbox_has_guid(struct mailbox *box, const guid_128_t guid)
{
    struct mailbox_metadata metadata;

    return mailbox_get_metadata(box, MAILBOX_METADATA_GUID, &metadata) == 0 &&
           guid_128_equals(metadata.guid, guid);
}

/* There is no index of all GUIDs: the mailboxes are asked one after the other. */
static struct mailbox *find_guid(struct mailbox_list *list, const guid_128_t guid,
                                 enum mailbox_flags flags)
{
    struct mailbox_list_iterate_context *iter;
    const struct mailbox_info *info;
    struct mailbox *box = NULL;

    iter = mailbox_list_iter_init(list, "*",
                                  MAILBOX_LIST_ITER_SKIP_ALIASES | MAILBOX_LIST_ITER_NO_AUTO_BOXES);
    while (box == NULL && (info = mailbox_list_iter_next(iter)) != NULL) {
        if ((info->flags & (MAILBOX_NOSELECT | MAILBOX_NONEXISTENT)) != 0)
            continue;
        box = mailbox_alloc(info->ns->list, info->vname, flags);
        if (!mailbox_has_guid(box, guid))
            mailbox_free(&box);
    }
    (void)mailbox_list_iter_deinit(&iter);
    return box;
}

struct mailbox *mailbox_alloc_guid(struct mailbox_list *list, const guid_128_t guid,
                                   enum mailbox_flags flags)
{
    struct mailbox *box;
    const char *vname;

    box = find_guid(list, guid, flags);
    if (box != NULL)
        return box;
    vname = t_strdup_printf("%s(nonexistent mailbox with GUID=%s)", list->ns->prefix,
                            guid_128_to_string(guid));
    box = mailbox_alloc(list, vname, flags);
    box->open_error = MAIL_ERROR_NOTFOUND;
    return box;
}

static const char *special_use_name(struct mail_namespace *ns, const char *special_use)
{
    struct mailbox_settings *const *set;

    if (ns->set == NULL || !array_is_created(&ns->set->mailboxes))
        return NULL;
    array_foreach(&ns->set->mailboxes, set)
    {
        if (strpbrk((*set)->name, "*?") == NULL && (*set)->special_use != NULL &&
            str_array_icase_find(t_strsplit_spaces((*set)->special_use, " "), special_use))
            return strcmp((*set)->name, "INBOX") == 0 ? "INBOX"
                                                      : t_strconcat(ns->prefix, (*set)->name, NULL);
    }
    return NULL;
}

static struct mailbox *alloc_special_use(struct mail_user *user, const char *special_use,
                                         enum mailbox_flags flags)
{
    struct mail_namespace *ns;
    struct mailbox *box;
    const char *vname;

    for (ns = user->namespaces; ns != NULL; ns = ns->next) {
        vname = special_use_name(ns, special_use);
        if (vname != NULL)
            return mailbox_alloc(ns->list, vname, flags);
    }
    ns = mail_namespace_find_inbox(user->namespaces);
    vname = t_strdup_printf("%s(no mailbox has the special use %s)", ns->prefix, special_use);
    box = mailbox_alloc(ns->list, vname, flags);
    box->open_error = MAIL_ERROR_NOTFOUND;
    return box;
}

struct mailbox *mailbox_alloc_for_user(struct mail_user *user, const char *mname,
                                       enum mailbox_flags flags)
{
    struct mailbox *box;

    T_BEGIN
    {
        if ((flags & MAILBOX_FLAG_SPECIAL_USE) != 0)
            box = alloc_special_use(user, mname, flags);
        else
            box = mailbox_alloc(mail_namespace_find(user->namespaces, mname)->list, mname, flags);
    }
    T_END;
    return box;
}

void mailbox_free(struct mailbox **_box)
{
    struct mailbox *box = *_box;
    pool_t pool = box->pool;

    *_box = NULL;
    mailbox_close(box);
    box->v.free(box);
    DLLIST_REMOVE(&box->storage->mailboxes, box);
    mail_storage_obj_unref(box->storage);
    pool_unref(&pool);
}
