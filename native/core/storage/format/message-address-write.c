/*
 * Writing address lists, and which headers hold them.
 */
#include "message-address.h"

#include "rfc822-parser.h"
#include "str.h"

void message_address_init(struct message_address *addr, const char *name, const char *mailbox,
                          const char *domain)
{
    i_zero(addr);
    addr->name = name;
    addr->mailbox = mailbox;
    addr->domain = domain;
}

static void write_quoted(string_t *str, const char *text)
{
    str_append_c(str, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            str_append_c(str, '\\');
        if (*text != '\r' && *text != '\n')
            str_append_c(str, *text);
    }
    str_append_c(str, '"');
}

/** Quoted unless every byte is atext or in `also`. */
static void write_word(string_t *str, const char *text, const char *also)
{
    const char *byte = text;

    while (*byte != '\0' && (IS_ATEXT(*byte) || strchr(also, *byte) != NULL))
        byte++;
    if (*byte == '\0' && text[0] != '\0')
        str_append(str, text);
    else
        write_quoted(str, text);
}

static void write_local_part(string_t *str, const char *mailbox)
{
    size_t length = strlen(mailbox);
    bool dots = length > 0 &&
                (mailbox[0] == '.' || mailbox[length - 1] == '.' || strstr(mailbox, "..") != NULL);

    if (dots)
        write_quoted(str, mailbox);
    else if (length > 0)
        write_word(str, mailbox, ".");
}

static void write_addr_spec(string_t *str, const struct message_address *addr)
{
    if (addr->mailbox != NULL)
        write_local_part(str, addr->mailbox);
    if (addr->domain != NULL && addr->domain[0] != '\0') {
        str_append_c(str, '@');
        str_append(str, addr->domain);
    }
}

static void write_address(string_t *str, const struct message_address *addr)
{
    bool empty = (addr->mailbox == NULL || addr->mailbox[0] == '\0') &&
                 (addr->domain == NULL || addr->domain[0] == '\0');

    if (addr->name == NULL && addr->route == NULL && !empty) {
        write_addr_spec(str, addr);
        return;
    }
    if (addr->name != NULL) {
        write_word(str, addr->name, " ");
        str_append_c(str, ' ');
    }
    str_append_c(str, '<');
    if (addr->route != NULL) {
        str_append(str, addr->route);
        str_append_c(str, ':');
    }
    write_addr_spec(str, addr);
    str_append_c(str, '>');
}

static bool is_group_begin(const struct message_address *addr)
{
    return addr->domain == NULL && addr->name == NULL && addr->route == NULL &&
           addr->mailbox != NULL;
}

static bool is_group_end(const struct message_address *addr)
{
    return addr->domain == NULL && addr->name == NULL && addr->route == NULL &&
           addr->mailbox == NULL;
}

void message_address_write(string_t *str, const struct message_address *addr)
{
    bool first = TRUE, in_group = FALSE;

    for (; addr != NULL; addr = addr->next) {
        if (is_group_end(addr) && in_group) {
            str_append_c(str, ';');
            in_group = first = FALSE;
            continue;
        }
        if (!first)
            str_append(str, ", ");
        first = FALSE;
        if (is_group_begin(addr)) {
            write_word(str, addr->mailbox, " ");
            str_append(str, addr->next == NULL || is_group_end(addr->next) ? ":" : ": ");
            in_group = TRUE;
            first = TRUE;
        } else {
            write_address(str, addr);
        }
    }
}

const char *message_address_to_string(const struct message_address *addr)
{
    string_t *str = t_str_new(128);

    message_address_write(str, addr);
    return str_c(str);
}

const char *message_address_first_to_string(const struct message_address *addr)
{
    struct message_address first = *addr;

    first.next = NULL;
    return message_address_to_string(&first);
}

bool message_header_is_address(const char *hdr_name)
{
    static const char *const names[] = {
        "From",        "Sender",        "Reply-To",        "To",        "Cc",        "Bcc",
        "Resent-From", "Resent-Sender", "Resent-Reply-To", "Resent-To", "Resent-Cc", "Resent-Bcc",
        NULL};

    return str_array_icase_find(names, hdr_name);
}
