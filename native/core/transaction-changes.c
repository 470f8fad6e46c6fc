/*
 * Recording what a plugin wants changed in the header: names and values are checked here, so that
 * the host never gets one that could end a field or the header. The host applies them afterwards.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "transaction-state.h"

/* Printable ASCII but for the colon (RFC 5322 section 3.6.8). */
static bool name_is_sound(const char *name)
{
    if (name == NULL || *name == '\0')
        return false;
    for (; *name != '\0'; name++) {
        if (*name <= ' ' || *name >= 0x7F || *name == ':')
            return false;
    }
    return true;
}

/* Bytes of the fold at `at`: a line end and the white space behind it; 0: it is none. */
static size_t fold_at(const char *at)
{
    size_t end = *at == '\r' ? 1 : 0;

    if (at[end] != '\n')
        return 0;
    return at[end + 1] == ' ' || at[end + 1] == '\t' ? end + 2 : 0;
}

/* No control characters but tabs and folds. Bytes of UTF-8 are above them all. */
static bool value_is_sound(const char *value)
{
    while (*value != '\0') {
        unsigned char byte = (unsigned char)*value;

        if ((byte >= ' ' && byte != 0x7F) || byte == '\t') {
            value++;
        } else {
            size_t fold = fold_at(value);

            if (fold == 0)
                return false;
            value += fold;
        }
    }
    return true;
}

enum { SHOWN_NAME = 64 };

/* A name that is not sound may hold anything: only what is printable is shown of it. */
static void describe_name(const char *name, char shown[static SHOWN_NAME])
{
    size_t i = 0;

    for (; name != NULL && name[i] != '\0' && i < SHOWN_NAME - 1; i++) {
        shown[i] = '?';
        if (name[i] >= ' ' && name[i] < 0x7F)
            shown[i] = name[i];
    }
    shown[i] = '\0';
}

/* Under the lock. The text goes to the frame too: on the thread of the call, it fails at once. */
static bool refuse(vsmtp_transaction *tx, const char *name, const char *reason)
{
    char shown[SHOWN_NAME];

    if (tx->refusal[0] == '\0') {
        describe_name(name, shown);
        (void)snprintf(tx->refusal, sizeof tx->refusal, "the header field \"%s\" %s", shown,
                       reason);
    }
    if (!vsmtp_failed())
        vsmtp_fail("%s", tx->refusal);
    return false;
}

/* Under the lock: one change, three elements of the array that the first one begins. */
static bool put(vsmtp_transaction *tx, int64_t what, const char *name, const char *value)
{
    if (tx->changes.used == 0)
        vsmtp_out_begin_array(&tx->changes);
    vsmtp_out_int(&tx->changes, what);
    vsmtp_out_string(&tx->changes, name);
    vsmtp_out_string(&tx->changes, value);
    if (tx->changes.mistake != NULL)
        return refuse(tx, name, "cannot be changed: all changes together are too large");
    return true;
}

static bool check_and_put(vsmtp_transaction *tx, int64_t what, const char *name, const char *value)
{
    if (!tx->changeable)
        return refuse(tx, name, "cannot be changed: there is no mail yet at this stage");
    if (!name_is_sound(name))
        return refuse(tx, name,
                      "has no sound name: it must be of printable ASCII, without spaces "
                      "and colons");
    if (value == NULL)
        return refuse(tx, name, "has no value");
    if (!value_is_sound(value))
        return refuse(tx, name,
                      "has a value with a control character, or with a line end that no "
                      "space follows");
    return put(tx, what, name, value);
}

static bool record(vsmtp_transaction *tx, int64_t what, const char *name, const char *value)
{
    bool recorded;

    if (tx == NULL) {
        vsmtp_fail("a header field cannot be changed: there is no transaction");
        return false;
    }
    (void)pthread_mutex_lock(&tx->lock);
    recorded = check_and_put(tx, what, name, value);
    (void)pthread_mutex_unlock(&tx->lock);
    return recorded;
}

bool vsmtp_transaction_prepend_header(vsmtp_transaction *tx, const char *name, const char *value)
{
    return record(tx, VSMTP_CHANGE_PREPEND, name, value);
}

bool vsmtp_transaction_append_header(vsmtp_transaction *tx, const char *name, const char *value)
{
    return record(tx, VSMTP_CHANGE_APPEND, name, value);
}

bool vsmtp_transaction_set_header(vsmtp_transaction *tx, const char *name, const char *value)
{
    return record(tx, VSMTP_CHANGE_SET, name, value);
}

bool vsmtp_transaction_remove_header(vsmtp_transaction *tx, const char *name)
{
    return record(tx, VSMTP_CHANGE_REMOVE, name, "");
}

const uint8_t *transaction_take_changes(vsmtp_transaction *tx, size_t *size)
{
    const uint8_t *changes = NULL;

    *size = 0;
    (void)pthread_mutex_lock(&tx->lock);
    tx->changeable = false;
    if (tx->refusal[0] != '\0' && !vsmtp_failed())
        vsmtp_fail("%s", tx->refusal);
    if (!vsmtp_failed() && tx->changes.used > 0) {
        vsmtp_out_end(&tx->changes);
        changes = tx->changes.bytes;
        *size = tx->changes.used;
    }
    (void)pthread_mutex_unlock(&tx->lock);
    return changes;
}
