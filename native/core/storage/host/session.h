/*
 * Sessions: users that the host has opened. Private to host/.
 */
#ifndef STORAGE_HOST_SESSION_H
#define STORAGE_HOST_SESSION_H

#include "host/operation.h"

struct mail_user;

struct session {
    int64_t number;
    struct mail_user *user;
    struct fetch *fetches; /**< under way */
    struct session *prev, *next;
};

/** The session that the request names; NULL: the operation has failed. */
struct session *session_of(struct operation *operation);

/** Ends all sessions. */
void sessions_end(struct operation *operation);

#endif
