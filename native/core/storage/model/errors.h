/*
 * The last error of an object: what clients are told, and what the log was told if that is more.
 */
#ifndef STORAGE_MODEL_ERRORS_H
#define STORAGE_MODEL_ERRORS_H

#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"

void last_error_clear(struct mail_storage_error *last);
/** The client's fault: both are told the same. `string` may be the error's own. */
void last_error_set(struct mail_storage_error *last, enum mail_error error, const char *string);
/**
 * The client is told to look into the log, where `logged` is (NULL: something that is there
 * already).
 */
void last_error_set_internal(struct mail_storage_error *last, const char *logged);

/** Never NULL. */
const char *last_error_text(const struct mail_storage_error *last, enum mail_error *error_r);
const char *last_error_internal_text(const struct mail_storage_error *last,
                                     enum mail_error *error_r);

/** A copy in memory of its own, and its end. */
struct mail_storage_error last_error_dup(const struct mail_storage_error *last);

#endif
