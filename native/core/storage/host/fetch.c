/*
 * Fetching mails piece by piece: each `fetch-next` gives about as many bytes as fit in one reply,
 * and between two of them the storage thread serves others. However large a mail is, no more than
 * that is held in memory.
 *
 * A reply is a map: `parts`, an array of maps, each the beginning of a mail (`uid`, `fields`) or
 * bytes of the one that began last (`field`, `bytes`); `done`, true when there is nothing more.
 */
#include "host/fetch.h"

#include "lib.h"

#include "istream.h"
#include "llist.h"
#include "mail-user.h"
#include "message-size.h"

#include "host/fetch-fields.h"
#include "host/operations.h"
#include "host/query.h"
#include "host/session.h"

/* Bytes that a reply should have at least and may have at most in one piece. */
#define ENOUGH ((size_t)128 << 10)

struct fetch {
    int64_t number;
    pool_t pool;
    struct query query;
    const char *const *fields;

    /* The mail that is being told, NULL: none. */
    struct mail *mail;
    const char *const *next_field; /**< that may be one of bytes */
    struct istream *input;         /**< belongs to the mail; NULL: no bytes are being told */
    uoff_t place, end;

    struct fetch *prev, *next;
};

static int64_t last_number;

static void end_fetch(struct session *session, struct fetch *fetch)
{
    DLLIST_REMOVE(&session->fetches, fetch);
    query_cancel(&fetch->query);
    pool_unref(&fetch->pool);
}

void fetches_end(struct session *session)
{
    while (session->fetches != NULL)
        end_fetch(session, session->fetches);
}

static int wanted_fields(struct operation *operation, const char *const *names,
                         enum mail_fetch_field *wanted_r)
{
    enum mail_fetch_field wanted;
    enum fetch_bytes bytes;

    *wanted_r = 0;
    for (; *names != NULL; names++) {
        if (!fetch_field_known(*names, &bytes, &wanted))
            return operation_fail(operation, MAIL_ERROR_PARAMS, "Mails have no field %s", *names);
        *wanted_r |= wanted;
    }
    return 0;
}

int operation_fetch(struct operation *operation)
{
    const char *const *names = value_texts(&operation->arguments, "fields");
    struct session *session = session_of(operation);
    enum mail_fetch_field wanted;
    struct query query;
    struct fetch *fetch;
    pool_t pool;

    if (session == NULL || wanted_fields(operation, names, &wanted) < 0 ||
        query_begin(operation, session->user, wanted, &query) < 0)
        return -1;
    pool = pool_alloconly_create("fetch", 512);
    fetch = p_new(pool, struct fetch, 1);
    fetch->number = ++last_number;
    fetch->pool = pool;
    fetch->query = query;
    fetch->fields = p_strarray_dup(pool, names);
    DLLIST_PREPEND(&session->fetches, fetch);
    vsmtp_out_int(operation->out, fetch->number);
    return 0;
}

static struct fetch *fetch_of(struct operation *operation, struct session *session)
{
    int64_t number = value_number(&operation->arguments, "fetch", 0);

    for (struct fetch *fetch = session->fetches; fetch != NULL; fetch = fetch->next) {
        if (fetch->number == number)
            return fetch;
    }
    return NULL;
}

/* ---- The beginning of a mail ----------------------------------------------------------------- */

/* A mail that others expunged meanwhile has no values. */
static int write_field(struct operation *operation, struct fetch *fetch, const char *name)
{
    vsmtp_out_key(operation->out, name);
    if (fetch_field_write(operation->out, name, fetch->mail) == 0)
        return 0;
    if (!fetch->mail->expunged)
        return operation_fail_box(operation, fetch->query.box);
    vsmtp_out_unit(operation->out);
    return 0;
}

static int write_mail(struct operation *operation, struct fetch *fetch)
{
    vsmtp_out *out = operation->out;
    enum mail_fetch_field wanted;
    enum fetch_bytes bytes;

    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "fields");
    vsmtp_out_begin_map(out);
    for (const char *const *name = fetch->fields; *name != NULL; name++) {
        if (fetch_field_known(*name, &bytes, &wanted) && bytes == FETCH_NO_BYTES &&
            write_field(operation, fetch, *name) < 0)
            return -1;
    }
    vsmtp_out_end(out);
    vsmtp_out_key(out, "uid");
    vsmtp_out_int(out, fetch->mail->uid);
    vsmtp_out_end(out);
    fetch->next_field = fetch->fields;
    return 0;
}

/* ---- Its bytes ------------------------------------------------------------------------------- */

/* Finds where the bytes of a field begin and end. */
static int open_bytes(struct operation *operation, struct fetch *fetch, enum fetch_bytes bytes)
{
    struct message_size header;
    int result = bytes == FETCH_HEADER ? mail_get_hdr_stream(fetch->mail, &header, &fetch->input)
                                       : mail_get_stream(fetch->mail, &header, NULL, &fetch->input);

    if (result < 0) {
        fetch->input = NULL;
        return fetch->mail->expunged ? 0 : operation_fail_box(operation, fetch->query.box);
    }
    fetch->place = bytes == FETCH_BODY ? header.physical_size : 0;
    fetch->end = bytes == FETCH_HEADER ? header.physical_size : UOFF_T_MAX;
    return 0;
}

/* Goes to the next field of bytes. 1, 0 when there is none, or -1. */
static int next_bytes(struct operation *operation, struct fetch *fetch)
{
    enum mail_fetch_field wanted;
    enum fetch_bytes bytes;

    while (*fetch->next_field != NULL) {
        (void)fetch_field_known(*fetch->next_field++, &bytes, &wanted);
        if (bytes == FETCH_NO_BYTES)
            continue;
        if (open_bytes(operation, fetch, bytes) < 0)
            return -1;
        if (fetch->input != NULL)
            return 1;
    }
    return 0;
}

static void write_piece(struct operation *operation, const struct fetch *fetch,
                        const unsigned char *data, size_t size)
{
    vsmtp_out *out = operation->out;

    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "bytes");
    vsmtp_out_bytes(out, data, size);
    vsmtp_out_key(out, "field");
    vsmtp_out_string(out, fetch->next_field[-1]);
    vsmtp_out_end(out);
}

/* Tells a piece of the bytes. */
static int tell_bytes(struct operation *operation, struct fetch *fetch)
{
    const unsigned char *data;
    size_t size;
    int more;

    /* others may have moved the stream since the last piece */
    i_stream_seek(fetch->input, fetch->place);
    more = i_stream_read_more(fetch->input, &data, &size);
    if (more < 0 && fetch->input->stream_errno != 0)
        return operation_fail(operation, MAIL_ERROR_TEMP, "Mail %u of %s cannot be read: %s",
                              fetch->mail->uid, mailbox_get_vname(fetch->query.box),
                              i_stream_get_error(fetch->input));
    if (more > 0 && size > fetch->end - fetch->place)
        size = (size_t)(fetch->end - fetch->place);
    if (more <= 0 || size == 0) {
        fetch->input = NULL;
        return 0;
    }
    size = I_MIN(size, ENOUGH);
    write_piece(operation, fetch, data, size);
    fetch->place += size;
    return 0;
}

/* ---- Replies --------------------------------------------------------------------------------- */

/* Tells one part more. 1, 0 when all was told, or -1. */
static int advance(struct operation *operation, struct fetch *fetch)
{
    int more;

    if (fetch->input != NULL)
        return tell_bytes(operation, fetch) < 0 ? -1 : 1;
    if (fetch->mail != NULL) {
        more = next_bytes(operation, fetch);
        if (more != 0)
            return more;
    }
    if (!mailbox_search_next(fetch->query.search, &fetch->mail))
        return 0;
    return write_mail(operation, fetch) < 0 ? -1 : 1;
}

static int tell(struct operation *operation, struct fetch *fetch)
{
    vsmtp_out *out = operation->out;
    int more;

    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "parts");
    vsmtp_out_begin_array(out);
    do
        more = advance(operation, fetch);
    while (more > 0 && out->used < ENOUGH);
    vsmtp_out_end(out);
    vsmtp_out_key(out, "done");
    vsmtp_out_bool(out, more == 0);
    vsmtp_out_end(out);
    return more;
}

int operation_fetch_next(struct operation *operation)
{
    struct session *session = session_of(operation);
    struct fetch *fetch = session == NULL ? NULL : fetch_of(operation, session);
    int more;

    if (fetch == NULL)
        return operation_fail(operation, MAIL_ERROR_PARAMS, "The fetch has ended");
    more = tell(operation, fetch);
    if (more > 0)
        return 0;
    if (more == 0 && mailbox_search_deinit(&fetch->query.search) < 0)
        more = operation_fail_box(operation, fetch->query.box);
    end_fetch(session, fetch);
    return more;
}

int operation_fetch_end(struct operation *operation)
{
    struct session *session = session_of(operation);
    struct fetch *fetch = session == NULL ? NULL : fetch_of(operation, session);

    if (session == NULL)
        return -1;
    if (fetch != NULL)
        end_fetch(session, fetch);
    return 0;
}
