/*
 * What threading needs of messages, from their headers.
 */
#include "search/thread.h"

#include "imap-base-subject.h"
#include "mail-search-build.h"
#include "message-id.h"

/** The last references say most about where a message belongs; some senders never drop any. */
#define REFERENCES_MAX 200

static const char *const wanted_names[] = {"Date",       "In-Reply-To", "Message-ID",
                                           "References", "Subject",     NULL};

/** The first `max` ids of a header, or with max 0 the last REFERENCES_MAX. */
static int get_ids(struct mail *mail, const char *field, pool_t pool, unsigned int max,
                   const char *const **ids_r)
{
    ARRAY_TYPE(const_string) ids;
    const char *value, *id;
    int ret = mail_get_first_header(mail, field, &value);

    p_array_init(&ids, pool, 4);
    while (ret > 0) {
        T_BEGIN
        {
            id = p_strdup(pool, message_id_get_next(&value));
        }
        T_END;
        if (id == NULL)
            break;
        if (max == 0 && array_count(&ids) == REFERENCES_MAX)
            array_delete(&ids, 0, 1);
        array_push_back(&ids, &id);
        if (array_count(&ids) == max)
            break;
    }
    array_append_zero(&ids);
    *ids_r = array_front(&ids);
    return ret < 0 ? -1 : 0;
}

static int get_references(struct mail *mail, pool_t pool, struct thread_message *message)
{
    if (get_ids(mail, "References", pool, 0, &message->references) < 0)
        return -1;
    if (message->references[0] != NULL)
        return 0;
    return get_ids(mail, "In-Reply-To", pool, 1, &message->references);
}

static int get_subject(struct mail *mail, pool_t pool, struct thread_message *message)
{
    const char *subject;
    int ret = mail_get_first_header_utf8(mail, "Subject", &subject);

    if (ret < 0)
        return -1;
    message->subject =
        ret == 0 ? "" : imap_get_base_subject_cased(pool, subject, &message->is_reply);
    return 0;
}

static int get_date(struct mail *mail, struct thread_message *message)
{
    int offset;

    if (mail_get_date(mail, &message->date, &offset) < 0)
        return -1;
    return message->date != 0 ? 0 : mail_get_received_date(mail, &message->date);
}

static int collect_message(struct mail *mail, pool_t pool, ARRAY_TYPE(thread_message) * messages)
{
    struct thread_message *message = p_new(pool, struct thread_message, 1);
    const char *const *ids;

    message->seq = mail->seq;
    message->uid = mail->uid;
    if (get_ids(mail, "Message-ID", pool, 1, &ids) < 0 || get_references(mail, pool, message) < 0 ||
        get_subject(mail, pool, message) < 0 || get_date(mail, message) < 0)
        return mail->expunged ? 0 : -1;
    message->id = ids[0];
    array_push_back(messages, &message);
    return 0;
}

int thread_messages_collect(struct mailbox *box, struct mail_search_args *args, pool_t pool,
                            ARRAY_TYPE(thread_message) * messages)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "threading");
    struct mailbox_header_lookup_ctx *headers = mailbox_header_lookup_init(box, wanted_names);
    struct mail_search_context *search;
    struct mail *mail;
    int ret = 0;

    if (args == NULL) {
        args = mail_search_build_init();
        mail_search_build_add_all(args);
    } else {
        mail_search_args_ref(args);
    }
    search = mailbox_search_init(t, args, NULL, MAIL_FETCH_DATE, headers);
    mail_search_args_unref(&args);
    mailbox_header_lookup_unref(&headers);
    while (mailbox_search_next(search, &mail)) {
        T_BEGIN
        {
            if (collect_message(mail, pool, messages) < 0)
                ret = -1;
        }
        T_END;
    }
    if (mailbox_search_deinit(&search) < 0)
        ret = -1;
    if (mailbox_transaction_commit(&t) < 0)
        ret = -1;
    return ret;
}
