/*
 * The transaction from one call to the next: it is filled with what the host hands over, and emptied
 * again.
 *
 * All bounds are checked here, once for each call. What is allocated are two lists of places, kept
 * from call to call; the texts stay where the host has them.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "transaction-state.h"

/* Lists of more than this many elements are not kept for the next call. */
enum { KEPT_ELEMENTS = 4096 };

vsmtp_transaction *vsmtp_transaction_create(void)
{
    vsmtp_transaction *tx = calloc(1, sizeof *tx);

    if (tx != NULL)
        (void)pthread_mutex_init(&tx->lock, NULL);
    return tx;
}

void vsmtp_transaction_destroy(vsmtp_transaction *tx)
{
    if (tx == NULL)
        return;
    (void)pthread_mutex_destroy(&tx->lock);
    free(tx->changes.bytes);
    free(tx->recipients);
    free(tx->headers);
    free(tx);
}

/* ---- Beginning a call ------------------------------------------------------------------------ */

/* The next element of the facts, if it is a text without NUL. */
static bool take_text(vsmtp_cursor *facts, const char **text)
{
    if (!vsmtp_next(facts))
        return false;
    *text = vsmtp_as_string(&facts->value, NULL);
    return *text != NULL;
}

/* The same, or unit: NULL. */
static bool take_known(vsmtp_cursor *facts, const char **text)
{
    if (!vsmtp_next(facts))
        return false;
    *text = vsmtp_as_string(&facts->value, NULL);
    return *text != NULL || vsmtp_type(&facts->value) == VSMTP_UNIT;
}

static bool take_port(vsmtp_cursor *facts, uint16_t *port)
{
    int64_t number;

    if (!vsmtp_next(facts) || !vsmtp_as_int(&facts->value, &number) || number < 0 ||
        number > UINT16_MAX)
        return false;
    *port = (uint16_t)number;
    return true;
}

/* Opens the array that is the next element; `count` is how many elements it has. */
static bool take_array(vsmtp_cursor *facts, vsmtp_cursor *elements, size_t *count)
{
    if (!vsmtp_next(facts) || vsmtp_type(&facts->value) != VSMTP_ARRAY)
        return false;
    *count = vsmtp_count(&facts->value);
    vsmtp_iterate(&facts->value, elements);
    return true;
}

/* Makes room for `count` elements in a list; its content is lost. */
static bool make_room(void **list, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity)
        return true;
    free(*list);
    *list = calloc(count, size);
    *capacity = *list == NULL ? 0 : count;
    return *list != NULL;
}

static bool take_recipients(vsmtp_transaction *tx, vsmtp_cursor *facts)
{
    vsmtp_cursor elements;
    size_t count;

    if (!take_array(facts, &elements, &count) ||
        !make_room((void **)&tx->recipients, &tx->recipient_capacity, count,
                   sizeof *tx->recipients))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!take_text(&elements, &tx->recipients[i]))
            return false;
    }
    tx->recipient_count = count;
    return true;
}

/* Three elements: name, raw value, value. */
static bool take_header(vsmtp_cursor *elements, vsmtp_header *header)
{
    if (!vsmtp_next(elements))
        return false;
    header->name = vsmtp_as_string(&elements->value, &header->name_length);
    if (header->name == NULL || !vsmtp_next(elements))
        return false;
    header->raw = vsmtp_as_string(&elements->value, &header->raw_length);
    if (header->raw == NULL || !vsmtp_next(elements))
        return false;
    header->value = vsmtp_as_string(&elements->value, &header->value_length);
    if (header->value == NULL && vsmtp_type(&elements->value) == VSMTP_UNIT) {
        size_t space = strspn(header->raw, " \t");

        header->value = header->raw + space;
        header->value_length = header->raw_length - space;
    }
    return header->value != NULL;
}

static bool take_headers(vsmtp_transaction *tx, vsmtp_cursor *facts)
{
    vsmtp_cursor elements;
    size_t count;

    if (!take_array(facts, &elements, &count) || count % 3 != 0 ||
        !make_room((void **)&tx->headers, &tx->header_capacity, count / 3, sizeof *tx->headers))
        return false;
    for (size_t i = 0; i < count / 3; i++) {
        if (!take_header(&elements, &tx->headers[i]))
            return false;
    }
    tx->header_count = count / 3;
    return true;
}

static bool take_facts(vsmtp_transaction *tx, vsmtp_cursor *facts)
{
    return take_text(facts, &tx->stage) && take_text(facts, &tx->client_ip) &&
           take_port(facts, &tx->client_port) && take_text(facts, &tx->server_name) &&
           take_known(facts, &tx->helo) && take_known(facts, &tx->mail_from) &&
           take_known(facts, &tx->id) && vsmtp_next(facts) &&
           vsmtp_as_bool(&facts->value, &tx->changeable) && take_recipients(tx, facts) &&
           take_headers(tx, facts);
}

static void forget(vsmtp_transaction *tx)
{
    tx->stage = tx->client_ip = tx->server_name = NULL;
    tx->helo = tx->mail_from = tx->id = NULL;
    tx->client_port = 0;
    tx->changeable = false;
    tx->recipient_count = tx->header_count = 0;
    tx->data = NULL;
    tx->data_size = 0;
    tx->refusal[0] = '\0';
}

bool vsmtp_transaction_begin(vsmtp_transaction *tx, const uint8_t *facts, size_t size,
                             const uint8_t *data, size_t data_size)
{
    vsmtp_value value = {facts, facts == NULL ? NULL : facts + size};
    vsmtp_cursor cursor;

    forget(tx);
    out_reset(&tx->changes);
    vsmtp_iterate(&value, &cursor);
    if (vsmtp_type(&value) != VSMTP_ARRAY || !take_facts(tx, &cursor)) {
        forget(tx);
        return false;
    }
    tx->data = data;
    tx->data_size = data == NULL ? 0 : data_size;
    return true;
}

const uint8_t *vsmtp_transaction_end(vsmtp_transaction *tx, size_t *size)
{
    const uint8_t *changes = transaction_take_changes(tx, size);

    forget(tx);
    if (tx->recipient_capacity > KEPT_ELEMENTS) {
        free(tx->recipients);
        tx->recipients = NULL;
        tx->recipient_capacity = 0;
    }
    if (tx->header_capacity > KEPT_ELEMENTS) {
        free(tx->headers);
        tx->headers = NULL;
        tx->header_capacity = 0;
    }
    return changes;
}
