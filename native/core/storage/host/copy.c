/*
 * Copying and moving mails to another mailbox of the same user. The copies are committed first: a
 * failure in between leaves a mail twice, never nowhere.
 */
#include "host/operation.h"

#include "mail-storage.h"
#include "mail-user.h"

#include "host/operations.h"
#include "host/query.h"
#include "host/session.h"
#include "host/user.h"

static int copy_one(struct operation *operation, struct mailbox_transaction_context *transaction,
                    struct mail *mail, bool move)
{
    struct mail_save_context *save = mailbox_save_alloc(transaction);
    int result;

    mailbox_save_copy_flags(save, mail);
    result = move ? mailbox_move(&save, mail) : mailbox_copy(&save, mail);
    return result == 0
               ? 0
               : operation_fail_box(operation, mailbox_transaction_get_mailbox(transaction));
}

static int copy_all(struct operation *operation, struct query *query,
                    struct mailbox_transaction_context *transaction, int64_t *count)
{
    bool move = value_flag(&operation->arguments, "move");
    struct mail *mail;
    int result = 0;

    for (; result == 0 && mailbox_search_next(query->search, &mail); ++*count) {
        T_BEGIN
        {
            result = copy_one(operation, transaction, mail, move);
        }
        T_END;
    }
    return result;
}

static int copy_to(struct operation *operation, struct query *query, struct mailbox *box)
{
    struct mailbox_transaction_context *transaction;
    int64_t count = 0;

    if (mailbox_open(box) < 0)
        return operation_fail_box(operation, box);
    transaction =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "the host copies mails");
    if (copy_all(operation, query, transaction, &count) < 0) {
        mailbox_transaction_rollback(&transaction);
        return -1;
    }
    if (mailbox_transaction_commit(&transaction) < 0)
        return operation_fail_box(operation, box);
    vsmtp_out_int(operation->out, count);
    return 0;
}

int operation_copy(struct operation *operation)
{
    struct session *session = session_of(operation);
    struct mailbox *box;
    struct query query;
    int result;

    if (session == NULL)
        return -1;
    box = user_mailbox(operation, session->user, "destination", MAILBOX_FLAG_SAVEONLY);
    if (box == NULL)
        return -1;
    result = query_begin(operation, session->user, 0, &query);
    if (result == 0) {
        result = copy_to(operation, &query, box);
        if (result == 0)
            result = query_commit(operation, &query);
        else
            query_cancel(&query);
    }
    mailbox_free(&box);
    return result;
}
