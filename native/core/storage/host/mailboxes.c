/*
 * The mailboxes of a user: list, create, delete, rename, subscribe, status.
 */
#include "host/operation.h"

#include "hex-binary.h"
#include "mail-namespace.h"
#include "mail-storage.h"
#include "mail-user.h"
#include "mailbox-list-iter.h"

#include "host/operations.h"
#include "host/session.h"
#include "host/user.h"

/* The flags of LIST that say something about a mailbox by itself. */
static void write_list_flags(vsmtp_out *out, enum mailbox_info_flags flags)
{
    static const struct {
        enum mailbox_info_flags flag;
        const char *name;
    } names[] = {{MAILBOX_NOSELECT, "\\Noselect"},       {MAILBOX_NONEXISTENT, "\\NonExistent"},
                 {MAILBOX_CHILDREN, "\\HasChildren"},    {MAILBOX_NOCHILDREN, "\\HasNoChildren"},
                 {MAILBOX_NOINFERIORS, "\\Noinferiors"}, {MAILBOX_MARKED, "\\Marked"},
                 {MAILBOX_UNMARKED, "\\UnMarked"},       {MAILBOX_SUBSCRIBED, "\\Subscribed"}};

    vsmtp_out_begin_array(out);
    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        if ((flags & names[i].flag) != 0)
            vsmtp_out_string(out, names[i].name);
    }
    vsmtp_out_end(out);
}

static void write_info(vsmtp_out *out, const struct mailbox_info *info)
{
    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "flags");
    write_list_flags(out, info->flags);
    vsmtp_out_key(out, "name");
    vsmtp_out_string(out, info->vname);
    vsmtp_out_key(out, "specialUse");
    vsmtp_out_string(out, info->special_use);
    vsmtp_out_key(out, "subscribed");
    vsmtp_out_bool(out, (info->flags & MAILBOX_SUBSCRIBED) != 0);
    vsmtp_out_end(out);
}

int operation_list(struct operation *operation)
{
    static const char *const everything[] = {"*", NULL};
    const char *const *patterns = value_texts(&operation->arguments, "patterns");
    enum mailbox_list_iter_flags flags = MAILBOX_LIST_ITER_RETURN_CHILDREN |
                                         MAILBOX_LIST_ITER_RETURN_SUBSCRIBED |
                                         MAILBOX_LIST_ITER_RETURN_SPECIALUSE;
    struct session *session = session_of(operation);
    struct mailbox_list_iterate_context *list;
    const struct mailbox_info *info;

    if (session == NULL)
        return -1;
    if (value_flag(&operation->arguments, "subscribed"))
        flags |= MAILBOX_LIST_ITER_SELECT_SUBSCRIBED;
    list = mailbox_list_iter_init_namespaces(session->user->namespaces,
                                             *patterns != NULL ? patterns : everything,
                                             MAIL_NAMESPACE_TYPE_MASK_ALL, flags);
    vsmtp_out_begin_array(operation->out);
    while ((info = mailbox_list_iter_next(list)) != NULL)
        write_info(operation->out, info);
    vsmtp_out_end(operation->out);
    if (mailbox_list_iter_deinit(&list) == 0)
        return 0;
    return operation_fail_list(operation, session->user->namespaces->list);
}

/* Does something to the mailbox that the request names. */
static int with_mailbox(struct operation *operation, enum mailbox_flags flags,
                        int (*act)(struct operation *operation, struct mailbox *box))
{
    struct session *session = session_of(operation);
    struct mailbox *box;
    int result;

    if (session == NULL)
        return -1;
    box = user_mailbox(operation, session->user, "mailbox", flags);
    if (box == NULL)
        return -1;
    result = act(operation, box);
    mailbox_free(&box);
    return result;
}

static int create(struct operation *operation, struct mailbox *box)
{
    return mailbox_create(box, NULL, FALSE) == 0 ? 0 : operation_fail_box(operation, box);
}

int operation_create(struct operation *operation)
{
    return with_mailbox(operation, 0, create);
}

static int delete (struct operation *operation, struct mailbox *box)
{
    return mailbox_delete(box) == 0 ? 0 : operation_fail_box(operation, box);
}

int operation_delete(struct operation *operation)
{
    return with_mailbox(operation, 0, delete);
}

static int subscribe(struct operation *operation, struct mailbox *box)
{
    bool set = value_flag(&operation->arguments, "subscribed");

    return mailbox_set_subscribed(box, set) == 0 ? 0 : operation_fail_box(operation, box);
}

int operation_subscribe(struct operation *operation)
{
    return with_mailbox(operation, 0, subscribe);
}

static int rename_to_destination(struct operation *operation, struct mailbox *box)
{
    struct mailbox *destination =
        user_mailbox(operation, mailbox_get_namespace(box)->user, "destination", 0);
    int result;

    if (destination == NULL)
        return -1;
    result = mailbox_rename(box, destination) == 0 ? 0 : operation_fail_box(operation, box);
    mailbox_free(&destination);
    return result;
}

int operation_rename(struct operation *operation)
{
    return with_mailbox(operation, 0, rename_to_destination);
}

static void write_status(vsmtp_out *out, const char *name, const struct mailbox_status *status,
                         const struct mailbox_metadata *metadata)
{
    const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {
        {"messages", status->messages},
        {"recent", status->recent},
        {"unseen", status->unseen},
        {"uidNext", status->uidnext},
        {"uidValidity", status->uidvalidity},
        {"highestModseq", status->highest_modseq},
        {"physicalSize", metadata->physical_size},
        {"virtualSize", metadata->virtual_size},
    };

    vsmtp_out_begin_map(out);
    for (size_t i = 0; i < N_ELEMENTS(numbers); i++) {
        vsmtp_out_key(out, numbers[i].name);
        vsmtp_out_int(out, (int64_t)numbers[i].value);
    }
    vsmtp_out_key(out, "guid");
    vsmtp_out_string(out, guid_128_to_string(metadata->guid));
    vsmtp_out_key(out, "name");
    vsmtp_out_string(out, name);
    vsmtp_out_end(out);
}

static int tell_status(struct operation *operation, struct mailbox *box)
{
    struct mailbox_status status;
    struct mailbox_metadata metadata;

    if (mailbox_open(box) < 0 || mailbox_sync(box, MAILBOX_SYNC_FLAG_FULL_READ) < 0 ||
        mailbox_get_status(box,
                           STATUS_MESSAGES | STATUS_RECENT | STATUS_UNSEEN | STATUS_UIDNEXT |
                               STATUS_UIDVALIDITY | STATUS_HIGHESTMODSEQ,
                           &status) < 0 ||
        mailbox_get_metadata(box,
                             MAILBOX_METADATA_GUID | MAILBOX_METADATA_VIRTUAL_SIZE |
                                 MAILBOX_METADATA_PHYSICAL_SIZE,
                             &metadata) < 0)
        return operation_fail_box(operation, box);
    write_status(operation->out, mailbox_get_vname(box), &status, &metadata);
    return 0;
}

int operation_status(struct operation *operation)
{
    return with_mailbox(operation, MAILBOX_FLAG_READONLY, tell_status);
}
