/*
 * Module contexts of real objects: numbers are taken when they are needed, one number of the
 * storage register serves storages, mailboxes, transactions and searches, and what a plugin keeps
 * lives as long as its object.
 */
#include "lib.h"

#include "mail-search-build.h"
#include "mailbox-list-private.h"
#include "mailbox/session.h"

struct kept_user {
    union mail_user_module_context module_ctx;
    int number;
};
struct kept_list {
    union mailbox_list_module_context module_ctx;
    int number;
};
struct kept_storage {
    union mail_storage_module_context module_ctx;
    int number;
};
struct kept_mailbox {
    union mailbox_module_context module_ctx;
    int number;
};
struct kept_transaction {
    union mailbox_transaction_module_context module_ctx;
    int number;
};
struct kept_search {
    union mail_search_module_context module_ctx;
    int number;
};
struct kept_mail {
    union mail_module_context module_ctx;
    int number;
};

static MODULE_CONTEXT_DEFINE_INIT(kept_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(kept_list_module, &mailbox_list_module_register);
static MODULE_CONTEXT_DEFINE_INIT(kept_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(kept_mail_module, &mail_module_register);
static MODULE_CONTEXT_DEFINE_INIT(other_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(unused_storage_module, &mail_storage_module_register);

/* Sets a context of every kind of object, from `first` on. */
static void numbers_of_objects(struct mail_user *user)
{
    struct kept_user *kuser = p_new(user->pool, struct kept_user, 1);
    struct mailbox_list *list = user->namespaces->list;
    struct kept_list *klist = p_new(list->pool, struct kept_list, 1);

    kuser->number = 1;
    klist->number = 2;
    ok(MODULE_CONTEXT(user, kept_user_module) == NULL, "an object has no context at first");
    MODULE_CONTEXT_SET(user, kept_user_module, kuser);
    MODULE_CONTEXT_SET(list, kept_list_module, klist);
    ok(MODULE_CONTEXT(user, kept_user_module) == kuser &&
           ((struct kept_list *)MODULE_CONTEXT_REQUIRE(list, kept_list_module))->number == 2,
       "then the one that was set, for users and lists");
}

static void one_number_for_four(struct mail_user *user)
{
    struct mail_storage *storage = user->namespaces->storage;
    unsigned int next = mail_storage_module_register.id;
    struct kept_storage *kstorage = p_new(storage->pool, struct kept_storage, 1);
    struct mailbox_transaction_context *t;
    struct mail_search_context *search;
    struct mail_search_args *args;
    struct kept_transaction ktransaction = {.number = 3};
    struct kept_search ksearch = {.number = 4};
    struct kept_mailbox *kmailbox;
    struct mailbox *box = box_open(user, "INBOX");

    ok(!kept_storage_module.id.module_id_set, "a plugin has no number before it needs one");
    MODULE_CONTEXT_SET(storage, kept_storage_module, kstorage);
    ok(kept_storage_module.id.module_id_set && kept_storage_module.id.module_id == next &&
           mail_storage_module_register.id == next + 1,
       "it gets the next one when it does");

    kmailbox = p_new(box->pool, struct kept_mailbox, 1);
    kmailbox->number = 2;
    MODULE_CONTEXT_SET(box, kept_storage_module, kmailbox);
    t = mailbox_transaction_begin(box, 0, "test");
    MODULE_CONTEXT_SET(t, kept_storage_module, &ktransaction);
    args = mail_search_build_init();
    mail_search_build_add_all(args);
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    MODULE_CONTEXT_SET(search, kept_storage_module, &ksearch);
    is_int(mail_storage_module_register.id, next + 1, "that number serves all four kinds");
    ok(MODULE_CONTEXT(storage, kept_storage_module) == kstorage &&
           MODULE_CONTEXT(box, kept_storage_module) == kmailbox &&
           MODULE_CONTEXT(t, kept_storage_module) == &ktransaction &&
           MODULE_CONTEXT(search, kept_storage_module) == &ksearch,
       "each in an array of its own");
    ok(MODULE_CONTEXT(box, other_storage_module) == NULL && other_storage_module.id.module_id_set,
       "another plugin's is not there");
    MODULE_CONTEXT_UNSET(t, kept_storage_module);
    ok(MODULE_CONTEXT(t, kept_storage_module) == NULL &&
           MODULE_CONTEXT(search, kept_storage_module) == &ksearch,
       "one can be taken away alone");
    i_assert(mailbox_search_deinit(&search) == 0);
    mailbox_transaction_rollback(&t);

    mailbox_close(box);
    i_assert(mailbox_open(box) == 0);
    ok(MODULE_CONTEXT(box, kept_storage_module) == kmailbox && kmailbox->number == 2,
       "a mailbox keeps its contexts over closing and opening");
    mailbox_free(&box);
    ok(!unused_storage_module.id.module_id_set, "who asks for nothing gets no number");
}

static void mails(struct mail_user *user)
{
    struct mailbox *box = box_open(user, "INBOX");
    struct mailbox_transaction_context *t;
    struct mail_private *pmail;
    struct kept_mail *kmail;
    struct mail *mail;

    i_assert(box_save(box, "Subject: a\n\nA\n") == 0 && box_save(box, "Subject: b\n\nB\n") == 0);
    i_assert(box_sync(box) == 0);
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    pmail = (struct mail_private *)mail;
    kmail = p_new(pmail->pool, struct kept_mail, 1);
    kmail->number = 5;
    MODULE_CONTEXT_SET(pmail, kept_mail_module, kmail);
    mail_set_seq(mail, 1);
    mail_set_seq(mail, 2);
    ok(MODULE_CONTEXT(pmail, kept_mail_module) == kmail && kmail->number == 5,
       "a mail keeps its context from one message to the next");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);
}

static void missing(void)
{
    struct mail_user *user = mail_user_alloc(NULL, "lee", NULL, &session_settings->user);

    (void)MODULE_CONTEXT_REQUIRE(user, kept_user_module);
}

int main(void)
{
    struct mail_user *user;

    session_begin();
    user = session_user();
    numbers_of_objects(user);
    one_number_for_four(user);
    mails(user);
    ok(panics(missing), "a context that must be there and is not panics");
    session_end(&user);
    return done();
}
