/*
 * The transaction in C: who the client is, whom the mail is from and for, its header fields and its
 * bytes, and how to change the header.
 *
 * A function that takes a `vsmtp_transaction *` anywhere among its parameters gets the transaction
 * of the rule that called it. Scripts do not pass it: the parameter does not count as an argument.
 *
 *     VSMTP_FUNCTION(int64_t, hops, (const vsmtp_transaction *tx), VSMTP_QUICK)
 *     {
 *         return (int64_t)vsmtp_transaction_count_headers(tx, "Received");
 *     }
 *
 * and in a rule: `if trace::hops() > 25 { … }`. Write `const vsmtp_transaction *` in a function that
 * only reads: the compiler then refuses calls that change something, and `vsmtp plugin inspect`
 * shows which functions may.
 *
 * There is a transaction in directives only. While services, configurations and scripts are built
 * there is no client: the call is a script error then, and the plugin's function is not called.
 *
 * Ownership: everything that is read belongs to the host and lives until the plugin's function
 * returns, and so does the vsmtp_transaction itself. Copy what must live longer. No function here
 * copies the mail: vsmtp_transaction_data points to where the host has it.
 *
 * When: what is read is as it was when the call began. What is not known yet at the stage that runs
 * is NULL or 0. Changes are applied when the function has returned and did not fail (vsmtp_fail);
 * rules that run later see them.
 *
 * Threads: any thread may read and change while the call lasts, several at the same time too.
 *
 * Errors: NULL for a transaction is allowed everywhere and reads as one of which nothing is known.
 */
#ifndef VSMTP_TRANSACTION_H
#define VSMTP_TRANSACTION_H

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <stdbool.h>
#endif

#include "export.h"

VSMTP_C_BEGIN

/** The transaction that a function was called for. Opaque. */
typedef struct vsmtp_transaction vsmtp_transaction;

/* ---- The client: known from the first stage on ----------------------------------------------- */

/** The stage that runs, "connect", "helo", "mail", "rcpt", "preq", "postq", "delivery" … */
VSMTP_EXPORT const char *vsmtp_transaction_stage(const vsmtp_transaction *tx);

/** The client's IP address as text: "192.0.2.7", "2001:db8::1". */
VSMTP_EXPORT const char *vsmtp_transaction_client_ip(const vsmtp_transaction *tx);

/** The client's TCP port. */
VSMTP_EXPORT uint16_t vsmtp_transaction_client_port(const vsmtp_transaction *tx);

/** The name that this server greets with. */
VSMTP_EXPORT const char *vsmtp_transaction_server_name(const vsmtp_transaction *tx);

/** What the client named in HELO or EHLO (RFC 5321 section 4.1.1.1); NULL before. */
VSMTP_EXPORT const char *vsmtp_transaction_helo(const vsmtp_transaction *tx);

/* ---- The envelope: known from the stage "mail" on -------------------------------------------- */

/**
 * The sender, "john@example.com", without angle brackets. "" for the null sender `<>` (RFC 5321
 * section 4.5.5); NULL before MAIL.
 */
VSMTP_EXPORT const char *vsmtp_transaction_mail_from(const vsmtp_transaction *tx);

/** The mail's identifier, as `ctx::message_id()` has it; NULL before MAIL. */
VSMTP_EXPORT const char *vsmtp_transaction_id(const vsmtp_transaction *tx);

/** How many recipients there are so far. At the stage "rcpt" the last one is asked about. */
VSMTP_EXPORT size_t vsmtp_transaction_recipient_count(const vsmtp_transaction *tx);

/** The recipient `index` (from 0), "jane@example.com", in the order of RCPT; NULL behind the last. */
VSMTP_EXPORT const char *vsmtp_transaction_recipient(const vsmtp_transaction *tx, size_t index);

/* ---- Header fields: before the stage "preq" only those that rules have added ----------------- */

/**
 * One header field (RFC 5322 section 2.2). All its texts end with NUL; the lengths do not count it.
 * A hostile mail may hold NULs of its own, which only the lengths tell from the end.
 */
typedef struct vsmtp_header {
    const char *name; /**< as it is written in the mail: "Subject" */
    size_t name_length;
    const char *value; /**< unfolded, without white space at either end */
    size_t value_length;
    const char *raw; /**< all between the colon and the field's last line end, folds included */
    size_t raw_length;
} vsmtp_header;

/** How many fields there are in all. */
VSMTP_EXPORT size_t vsmtp_transaction_header_count(const vsmtp_transaction *tx);

/**
 * The field `index` (from 0), in the order of the mail; NULL behind the last.
 *
 *     const vsmtp_header *header;
 *     for (size_t i = 0; (header = vsmtp_transaction_header_at(tx, i)) != NULL; i++)
 *         use(header->name, header->value);
 */
VSMTP_EXPORT const vsmtp_header *vsmtp_transaction_header_at(const vsmtp_transaction *tx,
                                                             size_t index);

/**
 * The next field of a name, upper and lower case being the same: the first one with NULL for
 * `after`, else the next behind `after`, which came from this transaction. NULL when there is none.
 */
VSMTP_EXPORT const vsmtp_header *vsmtp_transaction_find_header(const vsmtp_transaction *tx,
                                                               const char *name,
                                                               const vsmtp_header *after);

/** The value of the first field of a name, as in vsmtp_header; NULL when there is none. */
VSMTP_EXPORT const char *vsmtp_transaction_header(const vsmtp_transaction *tx, const char *name);

/** How many fields of a name there are. */
VSMTP_EXPORT size_t vsmtp_transaction_count_headers(const vsmtp_transaction *tx, const char *name);

/* ---- The mail -------------------------------------------------------------------------------- */

/**
 * The bytes of the whole mail, header and body, as it would be delivered, and how many they are.
 * They are neither copied nor ended by NUL, and may not be written to. NULL, and 0 in `size`, before
 * the stage "preq".
 */
VSMTP_EXPORT const uint8_t *vsmtp_transaction_data(const vsmtp_transaction *tx, size_t *size);

/**
 * The mail without its header and the empty line behind it (RFC 5322 section 2.1): a part of
 * vsmtp_transaction_data. NULL, and 0 in `size`, before the stage "preq".
 */
VSMTP_EXPORT const uint8_t *vsmtp_transaction_body(const vsmtp_transaction *tx, size_t *size);

/* ---- Changing the header ----------------------------------------------------------------------
 *
 * Fields that are added before the mail has come stand in front of its own. The changes of a call are applied in the order in which they were asked for, by the rules of
 * `msg::prepend_header` and its like. They cannot be seen in this same transaction while the call
 * lasts.
 *
 * A name is printable ASCII without spaces and colons (RFC 5322 section 2.2). A value is UTF-8, and
 * bytes that are none become U+FFFD; it may be folded, that is, hold line ends that are followed by
 * a space or a tab, but no other control characters: none can end the field or the header.
 *
 * What is not so is refused: the function returns false, nothing is recorded, and the call fails
 * (as by vsmtp_fail, when it is over at the latest), so that none of its changes is applied. The
 * same happens at stages where `msg::prepend_header` cannot be called.
 */

/** Adds a field in front of all others. */
VSMTP_EXPORT bool vsmtp_transaction_prepend_header(vsmtp_transaction *tx, const char *name,
                                                   const char *value);

/** Adds a field behind all others. */
VSMTP_EXPORT bool vsmtp_transaction_append_header(vsmtp_transaction *tx, const char *name,
                                                  const char *value);

/** Replaces the first field of that name; appends it when there is none. */
VSMTP_EXPORT bool vsmtp_transaction_set_header(vsmtp_transaction *tx, const char *name,
                                               const char *value);

/** Removes the first field of that name; without one, nothing. */
VSMTP_EXPORT bool vsmtp_transaction_remove_header(vsmtp_transaction *tx, const char *name);

VSMTP_C_END

#endif
