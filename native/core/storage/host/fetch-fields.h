/*
 * What can be fetched of a mail, under the names that doveadm has for it. Private to host/.
 */
#ifndef STORAGE_HOST_FETCH_FIELDS_H
#define STORAGE_HOST_FETCH_FIELDS_H

#include "host/operation.h"

#include "mail-storage.h"

/** The parts of a mail that are told as bytes. */
enum fetch_bytes { FETCH_NO_BYTES, FETCH_HEADER, FETCH_BODY, FETCH_TEXT };

/** Whether there is such a field; *bytes_r says if it is one of bytes, *wanted_r what it needs. */
bool fetch_field_known(const char *name, enum fetch_bytes *bytes_r,
                       enum mail_fetch_field *wanted_r);

/**
 * Writes the value of a field that is not bytes; () when the mail has none. 0, or -1: mailbox
 * error.
 */
int fetch_field_write(vsmtp_out *out, const char *name, struct mail *mail);

#endif
