/*
 * Address lists of mail headers (RFC 5322 §3.4, leniently).
 *
 * A group is kept as its members between two marks: an address that has nothing but a mailbox, which
 * is the group's name, and one that has nothing at all.
 */
#ifndef MESSAGE_ADDRESS_H
#define MESSAGE_ADDRESS_H

#include "lib.h"

enum message_address_parse_flags {
    /** A missing mailbox or domain becomes MISSING_MAILBOX or MISSING_DOMAIN instead of "". */
    MESSAGE_ADDRESS_PARSE_FLAG_FILL_MISSING = BIT(0),
    /** A local part with dots where none may be is invalid; otherwise it is taken as it is. */
    MESSAGE_ADDRESS_PARSE_FLAG_STRICT_DOTS = BIT(1),
};

struct message_address {
    struct message_address *prev, *next;

    const char *name;  /**< display name or NULL; not decoded */
    const char *route; /**< with its `@`, or NULL */
    const char *mailbox;
    const char *domain;
    bool invalid_syntax; /**< something of it could not be parsed */
};

struct message_address_list {
    struct message_address *head, *tail;
    unsigned int count;
};

DOVECOT_API_BEGIN

/** NULL when there is none. What is after max_addresses is ignored. */
struct message_address *message_address_parse(pool_t pool, const unsigned char *data, size_t size,
                                              unsigned int max_addresses,
                                              enum message_address_parse_flags flags);
void message_address_parse_full(pool_t pool, const unsigned char *data, size_t size,
                                unsigned int max_addresses, enum message_address_parse_flags flags,
                                struct message_address_list *list_r);
/** A Return-Path: `<>` gives an address with NULL mailbox and domain. 0, or -1 when invalid. */
int message_address_parse_path(pool_t pool, const unsigned char *data, size_t size,
                               struct message_address **addr_r);

/** Fills a struct of the caller's; strings are not copied. */
void message_address_init(struct message_address *addr, const char *name, const char *mailbox,
                          const char *domain) ATTR_NULL(1);

/** Appends the list from `addr` on, quoted and escaped as needed. */
void message_address_write(string_t *str, const struct message_address *addr);
/** On the data stack: the list, or its first address alone. */
const char *message_address_to_string(const struct message_address *addr);
const char *message_address_first_to_string(const struct message_address *addr);

/** Whether headers of this name hold addresses (From, To, …). */
bool message_header_is_address(const char *hdr_name);

DOVECOT_API_END

#endif
