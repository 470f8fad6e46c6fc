/*
 * What was learnt of mails is there after the mailbox was closed, and is never something else than what
 * reading them would tell.
 */
#include "caching.h"

enum { DAMAGES = 150 };

static unsigned int opened;

/* A plugin that counts how often mails are opened. */
static MODULE_CONTEXT_DEFINE_INIT(counting_module, &mail_module_register);

static int count_opening(struct mail *mail, struct istream **stream)
{
    struct mail_private *p = (struct mail_private *)mail;
    union mail_module_context *context = MODULE_CONTEXT(p, counting_module);

    opened++;
    return context->super.istream_opened(mail, stream);
}

static void mail_made(struct mail *mail)
{
    struct mail_private *p = (struct mail_private *)mail;
    union mail_module_context *context = p_new(p->pool, union mail_module_context, 1);

    context->super = *p->vlast;
    p->vlast->istream_opened = count_opening;
    p->vlast = &context->super;
    MODULE_CONTEXT_SET_SELF(p, counting_module, context);
}

static const struct mail_storage_hooks hooks = {.mail_allocated = mail_made};

static void counting_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

static void counting_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

/* ---- Remembering ------------------------------------------------------------------------------ */

static void remembers(struct mail_user *user)
{
    T_BEGIN
    {
        const char *first = caching_show(user, TRUE, TRUE);

        ok(opened >= CACHING_MAILS, "mails are read when nothing is known of them");
        opened = 0;
        is_str(caching_show(user, TRUE, TRUE), first, "the next opening knows the same");
        is_int(opened, 0, "without reading any");
        ok(caching_same(user, TRUE), "as one without the cache knows");
    }
    T_END;
}

static void answers_what_it_has(struct mail_user *user)
{
    struct mailbox *box = caching_open(user, TRUE);
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *value;

    mail_set_seq(mail, 2);
    mail->lookup_abort = MAIL_LOOKUP_ABORT_NOT_IN_CACHE;
    is_int(mail_get_first_header(mail, "SUBJECT", &value), 1, "what is in the cache is answered");
    is_str(value, "=?utf-8?q?mail_1?=", "as it stands in the mail");
    is_int(mail_get_first_header(mail, "X-Never", &value), -1, "what is not, is not");
    is_int(mailbox_get_last_mail_error(box), MAIL_ERROR_LOOKUP_ABORTED, "which an error says");
    mail->lookup_abort = MAIL_LOOKUP_ABORT_NEVER;
    is_int(mail_get_first_header(mail, "X-Never", &value), 0, "a header that is not there");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);

    box = caching_open(user, TRUE);
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, 2);
    mail->lookup_abort = MAIL_LOOKUP_ABORT_NOT_IN_CACHE;
    is_int(mail_get_first_header(mail, "X-Never", &value), 0, "is remembered not to be there");
    mail_set_cache_corrupted(mail, MAIL_FETCH_IMAP_ENVELOPE, "the test says so");
    is_int(mail_get_first_header(mail, "Subject", &value), -1, "a wrong fact takes all with it");
    mail_set_seq(mail, 3);
    is_int(mail_get_first_header(mail, "Subject", &value), 1, "of this mail alone");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);
    ok(caching_same(user, TRUE), "what was forgotten is learnt again");
}

static void without_updates(struct mail_user *user)
{
    struct mailbox *box = caching_open(user, TRUE);
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *value;

    mail_set_seq(mail, 4);
    ((struct mail_private *)mail)->v.set_uid_cache_updates(mail, TRUE);
    is_int(mail_get_first_header(mail, "From", &value), 1, "a mail can be read");
    mail_set_seq(mail, 5);
    mail_set_seq(mail, 4);
    mail->lookup_abort = MAIL_LOOKUP_ABORT_NOT_IN_CACHE;
    is_int(mail_get_first_header(mail, "From", &value), -1, "without being remembered");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);
}

/* ---- Damage ------------------------------------------------------------------------------------ */

static void file_is_damaged(struct mail_user *user)
{
    size_t size;
    unsigned char *old = caching_read(FACTS, &size);
    unsigned int wrong = 0;

    for (unsigned int i = 0; i < DAMAGES && wrong == 0; i++) {
        if (random() % 4 == 0)
            caching_write(FACTS, old, size);
        else
            caching_damage(FACTS);
        wrong += !caching_same(user, TRUE);
    }
    is_int(wrong, 0, "a damaged or old file of facts changes nothing");
    free(old);
}

/* The mails of the same uids are others now; the cache was left behind. */
static void of_another_mailbox(struct mail_user *user)
{
    size_t size;
    unsigned char *old = caching_read(FACTS, &size);
    const char *text;

    is_int(rename("Maildir", "Maildir.old"), 0, "the mailbox goes");
    make_maildir("Maildir");
    T_BEGIN
    {
        for (unsigned int i = 0; i < CACHING_MAILS; i++)
            caching_put_mail("cur", 1000 + i, ":2,");
        text = get_file("Maildir.old/dovecot-uidlist");
        put_file("Maildir/dovecot-uidlist",
                 t_strconcat(t_strdup_until(text, strstr(text, " N")),
                             " N1 G00112233445566778899aabbccddeeff\n", NULL));
    }
    T_END;
    caching_write(FACTS, old, size);
    free(old);
    ok(caching_same(user, TRUE), "facts of other mails with the same uids are not believed");
}

static void expunged_mails_are_left_out(struct mail_user *user)
{
    struct stat before, after;
    struct mailbox *box;
    string_t *mail = t_str_new(8192);

    while (str_len(mail) < 4000)
        str_append(mail, "Received: a long line that says where the mail was before\n");
    str_append(mail, "\nbody\n");
    box = caching_open(user, TRUE);
    for (unsigned int i = 0; i < CACHING_MAILS; i++)
        (void)box_save(box, str_c(mail));
    mailbox_free(&box);
    (void)caching_show(user, TRUE, TRUE);
    is_int(stat(FACTS, &before), 0, "there is a file of facts");
    box = caching_open(user, TRUE);
    while (box_count(box) > 2) {
        if (expunge(box, uid_of(box, 1)) < 0 || mailbox_sync(box, 0) < 0)
            break;
    }
    (void)box_save(box, MAIL);
    mailbox_free(&box);
    (void)caching_show(user, TRUE, TRUE);
    is_int(stat(FACTS, &after), 0, "there still is one");
    ok(after.st_size < before.st_size / 2, "facts of mails that are gone do not stay for ever");
    ok(caching_same(user, TRUE), "the others do");
}

int main(void)
{
    struct mail_user *user;

    srandom(5);
    caching_make();
    session_begin();
    session_plugin("counting", counting_init, counting_deinit);
    user = session_user();
    remembers(user);
    answers_what_it_has(user);
    without_updates(user);
    file_is_damaged(user);
    of_another_mailbox(user);
    T_BEGIN
    {
        expunged_mails_are_left_out(user);
    }
    T_END;
    session_end(&user);
    return done();
}
