/*
 * Twenty plugins that override every method of a mailbox, of a mail and of a user, and do nothing
 * but go on.
 */
#ifndef BENCH_PASSTHROUGH_H
#define BENCH_PASSTHROUGH_H

#include <out.h>

#define PLUGINS 20

/** Writes them into the `plugins` of a request `begin`. */
void passthrough_plugins(struct vsmtp_out *request);

/** Their names, as mail_plugins has them. */
const char *passthrough_names(void);

#endif
