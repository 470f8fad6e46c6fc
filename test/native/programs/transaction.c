/*
 * Transactions there and back: run by transaction.test.ts, under sanitizers where the compiler has
 * them.
 *
 *     transaction SEED   prints how many damaged transactions it has read; exits 1 with the reason
 *                        when a check fails
 */
#include <string.h>

#include <frame.h>
#include <transaction.h>

#include "values.h"

static uint64_t random_state;

static uint32_t random_number(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33);
}

/* A block of exactly the size, so that a sanitizer sees every step outside. */
struct facts {
    uint8_t *bytes;
    size_t size;
};

static struct facts take_facts(void)
{
    struct facts facts;
    const uint8_t *bytes = vsmtp_frame_result(&facts.size);

    CHECK(bytes != NULL && !vsmtp_failed());
    facts.bytes = malloc(facts.size);
    CHECK(facts.bytes != NULL);
    memcpy(facts.bytes, bytes, facts.size);
    vsmtp_frame_forget_result();
    return facts;
}

static void write_header(vsmtp_out *out, const char *name, const char *raw, const char *value)
{
    vsmtp_out_string(out, name);
    vsmtp_out_string(out, raw);
    vsmtp_out_string(out, value);
}

static struct facts write_facts(bool known)
{
    vsmtp_out *out = vsmtp_frame_out();

    vsmtp_out_begin_array(out);
    vsmtp_out_string(out, "preq");
    vsmtp_out_string(out, "192.0.2.7");
    vsmtp_out_int(out, 65535);
    vsmtp_out_string(out, "mx.example.com");
    vsmtp_out_string(out, known ? "client" : NULL);
    vsmtp_out_string(out, known ? "" : NULL);
    vsmtp_out_string(out, known ? "id" : NULL);
    vsmtp_out_bool(out, known);
    vsmtp_out_begin_array(out);
    vsmtp_out_string(out, "a@example.com");
    vsmtp_out_string(out, "b@example.com");
    vsmtp_out_end(out);
    vsmtp_out_begin_array(out);
    write_header(out, "Subject", " Hello", NULL);
    write_header(out, "Received", " a\r\n b", "a b");
    write_header(out, "subject", "", NULL);
    vsmtp_out_end(out);
    vsmtp_out_end(out);
    return take_facts();
}

static const char mail[] = "Subject: Hello\r\n\r\nbody";

static void begin(vsmtp_transaction *tx, struct facts facts)
{
    vsmtp_frame_begin();
    CHECK(vsmtp_transaction_begin(tx, facts.bytes, facts.size, (const uint8_t *)mail,
                                  sizeof mail - 1));
}

static void check_reading(vsmtp_transaction *tx, struct facts facts)
{
    const vsmtp_header *header;
    size_t size;

    begin(tx, facts);
    CHECK(strcmp(vsmtp_transaction_stage(tx), "preq") == 0);
    CHECK(strcmp(vsmtp_transaction_client_ip(tx), "192.0.2.7") == 0);
    CHECK(vsmtp_transaction_client_port(tx) == 65535);
    CHECK(strcmp(vsmtp_transaction_mail_from(tx), "") == 0);
    CHECK(vsmtp_transaction_recipient_count(tx) == 2);
    CHECK(strcmp(vsmtp_transaction_recipient(tx, 1), "b@example.com") == 0);
    CHECK(vsmtp_transaction_recipient(tx, 2) == NULL);
    CHECK(vsmtp_transaction_recipient(tx, SIZE_MAX) == NULL);
    CHECK(vsmtp_transaction_header_count(tx) == 3);
    CHECK(vsmtp_transaction_header_at(tx, SIZE_MAX) == NULL);
    header = vsmtp_transaction_find_header(tx, "SUBJECT", NULL);
    CHECK(header != NULL && strcmp(header->value, "Hello") == 0 && header->value_length == 5);
    header = vsmtp_transaction_find_header(tx, "SUBJECT", header);
    CHECK(header != NULL && header->value_length == 0 && header->raw_length == 0);
    CHECK(vsmtp_transaction_find_header(tx, "SUBJECT", header) == NULL);
    CHECK(vsmtp_transaction_find_header(tx, NULL, NULL) == NULL);
    CHECK(strcmp(vsmtp_transaction_header(tx, "received"), "a b") == 0);
    CHECK(vsmtp_transaction_data(tx, &size) == (const uint8_t *)mail && size == sizeof mail - 1);
    CHECK(memcmp(vsmtp_transaction_body(tx, &size), "body", 4) == 0 && size == 4);
    CHECK(vsmtp_transaction_end(tx, &size) == NULL && size == 0);
    CHECK(vsmtp_transaction_stage(tx) == NULL && vsmtp_transaction_data(tx, &size) == NULL);
    CHECK(vsmtp_transaction_header_at(tx, 0) == NULL);
}

static void check_body(vsmtp_transaction *tx, struct facts facts)
{
    static const struct {
        const char *mail, *body;
    } cases[] = {
        {"", ""},           {"\n", ""},
        {"\r\n", ""},       {"\r", ""},
        {"a: b", ""},       {"a: b\r\n", ""},
        {"\nx", "x"},       {"\r\nx", "x"},
        {"a: b\n\nx", "x"}, {"a\r\n\r\n\r\n", "\r\n"},
        {"a\r\n \r\n", ""}, {"a\n\rb\n\n", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = strlen(cases[i].mail);
        size_t size;
        uint8_t *copy = malloc(length > 0 ? length : 1);
        const uint8_t *body;

        CHECK(copy != NULL);
        memcpy(copy, cases[i].mail, length);
        CHECK(vsmtp_transaction_begin(tx, facts.bytes, facts.size, copy, length));
        body = vsmtp_transaction_body(tx, &size);
        CHECK(body != NULL && size == strlen(cases[i].body));
        CHECK(memcmp(body, cases[i].body, size) == 0);
        (void)vsmtp_transaction_end(tx, &size);
        free(copy);
    }
}

static void check_refused(vsmtp_transaction *tx, struct facts facts, const char *name,
                          const char *value)
{
    size_t size;

    begin(tx, facts);
    CHECK(vsmtp_transaction_append_header(tx, "X-Good", "yes"));
    CHECK(!vsmtp_transaction_append_header(tx, name, value));
    CHECK(vsmtp_failed());
    CHECK(vsmtp_transaction_end(tx, &size) == NULL);
    CHECK(strlen(vsmtp_frame_take_failure()) < 256);
}

static void check_changing(vsmtp_transaction *tx, struct facts facts)
{
    static char long_name[100000];
    size_t size;
    const uint8_t *changes;
    vsmtp_value value;

    begin(tx, facts);
    CHECK(vsmtp_transaction_prepend_header(tx, "A", "folded\r\n b\n\tc"));
    CHECK(vsmtp_transaction_remove_header(tx, "A"));
    changes = vsmtp_transaction_end(tx, &size);
    CHECK(changes != NULL && !vsmtp_failed());
    value = (vsmtp_value){changes, changes + size};
    CHECK(vsmtp_count(&value) == 6);
    CHECK(!vsmtp_transaction_append_header(tx, "A", "late"));

    check_refused(tx, facts, NULL, "x");
    check_refused(tx, facts, "A", NULL);
    check_refused(tx, facts, "", "x");
    check_refused(tx, facts, "A\r\nB", "x");
    check_refused(tx, facts, "A", "x\r\nB: c");
    check_refused(tx, facts, "A", "x\r");
    check_refused(tx, facts, "A", "x\n");
    memset(long_name, ' ', sizeof long_name - 1);
    check_refused(tx, facts, long_name, "x");
    CHECK(!vsmtp_transaction_remove_header(NULL, "A"));
    CHECK(strcmp(vsmtp_frame_take_failure(),
                 "a header field cannot be changed: there is no transaction") == 0);
}

static void read_text(const char *text, size_t length)
{
    if (text != NULL)
        CHECK(strlen(text) <= length);
}

/* Reads everything. Only the sanitizers judge. */
static void read_all(const vsmtp_transaction *tx)
{
    const vsmtp_header *header;
    const char *recipient;
    size_t size;

    read_text(vsmtp_transaction_stage(tx), SIZE_MAX);
    read_text(vsmtp_transaction_client_ip(tx), SIZE_MAX);
    read_text(vsmtp_transaction_server_name(tx), SIZE_MAX);
    read_text(vsmtp_transaction_helo(tx), SIZE_MAX);
    read_text(vsmtp_transaction_mail_from(tx), SIZE_MAX);
    read_text(vsmtp_transaction_id(tx), SIZE_MAX);
    for (size_t i = 0; (recipient = vsmtp_transaction_recipient(tx, i)) != NULL; i++)
        read_text(recipient, SIZE_MAX);
    for (size_t i = 0; (header = vsmtp_transaction_header_at(tx, i)) != NULL; i++) {
        read_text(header->name, header->name_length);
        read_text(header->value, header->value_length);
        read_text(header->raw, header->raw_length);
    }
    (void)vsmtp_transaction_count_headers(tx, "subject");
    (void)vsmtp_transaction_body(tx, &size);
}

static bool read_damaged_facts(vsmtp_transaction *tx, const uint8_t *bytes, size_t size)
{
    bool begun;
    size_t changes;

    vsmtp_frame_begin();
    begun = vsmtp_transaction_begin(tx, bytes, size, NULL, 0);
    CHECK(begun || vsmtp_transaction_header_count(tx) == 0);
    read_all(tx);
    (void)vsmtp_transaction_set_header(tx, "A", "b");
    (void)vsmtp_transaction_end(tx, &changes);
    return begun;
}

static size_t read_truncated(vsmtp_transaction *tx, struct facts facts)
{
    for (size_t kept = 0; kept < facts.size; kept++) {
        uint8_t *piece = malloc(kept > 0 ? kept : 1);

        CHECK(piece != NULL);
        memcpy(piece, facts.bytes, kept);
        CHECK(!read_damaged_facts(tx, piece, kept));
        free(piece);
    }
    return facts.size;
}

static size_t read_mutated(vsmtp_transaction *tx, struct facts facts, size_t times)
{
    static const uint8_t special[] = {0, 1, 2, 3, 5, 6, 7, 8, 0x7f, 0x80, 0xff};
    uint8_t *piece = malloc(facts.size);

    CHECK(piece != NULL);
    for (size_t i = 0; i < times; i++) {
        memcpy(piece, facts.bytes, facts.size);
        for (uint32_t left = 1 + random_number() % 4; left > 0; left--)
            piece[random_number() % facts.size] = random_number() & 1
                                                      ? (uint8_t)random_number()
                                                      : special[random_number() % sizeof special];
        (void)read_damaged_facts(tx, piece, facts.size);
    }
    free(piece);
    return times;
}

int main(int count, char **arguments)
{
    vsmtp_transaction *tx = vsmtp_transaction_create();
    struct facts facts;
    struct facts early;
    size_t damaged;
    size_t size;

    CHECK(count == 2 && tx != NULL);
    random_state = strtoull(arguments[1], NULL, 10);
    vsmtp_frame_begin();
    facts = write_facts(true);
    early = write_facts(false);

    check_reading(tx, facts);
    check_body(tx, facts);
    check_changing(tx, facts);
    CHECK(vsmtp_transaction_begin(tx, early.bytes, early.size, NULL, 0));
    CHECK(vsmtp_transaction_helo(tx) == NULL && vsmtp_transaction_mail_from(tx) == NULL);
    CHECK(vsmtp_transaction_body(tx, &size) == NULL && size == 0);
    CHECK(!vsmtp_transaction_append_header(tx, "A", "b"));
    CHECK(vsmtp_transaction_end(tx, &size) == NULL);
    read_all(NULL);

    damaged = read_truncated(tx, facts) + read_mutated(tx, facts, 200000);
    vsmtp_transaction_destroy(tx);
    vsmtp_transaction_destroy(NULL);
    free(facts.bytes);
    free(early.bytes);
    vsmtp_frame_begin();
    (void)printf("%zu damaged transactions read\n", damaged);
    return 0;
}
