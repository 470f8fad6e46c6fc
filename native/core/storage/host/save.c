/*
 * Saving a mail as a client does (IMAP APPEND): through save_begin, save_continue and save_finish.
 */
#include "host/save.h"

#include "istream.h"
#include "mail-namespace.h"
#include "mail-storage.h"
#include "mail-user.h"

#include "host/content.h"
#include "host/marks.h"
#include "host/operations.h"
#include "host/session.h"
#include "host/user.h"

int save_commit(struct operation *operation, struct mailbox_transaction_context **transaction,
                uint32_t *uid_r, uint32_t *uid_validity_r)
{
    struct mailbox *box = mailbox_transaction_get_mailbox(*transaction);
    struct mail_transaction_commit_changes changes;
    const struct seq_range *uids;
    unsigned int count;

    if (mailbox_transaction_commit_get_changes(transaction, &changes) < 0)
        return operation_fail_box(operation, box);
    uids = array_get(&changes.saved_uids, &count);
    *uid_r = count > 0 ? uids[0].seq1 : 0;
    *uid_validity_r = changes.uid_validity;
    pool_unref(&changes.pool);
    return 0;
}

void write_number(vsmtp_out *out, const char *key, uint32_t number)
{
    vsmtp_out_key(out, key);
    if (number == 0)
        vsmtp_out_unit(out);
    else
        vsmtp_out_int(out, number);
}

/* Gives the mail to a save that has begun, and ends it. */
static int pour(struct operation *operation, struct mail_save_context *save, struct istream *input)
{
    struct mailbox *box = mailbox_transaction_get_mailbox(mailbox_save_get_transaction(save));
    ssize_t got;

    if (mailbox_save_begin(&save, input) < 0)
        return operation_fail_box(operation, box);
    while ((got = i_stream_read(input)) >= 0 || got == -2) {
        if (got == 0 && !content_wait(input))
            break;
        if (mailbox_save_continue(save) < 0) {
            mailbox_save_cancel(&save);
            return operation_fail_box(operation, box);
        }
    }
    if (input->stream_errno != 0 || got == 0) {
        mailbox_save_cancel(&save);
        return operation_fail(operation, MAIL_ERROR_TEMP, "The mail cannot be read: %s",
                              i_stream_get_error(input));
    }
    return mailbox_save_finish(&save) == 0 ? 0 : operation_fail_box(operation, box);
}

static int save_one(struct operation *operation, struct mailbox_transaction_context *transaction)
{
    struct mailbox *box = mailbox_transaction_get_mailbox(transaction);
    const char *sender = value_text(&operation->arguments, "sender", NULL);
    int64_t received = value_number(&operation->arguments, "received", -1);
    struct mail_keywords *keywords;
    struct mail_save_context *save;
    const char *const *names;
    enum mail_flags flags;
    struct istream *input;
    int result;

    if (marks_read(operation, &flags, &names) < 0 ||
        marks_keywords(operation, box, names, &keywords) < 0)
        return -1;
    save = mailbox_save_alloc(transaction);
    mailbox_save_set_flags(save, flags, keywords);
    if (keywords != NULL)
        mailbox_keywords_unref(&keywords);
    if (received >= 0)
        mailbox_save_set_received_date(save, (time_t)received, 0);
    if (sender != NULL)
        mailbox_save_set_from_envelope(save, sender);
    input = content_stream(operation);
    result = pour(operation, save, input);
    i_stream_unref(&input);
    return result;
}

static int save_into(struct operation *operation, struct mailbox *box)
{
    struct mailbox_transaction_context *transaction;
    uint32_t uid = 0, uid_validity = 0;

    if (mailbox_open(box) < 0)
        return operation_fail_box(operation, box);
    transaction =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "the host saves a mail");
    if (save_one(operation, transaction) < 0) {
        mailbox_transaction_rollback(&transaction);
        return -1;
    }
    if (save_commit(operation, &transaction, &uid, &uid_validity) < 0)
        return -1;
    vsmtp_out_begin_map(operation->out);
    write_number(operation->out, "uid", uid);
    write_number(operation->out, "uidValidity", uid_validity);
    vsmtp_out_end(operation->out);
    return 0;
}

int operation_save(struct operation *operation)
{
    struct session *session = session_of(operation);
    struct mailbox *box;
    int result;

    if (session == NULL)
        return -1;
    box = user_mailbox(operation, session->user, "mailbox", MAILBOX_FLAG_SAVEONLY);
    if (box == NULL)
        return -1;
    result = save_into(operation, box);
    mailbox_free(&box);
    return result;
}
