/*
 * A mailbox's status and metadata, from its index and its mails.
 */
#include "lib.h"

#include "base.h"
#include "mail-search-build.h"

static int open_and_sync(struct mailbox *box)
{
    if (box->opened)
        return 0;
    return mailbox_open(box) < 0 ? -1 : mailbox_sync(box, 0);
}

static uint32_t first_unseen(struct mail_index_view *view, uint32_t count)
{
    for (uint32_t seq = 1; seq <= count; seq++) {
        if ((mail_index_lookup(view, seq)->flags & MAIL_SEEN) == 0)
            return seq;
    }
    return 0;
}

/* Of what the view shows; the index may have gone on since. */
static uint32_t count_unseen(struct mail_index_view *view, uint32_t count)
{
    uint32_t unseen = 0;

    for (uint32_t seq = 1; seq <= count; seq++) {
        if ((mail_index_lookup(view, seq)->flags & MAIL_SEEN) == 0)
            unseen++;
    }
    return unseen;
}

static void permanent_flags(struct mailbox *box, struct mailbox_status *status_r)
{
    bool readonly = mailbox_is_readonly(box);

    status_r->flags = MAIL_FLAGS_NONRECENT;
    status_r->permanent_flags = readonly ? 0 : MAIL_FLAGS_NONRECENT;
    status_r->permanent_keywords = !readonly;
    status_r->allow_new_keywords = !readonly && !box->disallow_new_keywords;
}

int mailbox_base_get_status(struct mailbox *box, enum mailbox_status_items items,
                            struct mailbox_status *status_r)
{
    const struct mail_index_header *header;
    uint32_t count;

    /* Whether there is room is for plugins to say. */
    if ((items & ENUM_NEGATE(STATUS_CHECK_OVER_QUOTA)) == 0)
        return 0;
    if (open_and_sync(box) < 0)
        return -1;

    header = mail_index_get_header(box->view);
    count = mail_index_view_get_messages_count(box->view);
    status_r->messages = count;
    status_r->uidvalidity = header->uid_validity;
    status_r->uidnext = header->next_uid;
    status_r->first_recent_uid = header->first_recent_uid;
    status_r->last_cached_seq = 0;
    status_r->nonpermanent_modseqs = TRUE;
    permanent_flags(box, status_r);
    if ((items & STATUS_RECENT) != 0)
        status_r->recent = mailbox_recent_count(box);
    if ((items & STATUS_UNSEEN) != 0)
        status_r->unseen = count_unseen(box->view, count);
    if ((items & STATUS_FIRST_UNSEEN_SEQ) != 0)
        status_r->first_unseen_seq = first_unseen(box->view, count);
    if ((items & STATUS_KEYWORDS) != 0)
        status_r->keywords = mail_index_get_keywords(box->index);
    if ((items & STATUS_HIGHESTMODSEQ) != 0)
        status_r->highest_modseq = mail_index_modseq_get_highest(box->view);
    return 0;
}

/* ---- Metadata -------------------------------------------------------------------------------- */

static int add_mail(struct mail *mail, enum mailbox_metadata_items items,
                    struct mailbox_metadata *metadata_r)
{
    uoff_t size;
    time_t date;

    if ((items & MAILBOX_METADATA_VIRTUAL_SIZE) != 0) {
        if (mail_get_virtual_size(mail, &size) < 0)
            return -1;
        metadata_r->virtual_size += size;
    }
    if ((items & MAILBOX_METADATA_PHYSICAL_SIZE) != 0) {
        if (mail_get_physical_size(mail, &size) < 0)
            return -1;
        metadata_r->physical_size += size;
    }
    if ((items & MAILBOX_METADATA_FIRST_SAVE_DATE) != 0) {
        if (mail_get_save_date(mail, &date) < 0)
            return -1;
        if (metadata_r->first_save_date == (time_t)-1 || date < metadata_r->first_save_date)
            metadata_r->first_save_date = date;
    }
    return 0;
}

static int add_all_mails(struct mailbox_transaction_context *t, enum mailbox_metadata_items items,
                         struct mailbox_metadata *metadata_r)
{
    struct mail_search_args *args = mail_search_build_init();
    struct mail_search_context *search;
    struct mail *mail;
    int result = 0;

    mail_search_build_add_all(args);
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    while (result == 0 && mailbox_search_next(search, &mail)) {
        if (add_mail(mail, items, metadata_r) < 0 && !mail->expunged)
            result = -1;
    }
    return mailbox_search_deinit(&search) < 0 ? -1 : result;
}

static int sum_up(struct mailbox *box, enum mailbox_metadata_items items,
                  struct mailbox_metadata *metadata_r)
{
    struct mailbox_transaction_context *t;
    int result;

    t = mailbox_transaction_begin(box, 0, "mailbox metadata");
    result = add_all_mails(t, items, metadata_r);
    mailbox_transaction_rollback(&t);
    return result;
}

/* Nothing is cached: an array without elements, for callers that look. */
static const ARRAY_TYPE(mailbox_cache_field) * no_cache_fields(void)
{
    static buffer_t empty;
    static ARRAY_TYPE(mailbox_cache_field) none;

    none.arr.buffer = &empty;
    none.arr.element_size = sizeof(struct mailbox_cache_field);
    return &none;
}

int mailbox_base_get_metadata(struct mailbox *box, enum mailbox_metadata_items items,
                              struct mailbox_metadata *metadata_r)
{
    static const enum mailbox_metadata_items summed = MAILBOX_METADATA_VIRTUAL_SIZE |
                                                      MAILBOX_METADATA_PHYSICAL_SIZE |
                                                      MAILBOX_METADATA_FIRST_SAVE_DATE;

    metadata_r->first_save_date = (time_t)-1;
    if ((items & MAILBOX_METADATA_CACHE_FIELDS) != 0)
        metadata_r->cache_fields = no_cache_fields();
    if ((items & MAILBOX_METADATA_BACKEND_NAMESPACE) != 0) {
        metadata_r->backend_ns_prefix = box->list->ns->prefix;
        metadata_r->backend_ns_type = box->list->ns->type;
    }
    if ((items & summed) == 0)
        return 0;
    return open_and_sync(box) < 0 ? -1 : sum_up(box, items, metadata_r);
}
