/*
 * mail-log: one line in the log for everything that happens to a user's mails and mailboxes.
 *
 *     save: box=INBOX, uid=7, msgid=<x@example.org>, size=1024
 *
 * It overrides no method: notify, which it depends on, tells it everything. What happens in a
 * transaction is kept until the transaction is committed, because only then is it true, and only
 * then has a saved mail its uid.
 */
#include "array.h"
#include "lib.h"
#include "mail-storage-private.h"
#include "module-dir.h"
#include "notify-plugin.h"
#include "str-sanitize.h"
#include "str.h"

enum { TEXT_MAX = 200 };

/* One line to be written at commit. */
struct event_line {
    const char *what, *mailbox, *rest;
    uint32_t uid;
    bool is_new; /* its uid is the next of the commit's saved_uids */
};

struct log_transaction {
    pool_t pool;
    struct event *event; /* of the user, referenced */
    ARRAY(struct event_line) lines;
};

const char *mail_log_plugin_version = DOVECOT_ABI_VERSION;
const char *mail_log_plugin_dependencies[] = {"notify", NULL};

void mail_log_plugin_init(struct module *module);
void mail_log_plugin_deinit(void);

static struct notify_context *registration;
static struct module *self;

/* ---- What is known of a mail ---------------------------------------------------------------------- */

static const char *describe(pool_t pool, struct mail *mail)
{
    const char *msgid;
    uoff_t size;

    if (mail_get_first_header(mail, "Message-ID", &msgid) <= 0)
        msgid = "";
    if (mail_get_physical_size(mail, &size) < 0)
        size = 0;
    return p_strdup_printf(pool, ", msgid=%s, size=%" PRIuUOFF_T, str_sanitize(msgid, TEXT_MAX),
                           size);
}

static const char *list_flags(pool_t pool, struct mail *mail)
{
    static const char *const names[] = {"\\Answered", "\\Flagged", "\\Deleted", "\\Seen",
                                        "\\Draft"};
    enum mail_flags flags = mail_get_flags(mail);
    string_t *text = t_str_new(64);

    for (unsigned int i = 0; i < N_ELEMENTS(names); i++) {
        if ((flags & (1U << i)) != 0)
            str_printfa(text, "%s%s", str_len(text) == 0 ? "" : " ", names[i]);
    }
    return p_strdup_printf(pool, ", flags=(%s)", str_c(text));
}

static struct event_line *add_line(struct log_transaction *txn, struct mail *mail, const char *what,
                                   const char *rest)
{
    struct event_line *line = array_append_space(&txn->lines);

    line->what = what;
    line->mailbox = p_strdup(txn->pool, mailbox_get_vname(mail->box));
    line->uid = mail->uid;
    line->rest = rest;
    return line;
}

static void write_line(struct event *event, const struct event_line *line)
{
    if (line->uid == 0)
        e_info(event, "%s: box=%s%s", line->what, line->mailbox, line->rest);
    else
        e_info(event, "%s: box=%s, uid=%u%s", line->what, line->mailbox, line->uid, line->rest);
}

/* ---- Mails ---------------------------------------------------------------------------------------- */

/* NULL, which the others then get: this user's settings do not name the plugin. */
static void *log_begin(struct mailbox_transaction_context *t)
{
    struct mail_user *user = t->box->storage->user;
    struct log_transaction *txn;
    pool_t pool;

    if (!mail_user_is_plugin_loaded(user, self))
        return NULL;
    pool = pool_alloconly_create("mail-log transaction", 1024);
    txn = p_new(pool, struct log_transaction, 1);
    txn->pool = pool;
    txn->event = user->event;
    event_ref(txn->event);
    p_array_init(&txn->lines, pool, 8);
    return txn;
}

static void log_save(void *context, struct mail *mail)
{
    struct log_transaction *txn = context;

    if (txn != NULL)
        add_line(txn, mail, "save", describe(txn->pool, mail))->is_new = TRUE;
}

static void log_copy(void *context, struct mail *src, struct mail *dst)
{
    struct log_transaction *txn = context;
    const char *from;

    if (txn == NULL)
        return;
    from = p_strdup_printf(txn->pool, ", from=%s/%u%s", mailbox_get_vname(src->box), src->uid,
                           describe(txn->pool, src));
    add_line(txn, dst, "copy", from)->is_new = TRUE;
}

static void log_expunge(void *context, struct mail *mail)
{
    struct log_transaction *txn = context;

    if (txn != NULL)
        add_line(txn, mail, "expunge", describe(txn->pool, mail));
}

static void log_flags(void *context, struct mail *mail, enum mail_flags old_flags ATTR_UNUSED)
{
    struct log_transaction *txn = context;

    if (txn != NULL)
        add_line(txn, mail, "flag_change", list_flags(txn->pool, mail));
}

static void log_keywords(void *context, struct mail *mail,
                         const char *const *old_keywords ATTR_UNUSED)
{
    struct log_transaction *txn = context;
    const char *names;

    if (txn == NULL)
        return;
    names = str_sanitize(t_strarray_join(mail_get_keywords(mail), " "), TEXT_MAX);
    add_line(txn, mail, "keyword_change", p_strdup_printf(txn->pool, ", keywords=(%s)", names));
}

static void log_end(struct log_transaction *txn)
{
    event_unref(&txn->event);
    pool_unref(&txn->pool);
}

static void log_commit(void *context, struct mail_transaction_commit_changes *changes)
{
    struct log_transaction *txn = context;
    struct seq_range_iter iter;
    struct event_line *line;
    unsigned int saved = 0;

    if (txn == NULL)
        return;
    seq_range_array_iter_init(&iter, &changes->saved_uids);
    array_foreach_modifiable(&txn->lines, line)
    {
        if (line->is_new)
            (void)seq_range_array_iter_nth(&iter, saved++, &line->uid);
        write_line(txn->event, line);
    }
    log_end(txn);
}

static void log_rollback(void *context)
{
    if (context != NULL)
        log_end(context);
}

/* ---- Mailboxes ------------------------------------------------------------------------------------ */

static void log_mailbox(struct mailbox *box, const char *what, const char *rest)
{
    struct mail_user *user = box->storage->user;

    if (mail_user_is_plugin_loaded(user, self))
        e_info(user->event, "%s: box=%s%s", what, mailbox_get_vname(box), rest);
}

static void log_create(struct mailbox *box)
{
    log_mailbox(box, "mailbox_create", "");
}

static void log_delete(void *context ATTR_UNUSED, struct mailbox *box)
{
    log_mailbox(box, "mailbox_delete", "");
}

static void log_rename(struct mailbox *src, struct mailbox *dest)
{
    log_mailbox(dest, "mailbox_rename", t_strdup_printf(", from=%s", mailbox_get_vname(src)));
}

static void log_subscribed(struct mailbox *box, bool subscribed)
{
    log_mailbox(box, subscribed ? "mailbox_subscribe" : "mailbox_unsubscribe", "");
}

static const struct notify_vfuncs events = {
    .mail_transaction_begin = log_begin,
    .mail_save = log_save,
    .mail_copy = log_copy,
    .mail_expunge = log_expunge,
    .mail_update_flags = log_flags,
    .mail_update_keywords = log_keywords,
    .mail_transaction_commit = log_commit,
    .mail_transaction_rollback = log_rollback,
    .mailbox_create = log_create,
    .mailbox_delete_commit = log_delete,
    .mailbox_rename = log_rename,
    .mailbox_set_subscribed = log_subscribed,
};

void mail_log_plugin_init(struct module *module)
{
    self = module;
    registration = notify_register(&events);
}

void mail_log_plugin_deinit(void)
{
    notify_unregister(registration);
}
