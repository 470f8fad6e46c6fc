/*
 * Renaming a mailbox with everything below it.
 */
#include "lib.h"

#include "base.h"
#include "mailbox-list-iter.h"
#include "names.h"

static int not_possible(struct mailbox *src, const char *text)
{
    mail_storage_set_error(src->storage, MAIL_ERROR_NOTPOSSIBLE, text);
    return -1;
}

/* The names of children grow with the new name. */
static int verify_children(struct mailbox *src, struct mailbox *dest)
{
    struct mailbox_list_iterate_context *iter;
    const struct mailbox_info *info;
    const char *pattern;
    size_t src_length = strlen(src->vname);
    int result = 0;

    pattern =
        t_strdup_printf("%s%c*", src->vname, mail_namespace_get_sep(mailbox_get_namespace(src)));
    iter = mailbox_list_iter_init(src->list, pattern, MAILBOX_LIST_ITER_RETURN_NO_FLAGS);
    while (result == 0 && (info = mailbox_list_iter_next(iter)) != NULL) {
        /* A '*' or '%' in src's own name matches others too. */
        if (strncmp(info->vname, src->vname, src_length) == 0)
            result = mailbox_verify_name_length(dest, strlen(info->vname + src_length));
    }
    if (mailbox_list_iter_deinit(&iter) < 0) {
        mail_storage_copy_list_error(src->storage, src->list);
        return -1;
    }
    if (result < 0)
        mail_storage_copy_error(src->storage, dest->storage);
    return result;
}

static int verify_places(struct mailbox *src, struct mailbox *dest)
{
    if (src->list == dest->list) {
        if (strcmp(src->name, dest->name) != 0)
            return 0;
        mail_storage_set_error(src->storage, MAIL_ERROR_EXISTS, "Can't rename mailbox to itself.");
        return -1;
    }
    if (strcmp(src->storage->name, dest->storage->name) != 0 ||
        strcmp(src->list->name, dest->list->name) != 0)
        return not_possible(src, "Can't rename mailboxes across specified storages.");
    if (src->list->ns->type != MAIL_NAMESPACE_TYPE_PRIVATE ||
        dest->list->ns->type != MAIL_NAMESPACE_TYPE_PRIVATE)
        return not_possible(src, "Renaming not supported across non-private namespaces.");
    return 0;
}

static int rename_verified(struct mailbox *src, struct mailbox *dest)
{
    int result;

    /* Locking the source too could wait for someone who has it and waits for us. */
    if (mailbox_list_lock(dest->list) < 0) {
        mail_storage_copy_list_error(src->storage, dest->list);
        return -1;
    }
    T_BEGIN
    {
        result = src->v.rename_box(src, dest);
    }
    T_END;
    mailbox_list_unlock(dest->list);
    return result;
}

int mailbox_rename(struct mailbox *src, struct mailbox *dest)
{
    mail_storage_clear_error(src->storage);
    if (mailbox_verify_name(src) < 0)
        return -1;
    if (*src->name == '\0') {
        mail_storage_set_error(src->storage, MAIL_ERROR_PARAMS, "Can't rename mailbox root");
        return -1;
    }
    if (mailbox_verify_create_name(dest) < 0) {
        mail_storage_copy_error(src->storage, dest->storage);
        return -1;
    }
    if (verify_children(src, dest) < 0 || verify_places(src, dest) < 0)
        return -1;
    return rename_verified(src, dest);
}

int mailbox_base_rename_box(struct mailbox *src, struct mailbox *dest)
{
    if (src->inbox_user)
        return not_possible(src, "Renaming INBOX isn't supported.");
    /* it always exists, even if there is nothing of it on disk */
    if (dest->inbox_user) {
        mail_storage_set_error(src->storage, MAIL_ERROR_EXISTS, MAIL_ERRSTR_MAILBOX_EXISTS);
        return -1;
    }
    if (src->list->v.rename_mailbox(src->list, src->name, dest->list, dest->name) < 0) {
        mail_storage_copy_list_error(src->storage, src->list);
        return -1;
    }
    return 0;
}
