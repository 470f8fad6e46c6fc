/*
 * A mailbox to search in, for tests: mails are added with what they need to be found by, queries are
 * text, and what they find is text too: uids with spaces between.
 */
#ifndef TEST_SEARCHING_H
#define TEST_SEARCHING_H

#include "mailbox/session.h"

#include "search/search-text.h"
#include "str.h"

/** What a mail has besides its text. */
struct mail_facts {
    enum mail_flags flags;
    const char *keyword; /**< NULL: none */
    time_t received;     /**< 0: now */
};

static inline void box_add(struct mailbox *box, const char *text, struct mail_facts facts)
{
    const char *const keywords[] = {facts.keyword, NULL};
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    struct mail_save_context *save = mailbox_save_alloc(t);
    struct mail_keywords *kw =
        facts.keyword == NULL ? NULL : mailbox_keywords_create_valid(box, keywords);

    mailbox_save_set_flags(save, facts.flags, kw);
    if (facts.received != 0)
        mailbox_save_set_received_date(save, facts.received, 0);
    if (save_text(&save, text) < 0 || mailbox_transaction_commit(&t) < 0)
        i_fatal("saving: %s", mailbox_get_last_internal_error(box, NULL));
    if (kw != NULL)
        mailbox_keywords_unref(&kw);
}

/** The uids that the criteria find, in the order of the program; "failed: " and why. */
static inline const char *found_sorted(struct mailbox *box, struct mail_search_args *args,
                                       const enum mail_sort_type *program)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail_search_context *search = mailbox_search_init(t, args, program, 0, NULL);
    string_t *uids = t_str_new(64);
    struct mail *mail;

    while (mailbox_search_next(search, &mail))
        str_printfa(uids, "%s%u", str_len(uids) == 0 ? "" : " ", mail->uid);
    if (mailbox_search_deinit(&search) < 0) {
        str_truncate(uids, 0);
        str_printfa(uids, "failed: %s", mailbox_get_last_error(box, NULL));
    }
    (void)mailbox_transaction_commit(&t);
    return str_c(uids);
}

static inline const char *found(struct mailbox *box, const char *query)
{
    struct mail_search_args *args;
    const char *error, *uids;

    if (search_text_parse(query, &args, &error) < 0)
        return t_strconcat("wrong: ", error, NULL);
    uids = found_sorted(box, args, NULL);
    mail_search_args_unref(&args);
    return uids;
}

#endif
