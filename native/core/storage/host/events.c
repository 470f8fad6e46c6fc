/*
 * Listens to notify and tells the host what has happened, as maps of plain data. What a transaction
 * does is told when it is committed, with the uids that the mails have then, and not at all when it
 * is not.
 */
#include "host/events.h"

#include "array.h"
#include "mail-namespace.h"
#include "mail-storage.h"
#include "mail-user.h"
#include "notify-plugin.h"

#include "host/marks.h"
#include "host/operations.h"
#include "host/thread.h"

/* One change of a mail. */
struct happening {
    const char *kind;
    uint32_t uid;       /**< 0: known at commit */
    const char *source; /**< of a copy */
    uint32_t source_uid;
    uoff_t size; /**< UOFF_T_MAX: not known, or no business of this kind */
    bool with_flags, with_keywords;
    enum mail_flags flags, old_flags;
    const char *const *keywords;
    const char *const *old_keywords; /**< NULL: no business of this kind */
};
ARRAY_DEFINE_TYPE(happening, struct happening);

/* A transaction, from its begin to its end. */
struct happenings {
    pool_t pool;
    const char *user, *mailbox;
    ARRAY_TYPE(happening) list;
};

static struct notify_context *notify;
static vsmtp_out out;

/* ---- Telling --------------------------------------------------------------------------------- */

static void write_text(const char *key, const char *text)
{
    vsmtp_out_key(&out, key);
    vsmtp_out_string(&out, text);
}

static void write_int(const char *key, int64_t value)
{
    vsmtp_out_key(&out, key);
    vsmtp_out_int(&out, value);
}

static void begin_event(const char *kind, const char *user, const char *mailbox)
{
    out_reset(&out);
    vsmtp_out_begin_map(&out);
    write_text("kind", kind);
    write_text("mailbox", mailbox);
    write_text("user", user);
}

static void end_event(void)
{
    vsmtp_out_end(&out);
    thread_host()->event(out.bytes, out.used);
}

static void write_flags(const char *key, enum mail_flags flags)
{
    vsmtp_out_key(&out, key);
    marks_write_flags(&out, flags & MAIL_FLAGS_NONRECENT);
}

static void write_keywords(const char *key, const char *const *keywords)
{
    vsmtp_out_key(&out, key);
    marks_write_keywords(&out, keywords);
}

static void tell(const struct happenings *all, const struct happening *one, uint32_t uid_validity)
{
    begin_event(one->kind, all->user, all->mailbox);
    if (one->uid != 0)
        write_int("uid", one->uid);
    write_int("uidValidity", uid_validity);
    if (one->source != NULL) {
        write_text("source", one->source);
        write_int("sourceUid", one->source_uid);
    }
    if (one->size != UOFF_T_MAX)
        write_int("size", (int64_t)one->size);
    if (one->with_flags)
        write_flags("flags", one->flags);
    if (one->with_keywords)
        write_keywords("keywords", one->keywords);
    if (one->old_keywords != NULL)
        write_keywords("old", one->old_keywords);
    else if (one->with_flags && !one->with_keywords)
        write_flags("old", one->old_flags);
    end_event();
}

/* ---- Mails ----------------------------------------------------------------------------------- */

static void *transaction_begin(struct mailbox_transaction_context *t)
{
    struct mailbox *box = mailbox_transaction_get_mailbox(t);
    pool_t pool = pool_alloconly_create("host events", 512);
    struct happenings *all = p_new(pool, struct happenings, 1);

    all->pool = pool;
    all->user = p_strdup(pool, mailbox_get_namespace(box)->user->username);
    all->mailbox = p_strdup(pool, mailbox_get_vname(box));
    p_array_init(&all->list, pool, 4);
    return all;
}

static struct happening *add(struct happenings *all, const char *kind, uint32_t uid)
{
    struct happening *one = array_append_space(&all->list);

    one->kind = kind;
    one->uid = uid;
    one->size = UOFF_T_MAX;
    return one;
}

static void save(void *txn, struct mail *mail)
{
    struct happenings *all = txn;
    struct happening *one = add(all, "save", 0);

    one->with_flags = one->with_keywords = TRUE;
    one->flags = mail_get_flags(mail);
    one->keywords = p_strarray_dup(all->pool, mail_get_keywords(mail));
    if (mail_get_physical_size(mail, &one->size) < 0)
        one->size = UOFF_T_MAX;
}

static void copy(void *txn, struct mail *src, struct mail *dst ATTR_UNUSED)
{
    struct happenings *all = txn;
    struct happening *one = add(all, "copy", 0);

    one->source = p_strdup(all->pool, mailbox_get_vname(src->box));
    one->source_uid = src->uid;
}

static void expunge(void *txn, struct mail *mail)
{
    (void)add(txn, "expunge", mail->uid);
}

static void update_flags(void *txn, struct mail *mail, enum mail_flags old_flags)
{
    struct happening *one = add(txn, "flags", mail->uid);

    one->with_flags = TRUE;
    one->flags = mail_get_flags(mail);
    one->old_flags = old_flags;
}

static void update_keywords(void *txn, struct mail *mail, const char *const *old_keywords)
{
    struct happenings *all = txn;
    struct happening *one = add(all, "keywords", mail->uid);

    one->with_keywords = TRUE;
    one->keywords = p_strarray_dup(all->pool, mail_get_keywords(mail));
    one->old_keywords = p_strarray_dup(all->pool, old_keywords);
}

static void transaction_commit(void *txn, struct mail_transaction_commit_changes *changes)
{
    struct happenings *all = txn;
    struct seq_range_iter uids;
    struct happening *one;
    unsigned int saved = 0;
    uint32_t uid;

    if (all == NULL)
        return;
    seq_range_array_iter_init(&uids, &changes->saved_uids);
    array_foreach_modifiable(&all->list, one)
    {
        if (one->uid == 0 && seq_range_array_iter_nth(&uids, saved++, &uid))
            one->uid = uid;
        tell(all, one, changes->uid_validity);
    }
    pool_unref(&all->pool);
}

static void transaction_rollback(void *txn)
{
    struct happenings *all = txn;

    if (all != NULL)
        pool_unref(&all->pool);
}

/* ---- Mailboxes ------------------------------------------------------------------------------- */

static void begin_box_event(const char *kind, struct mailbox *box)
{
    begin_event(kind, mailbox_get_namespace(box)->user->username, mailbox_get_vname(box));
}

static void box_create(struct mailbox *box)
{
    begin_box_event("create", box);
    end_event();
}

static void box_update(struct mailbox *box)
{
    begin_box_event("update", box);
    end_event();
}

static void box_delete(void *txn ATTR_UNUSED, struct mailbox *box)
{
    begin_box_event("delete", box);
    end_event();
}

static void box_rename(struct mailbox *src, struct mailbox *dest)
{
    begin_box_event("rename", dest);
    write_text("source", mailbox_get_vname(src));
    end_event();
}

static void box_subscribed(struct mailbox *box, bool subscribed)
{
    begin_box_event("subscribe", box);
    vsmtp_out_key(&out, "subscribed");
    vsmtp_out_bool(&out, subscribed);
    end_event();
}

static const struct notify_vfuncs listeners = {
    .mail_transaction_begin = transaction_begin,
    .mail_save = save,
    .mail_copy = copy,
    .mail_expunge = expunge,
    .mail_update_flags = update_flags,
    .mail_update_keywords = update_keywords,
    .mail_transaction_commit = transaction_commit,
    .mail_transaction_rollback = transaction_rollback,
    .mailbox_create = box_create,
    .mailbox_update = box_update,
    .mailbox_delete_commit = box_delete,
    .mailbox_rename = box_rename,
    .mailbox_set_subscribed = box_subscribed,
};

void events_want(bool wanted)
{
    if (wanted && notify == NULL)
        notify = notify_register(&listeners);
    if (wanted || notify == NULL)
        return;
    notify_unregister(notify);
    notify = NULL;
}

int operation_events(struct operation *operation)
{
    events_want(value_flag(&operation->arguments, "wanted"));
    return 0;
}
