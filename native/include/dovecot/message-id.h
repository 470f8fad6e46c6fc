/*
 * Message ids in Message-ID, In-Reply-To and References.
 */
#ifndef MESSAGE_ID_H
#define MESSAGE_ID_H

#include "lib.h"

DOVECOT_API_BEGIN

/**
 * The next valid id without its angle brackets, unquoted where quoting was not needed, on the data
 * stack; `*msgid_p` moves behind it. NULL when there is no more.
 */
const char *message_id_get_next(const char **msgid_p);

DOVECOT_API_END

#endif
