/*
 * Searching, as every operation on mails of a mailbox begins.
 */
#include "host/query.h"

#include "mail-search.h"
#include "mail-user.h"

#include "host/operations.h"
#include "host/session.h"
#include "host/user.h"
#include "search/search-text.h"

static int read_query(struct operation *operation, struct mail_search_args **args_r)
{
    const char *text, *error;

    if (operation_need(operation, "query", &text) < 0)
        return -1;
    if (search_text_parse(text, args_r, &error) == 0)
        return 0;
    return operation_fail(operation, MAIL_ERROR_PARAMS, "The query %s is wrong: %s", text, error);
}

int query_begin(struct operation *operation, struct mail_user *user,
                enum mail_fetch_field wanted_fields, struct query *query_r)
{
    struct mail_search_args *args;

    i_zero(query_r);
    if (read_query(operation, &args) < 0)
        return -1;
    query_r->box = user_mailbox(operation, user, "mailbox", 0);
    if (query_r->box == NULL) {
        mail_search_args_unref(&args);
        return -1;
    }
    if (mailbox_open(query_r->box) < 0 ||
        mailbox_sync(query_r->box, MAILBOX_SYNC_FLAG_FULL_READ) < 0) {
        (void)operation_fail_box(operation, query_r->box);
        mail_search_args_unref(&args);
        mailbox_free(&query_r->box);
        return -1;
    }
    query_r->transaction = mailbox_transaction_begin(query_r->box, 0, "the host's request");
    query_r->search = mailbox_search_init(query_r->transaction, args, NULL, wanted_fields, NULL);
    mail_search_args_unref(&args);
    return 0;
}

int query_commit(struct operation *operation, struct query *query)
{
    int result = 0;

    if (mailbox_search_deinit(&query->search) < 0)
        result = operation_fail_box(operation, query->box);
    if (result < 0)
        mailbox_transaction_rollback(&query->transaction);
    else if (mailbox_transaction_commit(&query->transaction) < 0 || mailbox_sync(query->box, 0) < 0)
        result = operation_fail_box(operation, query->box);
    mailbox_free(&query->box);
    return result;
}

void query_cancel(struct query *query)
{
    if (query->search != NULL)
        (void)mailbox_search_deinit(&query->search);
    mailbox_transaction_rollback(&query->transaction);
    mailbox_free(&query->box);
}

int operation_search(struct operation *operation)
{
    struct session *session = session_of(operation);
    struct query query;
    struct mail *mail;

    if (session == NULL || query_begin(operation, session->user, 0, &query) < 0)
        return -1;
    vsmtp_out_begin_array(operation->out);
    while (mailbox_search_next(query.search, &mail))
        vsmtp_out_int(operation->out, mail->uid);
    vsmtp_out_end(operation->out);
    return query_commit(operation, &query);
}
