/*
 * ENVELOPE as IMAP text, written and read (imap-envelope.h).
 */
#include "imap-envelope.h"

#include "format/imap-arg-text.h"
#include "imap-quote.h"
#include "message-address.h"
#include "message-part-data.h"
#include "str.h"

static void write_addresses(string_t *str, const struct message_address_list *list)
{
    const struct message_address *addr;

    if (list->head == NULL) {
        str_append(str, "NIL");
        return;
    }
    str_append_c(str, '(');
    for (addr = list->head; addr != NULL; addr = addr->next) {
        str_append_c(str, '(');
        imap_append_nstring_nolf(str, addr->name);
        str_append_c(str, ' ');
        imap_append_nstring_nolf(str, addr->route);
        str_append_c(str, ' ');
        imap_append_nstring_nolf(str, addr->mailbox);
        str_append_c(str, ' ');
        imap_append_nstring_nolf(str, addr->domain);
        str_append_c(str, ')');
    }
    str_append_c(str, ')');
}

void imap_envelope_write(struct message_part_envelope *data, string_t *str)
{
    const struct message_address_list *addresses[6];

    if (data == NULL) {
        str_append(str, "NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL");
        return;
    }
    addresses[0] = &data->from;
    /* Who sends and whom to answer is the author, when nothing else is said. */
    addresses[1] = data->sender.head == NULL ? &data->from : &data->sender;
    addresses[2] = data->reply_to.head == NULL ? &data->from : &data->reply_to;
    addresses[3] = &data->to;
    addresses[4] = &data->cc;
    addresses[5] = &data->bcc;

    imap_append_nstring_nolf(str, data->date);
    str_append_c(str, ' ');
    imap_append_nstring_nolf(str, data->subject);
    for (unsigned int i = 0; i < N_ELEMENTS(addresses); i++) {
        str_append_c(str, ' ');
        write_addresses(str, addresses[i]);
    }
    str_append_c(str, ' ');
    imap_append_nstring_nolf(str, data->in_reply_to);
    str_append_c(str, ' ');
    imap_append_nstring_nolf(str, data->message_id);
}

/* ---- Reading ------------------------------------------------------------------------------------ */

static bool read_text(const struct imap_arg *arg, pool_t pool, const char **text_r)
{
    if (!imap_arg_get_nstring(arg, text_r))
        return FALSE;
    *text_r = p_strdup(pool, *text_r);
    return TRUE;
}

static bool read_address(const struct imap_arg *arg, pool_t pool, struct message_address_list *list)
{
    const struct imap_arg *fields;
    struct message_address *addr;
    unsigned int count;

    if (!imap_arg_get_list_full(arg, &fields, &count) || count != 4)
        return FALSE;
    addr = p_new(pool, struct message_address, 1);
    if (!read_text(&fields[0], pool, &addr->name) || !read_text(&fields[1], pool, &addr->route) ||
        !read_text(&fields[2], pool, &addr->mailbox) || !read_text(&fields[3], pool, &addr->domain))
        return FALSE;
    addr->prev = list->tail;
    if (list->tail != NULL)
        list->tail->next = addr;
    else
        list->head = addr;
    list->tail = addr;
    list->count++;
    return TRUE;
}

static bool read_addresses(const struct imap_arg *arg, pool_t pool,
                           struct message_address_list *list)
{
    const struct imap_arg *addresses;

    if (arg->type == IMAP_ARG_NIL)
        return TRUE;
    if (!imap_arg_get_list(arg, &addresses))
        return FALSE;
    for (; !IMAP_ARG_IS_EOL(addresses); addresses++) {
        if (!read_address(addresses, pool, list))
            return FALSE;
    }
    return TRUE;
}

bool imap_envelope_parse_args(const struct imap_arg *args, pool_t pool,
                              struct message_part_envelope **envlp_r, const char **error_r)
{
    struct message_part_envelope *envelope = p_new(pool, struct message_part_envelope, 1);
    struct message_address_list *lists[] = {&envelope->from, &envelope->sender, &envelope->reply_to,
                                            &envelope->to,   &envelope->cc,     &envelope->bcc};

    *error_r = "Invalid text field";
    for (unsigned int i = 0; i < 10; i++) {
        if (IMAP_ARG_IS_EOL(&args[i])) {
            *error_r = "Fewer than ten fields";
            return FALSE;
        }
    }
    if (!read_text(&args[0], pool, &envelope->date) ||
        !read_text(&args[1], pool, &envelope->subject) ||
        !read_text(&args[8], pool, &envelope->in_reply_to) ||
        !read_text(&args[9], pool, &envelope->message_id))
        return FALSE;
    *error_r = "Invalid address field";
    for (unsigned int i = 0; i < N_ELEMENTS(lists); i++) {
        if (!read_addresses(&args[2 + i], pool, lists[i]))
            return FALSE;
    }
    *envlp_r = envelope;
    return TRUE;
}

bool imap_envelope_parse(const char *envelope, pool_t pool, struct message_part_envelope **envlp_r,
                         const char **error_r)
{
    pool_t arg_pool = pool_alloconly_create(MEMPOOL_GROWING "envelope", 1024);
    const struct imap_arg *args;
    bool valid;

    valid = imap_args_from_text(arg_pool, envelope, strlen(envelope), &args, error_r) == 0 &&
            imap_envelope_parse_args(args, pool, envlp_r, error_r);
    pool_unref(&arg_pool);
    return valid;
}
