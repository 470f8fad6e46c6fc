/*
 * Reading the transaction: the accessors of transaction.h. Everything that they return was checked
 * when the call began (transaction-facts.c), so here is only looking up.
 */
#include <string.h>
#include <strings.h>

#include "transaction-state.h"

const char *vsmtp_transaction_stage(const vsmtp_transaction *tx)
{
    return tx == NULL ? NULL : tx->stage;
}

const char *vsmtp_transaction_client_ip(const vsmtp_transaction *tx)
{
    return tx == NULL ? NULL : tx->client_ip;
}

uint16_t vsmtp_transaction_client_port(const vsmtp_transaction *tx)
{
    return tx == NULL ? 0 : tx->client_port;
}

const char *vsmtp_transaction_server_name(const vsmtp_transaction *tx)
{
    return tx == NULL ? NULL : tx->server_name;
}

const char *vsmtp_transaction_helo(const vsmtp_transaction *tx)
{
    return tx == NULL ? NULL : tx->helo;
}

const char *vsmtp_transaction_mail_from(const vsmtp_transaction *tx)
{
    return tx == NULL ? NULL : tx->mail_from;
}

const char *vsmtp_transaction_id(const vsmtp_transaction *tx)
{
    return tx == NULL ? NULL : tx->id;
}

size_t vsmtp_transaction_recipient_count(const vsmtp_transaction *tx)
{
    return tx == NULL ? 0 : tx->recipient_count;
}

const char *vsmtp_transaction_recipient(const vsmtp_transaction *tx, size_t index)
{
    return index < vsmtp_transaction_recipient_count(tx) ? tx->recipients[index] : NULL;
}

size_t vsmtp_transaction_header_count(const vsmtp_transaction *tx)
{
    return tx == NULL ? 0 : tx->header_count;
}

const vsmtp_header *vsmtp_transaction_header_at(const vsmtp_transaction *tx, size_t index)
{
    return index < vsmtp_transaction_header_count(tx) ? &tx->headers[index] : NULL;
}

const vsmtp_header *vsmtp_transaction_find_header(const vsmtp_transaction *tx, const char *name,
                                                  const vsmtp_header *after)
{
    size_t count = name == NULL ? 0 : vsmtp_transaction_header_count(tx);
    size_t length = name == NULL ? 0 : strlen(name);

    for (size_t i = after == NULL ? 0 : (size_t)(after - tx->headers) + 1; i < count; i++) {
        const vsmtp_header *header = &tx->headers[i];

        if (header->name_length == length && strcasecmp(header->name, name) == 0)
            return header;
    }
    return NULL;
}

const char *vsmtp_transaction_header(const vsmtp_transaction *tx, const char *name)
{
    const vsmtp_header *header = vsmtp_transaction_find_header(tx, name, NULL);

    return header == NULL ? NULL : header->value;
}

size_t vsmtp_transaction_count_headers(const vsmtp_transaction *tx, const char *name)
{
    const vsmtp_header *header = NULL;
    size_t count = 0;

    while ((header = vsmtp_transaction_find_header(tx, name, header)) != NULL)
        count++;
    return count;
}

const uint8_t *vsmtp_transaction_data(const vsmtp_transaction *tx, size_t *size)
{
    *size = tx == NULL ? 0 : tx->data_size;
    return tx == NULL ? NULL : tx->data;
}

/* Bytes of the line end at `at`: LF or CR LF; 0: there is none. */
static size_t line_end(const uint8_t *at, const uint8_t *end)
{
    if (at < end && *at == '\n')
        return 1;
    return end - at >= 2 && at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

const uint8_t *vsmtp_transaction_body(const vsmtp_transaction *tx, size_t *size)
{
    const uint8_t *line = vsmtp_transaction_data(tx, size);
    const uint8_t *end;

    if (line == NULL)
        return NULL;
    for (end = line + *size; line < end && line_end(line, end) == 0;) {
        const uint8_t *feed = memchr(line, '\n', (size_t)(end - line));

        line = feed == NULL ? end : feed + 1;
    }
    line += line_end(line, end);
    *size = (size_t)(end - line);
    return line;
}
