/*
 * The inside of a vsmtp_transaction. Private to libvsmtp: transaction-facts.c fills it,
 * transaction.c reads it, transaction-changes.c records in it what a plugin wants changed.
 */
#ifndef VSMTP_CORE_TRANSACTION_STATE_H
#define VSMTP_CORE_TRANSACTION_STATE_H

#include <pthread.h>

#include "out.h"
#include "transaction.h"

struct vsmtp_transaction {
    /* borrowed from the host while a call lasts; not written to by then */
    const char *stage, *client_ip, *server_name;
    const char *helo, *mail_from, *id;
    uint16_t client_port;
    bool changeable;
    const char **recipients;
    size_t recipient_count, recipient_capacity;
    vsmtp_header *headers;
    size_t header_count, header_capacity;
    const uint8_t *data;
    size_t data_size;

    /* any thread of the call writes these, under the lock */
    pthread_mutex_t lock;
    struct vsmtp_out changes;
    char refusal[256]; /* why the first refused change was; empty: none was */
};

/** What vsmtp_transaction_end says of changes. */
const uint8_t *transaction_take_changes(vsmtp_transaction *tx, size_t *size);

#endif
