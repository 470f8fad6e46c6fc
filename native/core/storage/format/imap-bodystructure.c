/*
 * BODY and BODYSTRUCTURE as IMAP text (imap-bodystructure.h).
 */
#include "imap-bodystructure.h"

#include "imap-envelope.h"
#include "imap-quote.h"
#include "message-part-data.h"
#include "str.h"

#define EMPTY_PART                                                           \
    "(\"text\" \"plain\" (\"charset\" \"" MESSAGE_PART_DEFAULT_CHARSET "\")" \
    " NIL NIL \"7bit\" 0 0)"

static int write_part(const struct message_part *part, string_t *dest, bool extended,
                      const char **error_r);

static void write_text(string_t *dest, const char *text)
{
    str_append_c(dest, ' ');
    imap_append_nstring_nolf(dest, text);
}

static void write_text_or(string_t *dest, const char *text, const char *missing)
{
    write_text(dest, text == NULL ? missing : text);
}

/** `default_charset`: whether a missing charset is said. */
static void write_params(const struct message_part_param *params, unsigned int count,
                         string_t *dest, bool default_charset)
{
    bool charset = FALSE;

    if (count == 0 && !default_charset) {
        str_append(dest, " NIL");
        return;
    }
    str_append(dest, " (");
    for (unsigned int i = 0; i < count; i++) {
        if (i > 0)
            str_append_c(dest, ' ');
        charset = charset || strcasecmp(params[i].name, "charset") == 0;
        imap_append_string(dest, params[i].name);
        write_text(dest, params[i].value);
    }
    if (default_charset && !charset) {
        if (count > 0)
            str_append_c(dest, ' ');
        str_append(dest, "\"charset\" \"" MESSAGE_PART_DEFAULT_CHARSET "\"");
    }
    str_append_c(dest, ')');
}

static void write_disposition(const struct message_part_data *data, string_t *dest)
{
    if (data->content_disposition == NULL) {
        str_append(dest, " NIL");
        return;
    }
    str_append(dest, " (");
    imap_append_string(dest, data->content_disposition);
    write_params(data->content_disposition_params, data->content_disposition_params_count, dest,
                 FALSE);
    str_append_c(dest, ')');
}

static void write_languages(const struct message_part_data *data, string_t *dest)
{
    const char *const *language = data->content_language;

    if (language == NULL) {
        str_append(dest, " NIL");
        return;
    }
    str_append(dest, " (");
    for (; *language != NULL; language++) {
        if (language != data->content_language)
            str_append_c(dest, ' ');
        imap_append_string(dest, *language);
    }
    str_append_c(dest, ')');
}

/** What ends every part of BODYSTRUCTURE. */
static void write_extension(const struct message_part_data *data, string_t *dest)
{
    write_disposition(data, dest);
    write_languages(data, dest);
    write_text(dest, data->content_location);
}

static int write_multipart(const struct message_part *part, string_t *dest, bool extended,
                           const char **error_r)
{
    const struct message_part_data *data = part->data;
    const struct message_part *child;

    for (child = part->children; child != NULL; child = child->next) {
        str_append_c(dest, '(');
        if (write_part(child, dest, extended, error_r) < 0)
            return -1;
        str_append_c(dest, ')');
    }
    if (part->children == NULL)
        str_append(dest, EMPTY_PART);
    write_text_or(dest, data->content_subtype, "x-unknown");
    if (extended) {
        write_params(data->content_type_params, data->content_type_params_count, dest, FALSE);
        write_extension(data, dest);
    }
    return 0;
}

/** A message inside: its envelope and its structure. */
static int write_message(const struct message_part *part, string_t *dest, bool extended,
                         const char **error_r)
{
    const struct message_part *child = part->children;

    if (child == NULL || child->next != NULL) {
        *error_r = "message/rfc822 part does not have exactly one child";
        return -1;
    }
    str_append(dest, " (");
    imap_envelope_write(child->data->envelope, dest);
    str_append(dest, ") (");
    if (write_part(child, dest, extended, error_r) < 0)
        return -1;
    str_printfa(dest, ") %u", part->body_size.lines);
    return 0;
}

static int write_single(const struct message_part *part, string_t *dest, bool extended,
                        const char **error_r)
{
    const struct message_part_data *data = part->data;
    bool text = (part->flags & MESSAGE_PART_FLAG_TEXT) != 0;
    bool message = (part->flags & MESSAGE_PART_FLAG_MESSAGE_RFC822) != 0;

    if (data->content_type == NULL || text) {
        imap_append_string(dest, message ? "message" : "text");
        write_text_or(dest, data->content_type == NULL ? NULL : data->content_subtype,
                      message ? "rfc822" : "plain");
    } else {
        imap_append_string(dest, data->content_type);
        write_text_or(dest, data->content_subtype, "unknown");
    }
    write_params(data->content_type_params, data->content_type_params_count, dest, text);
    write_text(dest, data->content_id);
    write_text(dest, data->content_description);
    write_text_or(dest, data->content_transfer_encoding, "7bit");
    str_printfa(dest, " %" PRIuUOFF_T, part->body_size.virtual_size);
    if (text)
        str_printfa(dest, " %u", part->body_size.lines);
    else if (message && write_message(part, dest, extended, error_r) < 0)
        return -1;
    if (extended) {
        write_text(dest, data->content_md5);
        write_extension(data, dest);
    }
    return 0;
}

static int write_part(const struct message_part *part, string_t *dest, bool extended,
                      const char **error_r)
{
    if (part->data == NULL) {
        *error_r = "a part's headers were not parsed";
        return -1;
    }
    if ((part->flags & MESSAGE_PART_FLAG_MULTIPART) != 0)
        return write_multipart(part, dest, extended, error_r);
    return write_single(part, dest, extended, error_r);
}

int imap_bodystructure_write(const struct message_part *part, string_t *dest, bool extended,
                             const char **error_r)
{
    return write_part(part, dest, extended, error_r);
}
