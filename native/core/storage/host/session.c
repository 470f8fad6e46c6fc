/*
 * Users that the host keeps for a series of operations. It knows them by their numbers, which are
 * never used again.
 */
#include "host/session.h"

#include "llist.h"
#include "mail-user.h"

#include "host/fetch.h"
#include "host/identity.h"
#include "host/operations.h"
#include "host/user.h"

static struct session *sessions;
static int64_t last_number;

int operation_open(struct operation *operation)
{
    struct mail_user *user = user_create(operation, "vsmtp");
    struct session *session;

    if (user == NULL)
        return -1;
    session = i_new(struct session, 1);
    session->user = user;
    session->number = ++last_number;
    DLLIST_PREPEND(&sessions, session);
    vsmtp_out_int(operation->out, session->number);
    return 0;
}

struct session *session_of(struct operation *operation)
{
    int64_t number = value_number(&operation->arguments, "session", 0);

    for (struct session *session = sessions; session != NULL; session = session->next) {
        if (session->number == number)
            return identity_take(operation, session->user) < 0 ? NULL : session;
    }
    (void)operation_fail(operation, MAIL_ERROR_PARAMS, "The session is closed");
    return NULL;
}

static void end_session(struct session *session)
{
    fetches_end(session);
    DLLIST_REMOVE(&sessions, session);
    mail_user_unref(&session->user);
    i_free(session);
}

int operation_close(struct operation *operation)
{
    struct session *session = session_of(operation);

    if (session == NULL)
        return -1;
    end_session(session);
    return 0;
}

/* A session that cannot be ended as its user is ended all the same. */
void sessions_end(struct operation *operation)
{
    while (sessions != NULL) {
        (void)identity_take(operation, sessions->user);
        end_session(sessions);
    }
    identity_drop();
}
