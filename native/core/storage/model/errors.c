/*
 * Errors of storages and lists have the same parts and the same rules; and what errno tells a
 * client.
 */
#include "model/errors.h"

#include "eacces-error.h"
#include "mail-error.h"

#include <time.h>

void last_error_clear(struct mail_storage_error *last)
{
    i_free(last->error_string);
    i_free(last->last_internal_error);
    last->error = MAIL_ERROR_NONE;
    last->last_error_is_internal = FALSE;
}

void last_error_set(struct mail_storage_error *last, enum mail_error error, const char *string)
{
    char *copy = i_strdup(string);

    last_error_clear(last);
    last->error_string = copy;
    last->error = error;
}

void last_error_set_internal(struct mail_storage_error *last, const char *logged)
{
    time_t now = time(NULL);
    struct tm tm;
    char text[256];

    if (localtime_r(&now, &tm) == NULL ||
        strftime(text, sizeof(text), MAIL_ERRSTR_CRITICAL_MSG_STAMP, &tm) == 0)
        (void)i_strocpy(text, MAIL_ERRSTR_CRITICAL_MSG, sizeof(text));
    last_error_set(last, MAIL_ERROR_TEMP, text);
    last->last_internal_error = i_strdup(logged);
    last->last_error_is_internal = logged != NULL;
}

const char *last_error_text(const struct mail_storage_error *last, enum mail_error *error_r)
{
    enum mail_error error = last->error == MAIL_ERROR_NONE ? MAIL_ERROR_TEMP : last->error;

    if (error_r != NULL)
        *error_r = error;
    if (last->error == MAIL_ERROR_NONE)
        return "Internal error occurred, and nothing says why: an operation failed without an error";
    return last->error_string != NULL ? last->error_string : "Unknown error";
}

const char *last_error_internal_text(const struct mail_storage_error *last,
                                     enum mail_error *error_r)
{
    const char *text = last_error_text(last, error_r);

    return last->last_error_is_internal ? last->last_internal_error : text;
}

struct mail_storage_error last_error_dup(const struct mail_storage_error *last)
{
    struct mail_storage_error copy = *last;

    copy.error_string = i_strdup(last->error_string);
    copy.last_internal_error = i_strdup(last->last_internal_error);
    return copy;
}

/* ---- errno --------------------------------------------------------------------------------- */

bool mail_error_from_errno(enum mail_error *error_r, const char **error_string_r)
{
    if (ENOACCESS(errno)) {
        *error_r = MAIL_ERROR_PERM;
        *error_string_r = MAIL_ERRSTR_NO_PERMISSION;
    } else if (ENOQUOTA(errno)) {
        *error_r = MAIL_ERROR_NOQUOTA;
        *error_string_r = MAIL_ERRSTR_NO_QUOTA;
    } else if (errno == ELOOP) {
        *error_r = MAIL_ERROR_NOTFOUND;
        *error_string_r = "Directory structure is broken";
    } else if (ENOTFOUND(errno)) {
        *error_r = MAIL_ERROR_NOTFOUND;
        *error_string_r = "Not found";
    } else {
        return FALSE;
    }
    return TRUE;
}

const char *mail_error_eacces_msg(const char *func, const char *path)
{
    return eacces_error_get(func, path);
}

const char *mail_error_create_eacces_msg(const char *func, const char *path)
{
    return eacces_error_get_creating(func, path);
}
