/*
 * Sort keys (sort-key.h).
 */
#include "search/sort-key.h"

#include "imap-base-subject.h"
#include "message-address.h"
#include "message-header-decode.h"
#include "str.h"
#include "unichar.h"

static const char *normalized(const char *text, pool_t pool)
{
    string_t *form = t_str_new(64);

    (void)uni_utf8_to_decomposed_titlecase(text, strlen(text), form);
    return p_strdup(pool, str_c(form));
}

/* ---- Dates and sizes ---------------------------------------------------------------------------- */

static int received_key(struct mail *mail, struct sort_key *key)
{
    time_t date;

    if (mail_get_received_date(mail, &date) < 0)
        return -1;
    key->number = date;
    return 0;
}

/** A mail that says no date was sent when it came (RFC 5256 §2.2). */
static int sent_key(struct mail *mail, struct sort_key *key)
{
    time_t date;
    int offset;

    if (mail_get_date(mail, &date, &offset) < 0)
        return -1;
    if (date == 0)
        return received_key(mail, key);
    key->number = date;
    return 0;
}

static int size_key(struct mail *mail, struct sort_key *key)
{
    uoff_t size;

    if (mail_get_virtual_size(mail, &size) < 0)
        return -1;
    key->number = (int64_t)size;
    return 0;
}

static int special_key(struct mail *mail, enum mail_fetch_field field, struct sort_key *key)
{
    const char *value;
    double number;

    if (mail_get_special(mail, field, &value) < 0)
        return -1;
    /* Relevancy is a fraction. */
    number = strtod(value, NULL) * 1000000;
    key->number = number > -9e18 && number < 9e18 ? (int64_t)number : 0;
    return 0;
}

/* ---- Texts -------------------------------------------------------------------------------------- */

static int subject_key(struct mail *mail, pool_t pool, struct sort_key *key)
{
    const char *subject;
    bool is_reply;
    int ret = mail_get_first_header_utf8(mail, "Subject", &subject);

    if (ret < 0)
        return -1;
    key->text = ret == 0 ? "" : imap_get_base_subject_cased(pool, subject, &is_reply);
    return 0;
}

/** The first address of the header, which is no mark of a group; NULL when there is none. */
static const struct message_address *first_address(const char *value)
{
    const struct message_address *addr = message_address_parse(
        pool_datastack_create(), (const unsigned char *)value, strlen(value), 10, 0);

    while (addr != NULL && addr->domain == NULL)
        addr = addr->next;
    return addr;
}

static const char *display_name(const struct message_address *addr)
{
    string_t *name = t_str_new(64);

    if (addr->name != NULL)
        message_header_decode_utf8((const unsigned char *)addr->name, strlen(addr->name), name,
                                   NULL);
    if (str_len(name) > 0)
        return str_c(name);
    return t_strconcat(addr->mailbox, "@", addr->domain, NULL);
}

/** RFC 5256 sorts by the local part, RFC 5957 by what people see. */
static int address_key(struct mail *mail, const char *field, bool display, pool_t pool,
                       struct sort_key *key)
{
    const struct message_address *addr = NULL;
    const char *value;
    int ret = mail_get_first_header(mail, field, &value);

    if (ret < 0)
        return -1;
    if (ret > 0)
        addr = first_address(value);
    key->text = addr == NULL ? "" : normalized(display ? display_name(addr) : addr->mailbox, pool);
    return 0;
}

static int get_key(struct mail *mail, enum mail_sort_type type, pool_t pool, struct sort_key *key)
{
    switch (type & MAIL_SORT_MASK) {
    case MAIL_SORT_ARRIVAL:
        return received_key(mail, key);
    case MAIL_SORT_DATE:
        return sent_key(mail, key);
    case MAIL_SORT_SIZE:
        return size_key(mail, key);
    case MAIL_SORT_SUBJECT:
        return subject_key(mail, pool, key);
    case MAIL_SORT_FROM:
        return address_key(mail, "From", FALSE, pool, key);
    case MAIL_SORT_TO:
        return address_key(mail, "To", FALSE, pool, key);
    case MAIL_SORT_CC:
        return address_key(mail, "Cc", FALSE, pool, key);
    case MAIL_SORT_DISPLAYFROM:
        return address_key(mail, "From", TRUE, pool, key);
    case MAIL_SORT_DISPLAYTO:
        return address_key(mail, "To", TRUE, pool, key);
    case MAIL_SORT_RELEVANCY:
        return special_key(mail, MAIL_FETCH_SEARCH_RELEVANCY, key);
    case MAIL_SORT_POP3_ORDER:
        return special_key(mail, MAIL_FETCH_POP3_ORDER, key);
    default:
        i_panic("unknown sort type %u", (unsigned int)type);
    }
}

int sort_key_get(struct mail *mail, enum mail_sort_type type, pool_t pool, struct sort_key *key_r)
{
    int ret;

    i_zero(key_r);
    T_BEGIN
    {
        ret = get_key(mail, type, pool, key_r);
    }
    T_END;
    return ret;
}

int sort_key_cmp(const struct sort_key *key1, const struct sort_key *key2)
{
    if (key1->text != NULL || key2->text != NULL)
        return null_strcmp(key1->text, key2->text); /* NULL: it could not be read */
    return key1->number < key2->number ? -1 : key1->number > key2->number ? 1 : 0;
}
