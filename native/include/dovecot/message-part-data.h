/*
 * What the MIME headers of a part say, and the envelope of a message: the material of IMAP's BODY,
 * BODYSTRUCTURE and ENVELOPE. All strings live in the pool that was given for parsing.
 */
#ifndef MESSAGE_PART_DATA_H
#define MESSAGE_PART_DATA_H

#include "message-address.h"
#include "message-part.h"

#define MESSAGE_PART_DEFAULT_CHARSET "us-ascii"

struct message_header_line;

#define MESSAGE_PART_DATA_MAX_TOTAL_ADDRESSES 100000
#define MESSAGE_PART_DATA_MAX_TOTAL_LANGUAGE_TAGS 100000
#define MESSAGE_PART_DATA_MAX_TOTAL_MIME_PARAMS 200000

/** How much one message may still make us remember; shared by all calls for that message. */
struct message_part_data_limits {
    unsigned int remaining_addresses;
    unsigned int remaining_language_tags;
    unsigned int remaining_mime_params;
};
#define MESSAGE_PART_DATA_LIMITS_INIT                                                     \
    {                                                                                     \
        MESSAGE_PART_DATA_MAX_TOTAL_ADDRESSES, MESSAGE_PART_DATA_MAX_TOTAL_LANGUAGE_TAGS, \
            MESSAGE_PART_DATA_MAX_TOTAL_MIME_PARAMS                                       \
    }

struct message_part_param {
    const char *name;
    const char *value;
};

struct message_part_envelope {
    const char *date, *subject;
    struct message_address_list from, sender, reply_to;
    struct message_address_list to, cc, bcc;
    const char *in_reply_to, *message_id;
};

struct message_part_data {
    const char *content_type, *content_subtype;
    const struct message_part_param *content_type_params;
    unsigned int content_type_params_count;

    const char *content_transfer_encoding;
    const char *content_id;
    const char *content_description;
    const char *content_disposition;
    const struct message_part_param *content_disposition_params;
    unsigned int content_disposition_params_count;
    const char *content_md5;
    const char *const *content_language; /**< NULL-terminated */
    const char *content_location;

    struct message_part_envelope *envelope; /**< of the message, or of a message/rfc822 part */
};

/**
 * What counts as an attachment: everything with a disposition of attachment, or inline with a file
 * name, unless narrowed down here.
 */
struct message_part_attachment_settings {
    /**
     * Wildcards of content types: `!mask` takes types out, a plain mask takes back in what those
     * took out. NULL: all types.
     */
    const char *const *content_type_filter;
    bool exclude_inlined; /**< inline parts never count */
};

DOVECOT_API_BEGIN

/** Names of the headers that make an envelope, NULL-terminated. */
extern const char *message_part_envelope_headers[];

/** text/plain in us-ascii, sent as 7bit. */
bool message_part_data_is_plain_7bit(const struct message_part *part) ATTR_PURE;
/** The file name of the disposition, else the name of the content type; FALSE if neither. */
bool message_part_data_get_filename(const struct message_part *part, const char **filename_r);
/** Whether the type of the part passes such a filter. */
bool message_part_has_content_types(struct message_part *part, const char *const *types);
/** Whether the disposition has this parameter, and with `has_value` that it is not empty. */
bool message_part_has_parameter(struct message_part *part, const char *parameter, bool has_value);
bool message_part_is_attachment(struct message_part *part,
                                const struct message_part_attachment_settings *set);

/** Adds one header to the envelope, which is allocated when there is none. hdr NULL ends it. */
void message_part_envelope_parse_from_header(pool_t pool, struct message_part_envelope **_data,
                                             struct message_part_data_limits *limits,
                                             struct message_header_line *hdr);
/**
 * Adds one header of a part to `part->data`, which is allocated when it is NULL. Call it for every
 * header in order and once with hdr NULL at their end; it asks for full values where it needs them.
 */
void message_part_data_parse_from_header(pool_t pool, struct message_part *part,
                                         struct message_part_data_limits *limits,
                                         struct message_header_line *hdr);

DOVECOT_API_END

#endif
