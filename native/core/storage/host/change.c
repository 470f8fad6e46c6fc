/*
 * Changing mails where they are: flags and keywords (IMAP STORE), and expunging.
 */
#include "host/operation.h"

#include "mail-storage.h"
#include "mail-user.h"

#include "host/marks.h"
#include "host/operations.h"
#include "host/query.h"
#include "host/session.h"

/* What STORE does to every mail. */
struct change {
    enum modify_type type;
    enum mail_flags flags;
    struct mail_keywords *keywords;
};

static int change_type(struct operation *operation, enum modify_type *type_r)
{
    const char *mode = value_text(&operation->arguments, "mode", "");

    if (strcmp(mode, "add") == 0)
        *type_r = MODIFY_ADD;
    else if (strcmp(mode, "remove") == 0)
        *type_r = MODIFY_REMOVE;
    else if (strcmp(mode, "replace") == 0)
        *type_r = MODIFY_REPLACE;
    else
        return operation_fail(operation, MAIL_ERROR_PARAMS, "Flags cannot be changed by %s", mode);
    return 0;
}

static int read_change(struct operation *operation, struct mailbox *box, struct change *change)
{
    const char *const *names;

    if (change_type(operation, &change->type) < 0 ||
        marks_read(operation, &change->flags, &names) < 0)
        return -1;
    if (*names == NULL && change->type == MODIFY_REPLACE)
        change->keywords = mailbox_keywords_create_valid(box, names);
    else
        return marks_keywords(operation, box, names, &change->keywords);
    return 0;
}

static void apply_change(struct mail *mail, const struct change *change)
{
    T_BEGIN
    {
        if (change->flags != 0 || change->type == MODIFY_REPLACE)
            mail_update_flags(mail, change->type, change->flags);
        if (change->keywords != NULL)
            mail_update_keywords(mail, change->type, change->keywords);
    }
    T_END;
}

int operation_flags(struct operation *operation)
{
    struct session *session = session_of(operation);
    struct change change = {.keywords = NULL};
    struct query query;
    struct mail *mail;
    int64_t count = 0;

    if (session == NULL || query_begin(operation, session->user, MAIL_FETCH_FLAGS, &query) < 0)
        return -1;
    if (read_change(operation, query.box, &change) < 0) {
        query_cancel(&query);
        return -1;
    }
    for (; mailbox_search_next(query.search, &mail); count++)
        apply_change(mail, &change);
    if (change.keywords != NULL)
        mailbox_keywords_unref(&change.keywords);
    vsmtp_out_int(operation->out, count);
    return query_commit(operation, &query);
}

int operation_expunge(struct operation *operation)
{
    struct session *session = session_of(operation);
    struct query query;
    struct mail *mail;
    int64_t count = 0;

    if (session == NULL || query_begin(operation, session->user, 0, &query) < 0)
        return -1;
    for (; mailbox_search_next(query.search, &mail); count++) {
        T_BEGIN
        {
            mail_expunge(mail);
        }
        T_END;
    }
    vsmtp_out_int(operation->out, count);
    return query_commit(operation, &query);
}
