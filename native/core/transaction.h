/*
 * The transaction as the host makes it: what it hands over, and the changes that it takes back.
 *
 * The facts are one encoded array (wire.h):
 *
 *     stage, client ip: string; client port: int; server name: string;
 *     helo, sender, identifier: string or unit; whether there is a header to change: bool;
 *     recipients: array of string; header fields: array of three elements for each:
 *         name and raw value: string; value: string, or unit when it is the raw value from its first
 *         character on that is no white space
 *
 * and the changes too, three elements for each: what to do (int, below), name, value.
 * src/plugin/wire-transaction.ts is the other side.
 */
#ifndef VSMTP_CORE_TRANSACTION_H
#define VSMTP_CORE_TRANSACTION_H

#include <vsmtp/transaction.h>

VSMTP_C_BEGIN

/** What a change does with its field. */
enum {
    VSMTP_CHANGE_PREPEND = 0,
    VSMTP_CHANGE_APPEND = 1,
    VSMTP_CHANGE_SET = 2,
    VSMTP_CHANGE_REMOVE = 3
};

/** A transaction of which nothing is known, to be used for one call after the other. NULL: memory is used up. */
VSMTP_EXPORT vsmtp_transaction *vsmtp_transaction_create(void);

VSMTP_EXPORT void vsmtp_transaction_destroy(vsmtp_transaction *tx);

/**
 * Begins a call. Facts and data stay where they are and must until the call ends; `data` is NULL
 * where there is no mail yet. False when the facts are damaged or memory is used up: nothing is
 * known then.
 */
VSMTP_EXPORT bool vsmtp_transaction_begin(vsmtp_transaction *tx, const uint8_t *facts, size_t size,
                                          const uint8_t *data, size_t data_size);

/**
 * Ends a call, on the thread of its frame: nothing is known any more. Returns the encoded changes,
 * which stay until the next begin; NULL for none, and when the call has failed. A change that was
 * refused makes the call fail.
 */
VSMTP_EXPORT const uint8_t *vsmtp_transaction_end(vsmtp_transaction *tx, size_t *size);

VSMTP_C_END

#endif
