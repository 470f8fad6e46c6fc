/*
 * mailcheck: three checks of a mail, to learn how a plugin reads the transaction and changes its
 * header. README.md walks through it; vsmtp/transaction.h documents what is used here.
 */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <string.h>

#include <vsmtp/plugin.h>
#include <vsmtp/transaction.h>

VSMTP_PLUGIN("mailcheck",
             VSMTP_RELEASE("1.0.0")
                 VSMTP_DESCRIPTION("Counts hops, looks for text in mails, marks what it has seen"))

/* The field that marks a mail as seen by us. */
#define MARK "X-Mailcheck"

/*
 * Every server that a mail passes adds a Received field in front (RFC 5321 section 4.4), so a mail
 * that goes round in circles has ever more of them. Scripts call this as `hops()`: the transaction
 * is the host's to pass. It is const, because nothing is changed.
 */
VSMTP_FUNCTION(int64_t, mailcheck_hops, (const vsmtp_transaction *tx),
               VSMTP_QUICK VSMTP_NAME("hops")
                   VSMTP_DOC("How many servers the mail says it has passed."))
{
    return (int64_t)vsmtp_transaction_count_headers(tx, "Received");
}

/*
 * Looks at every byte of the body, where the server has it: nothing is copied. A large mail takes
 * milliseconds, too long for the thread that serves all clients, so this is no VSMTP_QUICK: it runs
 * on a thread of a pool, and the rule waits for it.
 */
VSMTP_FUNCTION(bool, mailcheck_contains, (const vsmtp_transaction *tx, const char *text),
               VSMTP_NAME("contains")
                   VSMTP_DOC("Whether the body has that text in it, byte for byte.")
                       VSMTP_DOC("Text that is encoded (base64, quoted-printable) is not found."))
{
    size_t size;
    const uint8_t *body = vsmtp_transaction_body(tx, &size);

    if (body == NULL) {
        vsmtp_fail("there is no body before the stage preq");
        return false;
    }
    return memmem(body, size, text, strlen(text)) != NULL;
}

/*
 * Changes the header. Whoever sent the mail may have put marks of his own into it: they are removed,
 * one call for each, before ours is added. All changes are applied together when this returns; had
 * one been refused, or vsmtp_fail been called, none would be.
 */
VSMTP_FUNCTION(void, mailcheck_mark, (vsmtp_transaction *tx, const char *verdict),
               VSMTP_QUICK VSMTP_NAME("mark")
                   VSMTP_DOC("Adds a field X-Mailcheck with a verdict, in place of all others."))
{
    char value[512];
    size_t size;

    (void)vsmtp_transaction_data(tx, &size);
    if (snprintf(value, sizeof value, "%s; hops=%zu; size=%zu; by=%s", verdict,
                 vsmtp_transaction_count_headers(tx, "Received"), size,
                 vsmtp_transaction_server_name(tx)) >= (int)sizeof value) {
        vsmtp_fail("the verdict is too long");
        return;
    }
    for (size_t forged = vsmtp_transaction_count_headers(tx, MARK); forged > 0; forged--)
        vsmtp_transaction_remove_header(tx, MARK);
    vsmtp_transaction_prepend_header(tx, MARK, value);
}

/*
 * Walks through the fields and returns a map: an example of reading all of them. A header that is
 * folded over several lines comes unfolded in `value`.
 */
VSMTP_FUNCTION(void, mailcheck_largest, (const vsmtp_transaction *tx, vsmtp_out *out),
               VSMTP_QUICK VSMTP_NAME("largest")
                   VSMTP_DOC("The largest header field: #{ name, bytes }; () in a mail without any."))
{
    const vsmtp_header *largest = NULL;
    const vsmtp_header *header;

    for (size_t i = 0; (header = vsmtp_transaction_header_at(tx, i)) != NULL; i++) {
        if (largest == NULL || header->raw_length > largest->raw_length)
            largest = header;
    }
    if (largest == NULL)
        return;
    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "name");
    vsmtp_out_string(out, largest->name);
    vsmtp_out_key(out, "bytes");
    vsmtp_out_int(out, (int64_t)largest->raw_length);
    vsmtp_out_end(out);
}
