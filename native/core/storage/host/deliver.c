/*
 * Delivery, the way of Dovecot's LMTP server: the mail stands alone in a mailbox of the raw storage
 * and is copied from there, with the bit `saving` set, into a mailbox that is open for saving only.
 * A user of its own for each mail.
 *
 * When the reply is given the mail is on stable storage. A delivery that is tried again finds what
 * an earlier try has made by the base name of its file.
 */
#include "host/deliver.h"

#include "lib.h"

#include "ioloop.h"
#include "istream.h"
#include "mail-namespace.h"
#include "mail-storage.h"
#include "mail-user.h"

#include "host/content.h"
#include "host/marks.h"
#include "host/operations.h"
#include "host/save.h"
#include "host/user.h"
#include "mailbox/raw-storage.h"
#include "maildir/maildir-save.h"

/* A delivery, from the mail in the raw storage to the mailbox. */
struct delivery {
    struct operation *operation;
    struct mailbox *raw_box, *box;
    const char *name;
};

/* Whose mailboxes the mails lie in before they are delivered. */
static struct mail_user *raw_user;

void deliver_end(void)
{
    if (raw_user != NULL)
        mail_user_unref(&raw_user);
}

static int open_raw(struct delivery *delivery, struct istream *input)
{
    const char *sender = value_text(&delivery->operation->arguments, "sender", "");
    const char *error;

    if (raw_user == NULL)
        raw_user = raw_user_create(&error);
    if (raw_user != NULL && raw_mailbox_alloc_stream(raw_user, input, ioloop_time, sender,
                                                     &delivery->raw_box, &error) == 0)
        return 0;
    return operation_fail(delivery->operation, MAIL_ERROR_TEMP, "%s", error);
}

static int save_mail(struct delivery *delivery, struct mailbox_transaction_context *transaction,
                     struct mail *mail)
{
    struct operation *operation = delivery->operation;
    struct mail_keywords *keywords;
    struct mail_save_context *save;
    const char *const *names;
    enum mail_flags flags;

    if (marks_read(operation, &flags, &names) < 0 ||
        marks_keywords(operation, delivery->box, names, &keywords) < 0)
        return -1;
    save = mailbox_save_alloc(transaction);
    mailbox_save_set_flags(save, flags, keywords);
    if (keywords != NULL)
        mailbox_keywords_unref(&keywords);
    if (delivery->name != NULL)
        maildir_save_set_basename(save, delivery->name);
    return mailbox_save_using_mail(&save, mail) == 0 ? 0
                                                     : operation_fail_box(operation, delivery->box);
}

/* With the raw mail at hand. */
static int save_from_raw(struct delivery *delivery, struct mailbox_transaction_context *transaction)
{
    struct mailbox_transaction_context *raw =
        mailbox_transaction_begin(delivery->raw_box, 0, "a delivery is read");
    struct mail *mail = mail_alloc(raw, 0, NULL);
    int result;

    mail_set_seq(mail, 1);
    result = save_mail(delivery, transaction, mail);
    mail_free(&mail);
    mailbox_transaction_rollback(&raw);
    return result;
}

static void write_delivered(const struct delivery *delivery, uint32_t uid, const char *file)
{
    vsmtp_out *out = delivery->operation->out;

    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "file");
    vsmtp_out_string(out, file);
    vsmtp_out_key(out, "mailbox");
    vsmtp_out_string(out, mailbox_get_vname(delivery->box));
    write_number(out, "uid", uid);
    vsmtp_out_end(out);
}

static int deliver_anew(struct delivery *delivery)
{
    struct mailbox_transaction_context *transaction = mailbox_transaction_begin(
        delivery->box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "a mail is delivered");
    uint32_t uid = 0, uid_validity = 0;

    if (save_from_raw(delivery, transaction) < 0) {
        mailbox_transaction_rollback(&transaction);
        return -1;
    }
    if (save_commit(delivery->operation, &transaction, &uid, &uid_validity) < 0)
        return -1;
    write_delivered(delivery, uid, maildir_saved_path(delivery->box));
    return 0;
}

static int deliver_into_box(struct delivery *delivery)
{
    const char *file;
    int found = 0;

    if (mailbox_open(delivery->box) < 0)
        return operation_fail_box(delivery->operation, delivery->box);
    if (delivery->name != NULL && value_flag(&delivery->operation->arguments, "again"))
        found = maildir_find_basename(delivery->box, delivery->name, &file);
    if (found < 0)
        return operation_fail_box(delivery->operation, delivery->box);
    if (found == 0)
        return deliver_anew(delivery);
    write_delivered(delivery, 0, file);
    return 0;
}

static int deliver_to(struct delivery *delivery, struct mail_user *user)
{
    const char *name = value_text(&delivery->operation->arguments, "mailbox", "INBOX");
    int result;

    delivery->box = user_mailbox_named(delivery->operation, user, name,
                                       MAILBOX_FLAG_SAVEONLY | MAILBOX_FLAG_POST_SESSION |
                                           MAILBOX_FLAG_IGNORE_ACLS);
    if (delivery->box == NULL)
        return -1;
    result = deliver_into_box(delivery);
    mailbox_free(&delivery->box);
    return result;
}

/* What the base name of a Maildir file can be. */
static bool valid_name(const char *name)
{
    return *name != '\0' && *name != '.' && name[strcspn(name, "/:,")] == '\0';
}

int operation_deliver(struct operation *operation)
{
    struct delivery delivery = {.operation = operation,
                                .name = value_text(&operation->arguments, "name", NULL)};
    struct mail_user *user = NULL;
    struct istream *input;
    int result;

    if (delivery.name != NULL && !valid_name(delivery.name))
        return operation_fail(operation, MAIL_ERROR_PARAMS, "A mail cannot have the name %s",
                              delivery.name);
    input = content_stream(operation);
    result = open_raw(&delivery, input);
    if (result == 0) {
        user = user_create(operation, "lmtp");
        result = user == NULL ? -1 : deliver_to(&delivery, user);
        mailbox_free(&delivery.raw_box);
    }
    if (user != NULL)
        mail_user_unref(&user);
    i_stream_unref(&input);
    return result;
}
