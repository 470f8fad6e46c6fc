/*
 * THREAD: the algorithms of RFC 5256, REFS, and INTHREAD.
 */
#include "searching.h"

#include "mail-thread.h"

static struct mail_user *user;

/** A mail with this id, these references and subject, sent on that day of January 2024. */
static void add(struct mailbox *box, const char *id, const char *references, const char *subject,
                int day)
{
    string_t *text = t_str_new(256);

    if (id != NULL)
        str_printfa(text, "Message-ID: <%s>\n", id);
    if (references != NULL)
        str_printfa(text, "%s\n", references);
    str_printfa(text, "Subject: %s\nDate: %d Jan 2024 00:00:00 +0000\n\n", subject, day);
    box_add(box, str_c(text), (struct mail_facts){0, NULL, 0});
}

/** A tree as IMAP writes it: `(1 2)(3 (4)(5))`; a node without a message is nothing. */
static void write_level(string_t *dest, struct mail_thread_iterate_context *iter, bool root)
{
    const struct mail_thread_child_node *node;
    struct mail_thread_iterate_context *child;
    bool several = mail_thread_iterate_count(iter) > 1;

    while ((node = mail_thread_iterate_next(iter, &child)) != NULL) {
        if (root || several)
            str_append_c(dest, '(');
        if (node->uid != 0)
            str_printfa(dest, "%u", node->uid);
        if (child != NULL) {
            if (node->uid != 0)
                str_append_c(dest, ' ');
            write_level(dest, child, FALSE);
        }
        if (root || several)
            str_append_c(dest, ')');
    }
    (void)mail_thread_iterate_deinit(&iter);
}

static const char *threads(struct mailbox *box, enum mail_thread_type type)
{
    struct mail_thread_context *ctx;
    string_t *dest = t_str_new(128);

    if (box_sync(box) < 0 || mail_thread_init(box, NULL, &ctx) < 0)
        return mailbox_get_last_internal_error(box, NULL);
    write_level(dest, mail_thread_iterate_init(ctx, type, FALSE), TRUE);
    mail_thread_deinit(&ctx);
    return str_c(dest);
}

static void test_references(void)
{
    struct mailbox *box = box_open(user, "references");

    add(box, "1@x", NULL, "start", 1);
    add(box, "2@x", "References: <1@x>", "Re: start", 2);
    add(box, "4@x", "References: <1@x> <2@x> <3@x>", "Re: start", 4);
    add(box, "5@x", "In-Reply-To: <1@x> of yesterday", "Re: start", 3);
    add(box, "6@x", NULL, "other", 2);
    add(box, NULL, NULL, "third", 5);
    is_str(threads(box, MAIL_THREAD_REFERENCES), "(1 (2 3)(4))(5)(6)",
           "a thread, over a message that is missing");
    is_str(threads(box, MAIL_THREAD_REFS), "(5)(1 (2 3)(4))(6)",
           "REFS: in the order of the newest message");
    is_str(threads(box, MAIL_THREAD_ORDEREDSUBJECT), "(1 (2)(4)(3))(5)(6)",
           "ORDEREDSUBJECT: all answers under the first");
    mailbox_free(&box);
}

static void test_subjects(void)
{
    struct mailbox *box = box_open(user, "subjects");

    add(box, "1@x", NULL, "topic", 1);
    add(box, "2@x", NULL, "Re: topic", 2);
    add(box, "3@x", NULL, "topic", 3);
    add(box, "4@x", NULL, "", 4);
    add(box, "5@x", NULL, "", 5);
    is_str(threads(box, MAIL_THREAD_REFERENCES), "((1 2)(3))(4)(5)",
           "threads of a subject are joined, but not those without any");
    is_str(threads(box, MAIL_THREAD_REFS), "(1)(2)(3)(4)(5)", "REFS does not look at subjects");
    mailbox_free(&box);
}

static void test_missing_root(void)
{
    struct mailbox *box = box_open(user, "missing");

    add(box, "2@x", "References: <1@x>", "a", 1);
    add(box, "3@x", "References: <1@x>", "b", 2);
    add(box, "5@x", "References: <4@x>", "c", 3);
    is_str(threads(box, MAIL_THREAD_REFERENCES), "((1)(2))(3)",
           "answers to a missing message stay together; one alone is a root");
    mailbox_free(&box);
}

static void test_strange(void)
{
    struct mailbox *box = box_open(user, "strange");

    add(box, "1@x", "References: <2@x>", "a", 1);
    add(box, "2@x", "References: <1@x>", "b", 2);
    add(box, "3@x", "References: <3@x>", "c", 3);
    add(box, "3@x", NULL, "d", 4);
    add(box, "5@x", "References: garbage <<", "e", 5);
    is_str(threads(box, MAIL_THREAD_REFERENCES), "(2 1)(3)(4)(5)",
           "circles are opened, and an id counts once");
    mailbox_free(&box);
}

static void test_inthread(void)
{
    struct mailbox *box = box_open(user, "references");

    is_str(found(box, "inthread references on 1-Jan-1990"), "", "in no thread");
    is_str(found(box, "inthread refs uid 4"), "1 2 3 4", "all of a thread");
    is_str(found(box, "not inthread refs uid 4"), "5 6", "all others");
    is_str(found(box, "inthread refs (or subject third uid 2) not uid 1"), "2 3 4 6",
           "with other keys");
    is_str(found(box, "inthread refs inthread refs uid 4"), "1 2 3 4", "inside itself");
    mailbox_free(&box);
}

static void test_names(void)
{
    enum mail_thread_type type;

    ok(mail_thread_type_parse("references", &type) && type == MAIL_THREAD_REFERENCES,
       "an algorithm by its name");
    ok(!mail_thread_type_parse("none", &type) && !mail_thread_type_parse("x", &type),
       "and what is none");
    is_str(mail_thread_type_to_str(MAIL_THREAD_REFS), "REFS", "its name");
}

static void test_some_messages(void)
{
    struct mailbox *box = box_open(user, "references");
    struct mail_thread_context *ctx;
    struct mail_search_args *args;
    string_t *dest = t_str_new(64);
    const char *error;

    if (search_text_parse("not uid 1", &args, &error) < 0 || mail_thread_init(box, args, &ctx) < 0)
        i_fatal("%s", error);
    write_level(dest, mail_thread_iterate_init(ctx, MAIL_THREAD_REFS, TRUE), TRUE);
    is_str(str_c(dest), "(5)((2 3)(4))(6)", "threads of some messages");
    mail_thread_deinit(&ctx);
    mail_search_args_unref(&args);
    mailbox_free(&box);
}

int main(void)
{
    session_begin();
    user = session_user();
    T_BEGIN
    {
        test_references();
        test_subjects();
        test_missing_root();
        test_strange();
        test_inthread();
        test_names();
        test_some_messages();
    }
    T_END;
    session_end(&user);
    return done();
}
