/*
 * Fetches under way. Private to host/.
 */
#ifndef STORAGE_HOST_FETCH_H
#define STORAGE_HOST_FETCH_H

struct session;

/** Ends all fetches of a session. */
void fetches_end(struct session *session);

#endif
