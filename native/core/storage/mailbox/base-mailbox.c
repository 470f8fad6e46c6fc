/*
 * The methods of a mailbox that are the same for every driver.
 */
#include "lib.h"

#include <sys/stat.h>

#include "array.h"
#include "base.h"
#include "cache/facts.h"
#include "guid.h"
#include "index/index.h"
#include "lib-event.h"
#include "model/hooks.h"

static bool is_users_inbox(const struct mailbox *box)
{
    return strcmp(box->vname, "INBOX") == 0 &&
           (box->list->ns->flags & NAMESPACE_FLAG_INBOX_USER) != 0;
}

static bool is_any_inbox(const struct mailbox *box)
{
    return strcmp(box->name, "INBOX") == 0 &&
           (box->list->ns->flags & NAMESPACE_FLAG_INBOX_ANY) != 0;
}

static void create_event(struct mailbox *box)
{
    struct event *parent = box->storage->event;

    if (parent == NULL)
        parent = box->storage->user->event;
    box->event = event_create(parent);
    event_add_category(box->event, &event_category_mailbox);
    event_add_str(box->event, "mailbox", box->vname);
    event_drop_parent_log_prefixes(box->event, 1);
    T_BEGIN
    {
        event_set_append_log_prefix(box->event, t_strdup_printf("Mailbox %s: ", box->vname));
    }
    T_END;
}

void mailbox_base_init(struct mailbox *box, const char *vname, enum mailbox_flags flags)
{
    box->vname = p_strdup(box->pool, vname);
    T_BEGIN
    {
        box->name = p_strdup(box->pool, mailbox_list_get_storage_name(box->list, box->vname));
    }
    T_END;
    box->flags = flags;
    box->inbox_user = is_users_inbox(box);
    box->inbox_any = box->inbox_user || is_any_inbox(box);
    p_array_init(&box->search_results, box->pool, 4);
    p_array_init(&box->module_contexts, box->pool, 5);
    create_event(box);
}

void mailbox_base_opened(struct mailbox *box)
{
    i_assert(box->index != NULL && box->view != NULL);

    box->opened = TRUE;
    hook_mailbox_opened(box);
}

void mailbox_base_close(struct mailbox *box)
{
    struct mailbox_base *base = container_of(box, struct mailbox_base, box);

    mailbox_base_watch(box, NULL);
    cache_facts_free(&base->facts);
    if (box->view != NULL)
        mail_index_view_close(&box->view);
    if (box->index != NULL)
        mail_index_free(&box->index);
}

void mailbox_base_free(struct mailbox *box)
{
    /* An open that failed half way leaves these. */
    mailbox_base_close(box);
    i_stream_unref(&box->input);
    event_unref(&box->event);
}

bool mailbox_base_is_readonly(struct mailbox *box)
{
    return (box->flags & MAILBOX_FLAG_READONLY) != 0;
}

bool mailbox_base_is_inconsistent(struct mailbox *box)
{
    return box->view != NULL && mail_index_view_is_inconsistent(box->view);
}

int mailbox_base_enable(struct mailbox *box, enum mailbox_feature features)
{
    box->enabled_features |= features;
    return 0;
}

int mailbox_base_exists(struct mailbox *box, bool auto_boxes ATTR_UNUSED,
                        enum mailbox_existence *existence_r)
{
    enum mailbox_info_flags flags;

    *existence_r = MAILBOX_EXISTENCE_NONE;
    if (mailbox_list_mailbox(box->list, box->name, &flags) < 0) {
        mail_storage_copy_list_error(box->storage, box->list);
        return -1;
    }
    if ((flags & MAILBOX_NONEXISTENT) != 0)
        return 0;
    *existence_r =
        (flags & MAILBOX_NOSELECT) != 0 ? MAILBOX_EXISTENCE_NOSELECT : MAILBOX_EXISTENCE_SELECT;
    return 0;
}

int mailbox_base_update_box(struct mailbox *box, const struct mailbox_update *update)
{
    if (guid_128_is_empty(update->mailbox_guid) && update->uid_validity == 0 &&
        update->min_next_uid == 0 && update->min_first_recent_uid == 0 &&
        update->min_highest_modseq == 0 && update->min_highest_pvt_modseq == 0)
        return 0;
    mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                           "Mailbox properties can't be changed");
    return -1;
}

/* The list that keeps the subscriptions of a namespace, and the mailbox's name there. */
static struct mailbox_list *subscriptions_list(struct mailbox *box, const char **name_r)
{
    struct mailbox_list *list = box->list;
    struct mail_namespace *ns;

    *name_r = box->name;
    if ((list->ns->flags & NAMESPACE_FLAG_SUBSCRIPTIONS) != 0)
        return list;
    ns = mail_namespace_find_subscribable(list->ns->user->namespaces, box->vname);
    if (ns == NULL)
        return NULL;
    *name_r = mailbox_list_get_storage_name(ns->list, box->vname);
    return ns->list;
}

int mailbox_base_set_subscribed(struct mailbox *box, bool set)
{
    const char *name;
    struct mailbox_list *list = subscriptions_list(box, &name);

    if (list == NULL) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                               "This namespace has no subscriptions");
        return -1;
    }
    if (mailbox_list_set_subscribed(list, name, set) < 0) {
        mail_storage_copy_list_error(box->storage, list);
        return -1;
    }
    return 0;
}

/* There is no index of lists that could know of it. */
int mailbox_base_list_index_has_changed(struct mailbox *box ATTR_UNUSED,
                                        struct mail_index_view *list_view ATTR_UNUSED,
                                        uint32_t seq ATTR_UNUSED, bool quick ATTR_UNUSED,
                                        const char **reason_r)
{
    *reason_r = "There is no list index";
    return 1;
}

void mailbox_base_list_index_update_sync(struct mailbox *box ATTR_UNUSED,
                                         struct mail_index_transaction *trans ATTR_UNUSED,
                                         uint32_t seq ATTR_UNUSED)
{
}
