/*
 * When each hook is called, and in what state the objects are: from a user with two maildir
 * namespaces to its end, seen by two plugins and by the core's own hooks.
 */
#include "lib.h"

#include "mail-search-build.h"
#include "mailbox/session.h"
#include "module-dir.h"
#include "str.h"

static string_t *trace;
static struct mail_user *the_user;

static const char *take_trace(void)
{
    const char *text = t_strdup(str_c(trace));

    str_truncate(trace, 0);
    return text;
}

/* ---- The outer plugin: looks at everything, overrides the ends ----------------------------- */

struct outer_user {
    union mail_user_module_context module_ctx;
};
struct outer_list {
    union mailbox_list_module_context module_ctx;
};
struct outer_storage {
    union mail_storage_module_context module_ctx;
};
struct outer_mailbox {
    union mailbox_module_context module_ctx;
};

static MODULE_CONTEXT_DEFINE_INIT(outer_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(outer_list_module, &mailbox_list_module_register);
static MODULE_CONTEXT_DEFINE_INIT(outer_storage_module, &mail_storage_module_register);

static void outer_user_deinit_pre(struct mail_user *user)
{
    struct outer_user *ouser = MODULE_CONTEXT_REQUIRE(user, outer_user_module);

    str_append(trace, user->namespaces != NULL ? "deinit_pre " : "deinit_pre-too-late ");
    ouser->module_ctx.super.deinit_pre(user);
}

static void outer_user_deinit(struct mail_user *user)
{
    struct outer_user *ouser = MODULE_CONTEXT_REQUIRE(user, outer_user_module);

    str_append(trace, user->namespaces != NULL ? "deinit " : "deinit-too-late ");
    ouser->module_ctx.super.deinit(user);
    str_append(trace, user->namespaces == NULL ? "deinited" : "not-deinited");
}

static void outer_user_created(struct mail_user *user)
{
    struct mail_user_vfuncs *v = user->vlast;
    struct outer_user *ouser = p_new(user->pool, struct outer_user, 1);

    the_user = user;
    ok(v == &user->v, "mail_user_created: vlast is the user's own table for the first plugin");
    ok(user->namespaces == NULL && user->storages == NULL, "there are no namespaces yet");
    ok(user->initialized && user->settings_expanded && user->event != NULL, "the rest is there");
    ouser->module_ctx.super = *v;
    user->vlast = &ouser->module_ctx.super;
    v->deinit = outer_user_deinit;
    v->deinit_pre = outer_user_deinit_pre;
    MODULE_CONTEXT_SET(user, outer_user_module, ouser);
    str_append(trace, "user ");
}

static void outer_list_deinit(struct mailbox_list *list)
{
    struct outer_list *olist = MODULE_CONTEXT_REQUIRE(list, outer_list_module);

    str_printfa(trace, "list.deinit(%s) ", list->ns->prefix);
    olist->module_ctx.super.deinit(list);
}

static void outer_list_created(struct mailbox_list *list)
{
    struct mailbox_list_vfuncs *v = list->vlast;
    struct outer_list *olist = p_new(list->pool, struct outer_list, 1);

    str_printfa(trace, "list(%s) ", list->ns->prefix);
    if (list->ns->prefix_len == 0 && strcmp(list->name, "none") != 0) {
        ok(v != NULL, "mailbox_list_created: vlast is valid");
        ok(list->ns->list == list && list->ns->storage == NULL, "there is no storage yet");
        ok(list->v.get_path != NULL && list->set.root_dir != NULL, "the driver is done with it");
    }
    olist->module_ctx.super = *v;
    list->vlast = &olist->module_ctx.super;
    v->deinit = outer_list_deinit;
    MODULE_CONTEXT_SET(list, outer_list_module, olist);
}

static void outer_storage_destroy(struct mail_storage *storage)
{
    struct outer_storage *ostorage = MODULE_CONTEXT_REQUIRE(storage, outer_storage_module);

    str_printfa(trace, "storage.destroy(%s) ", storage->name);
    ostorage->module_ctx.super.destroy(storage);
}

static void outer_storage_created(struct mail_storage *storage)
{
    struct mail_storage_vfuncs *v = storage->vlast;
    struct outer_storage *ostorage = p_new(storage->pool, struct outer_storage, 1);

    str_printfa(trace, "storage(%s) ", storage->name);
    if (strcmp(storage->name, "maildir") == 0) {
        ok(storage->user == the_user && the_user->storages == NULL,
           "mail_storage_created: the storage has its user, who does not have it yet");
        ok(v != NULL && storage->v.mailbox_alloc != NULL && storage->set != NULL,
           "its methods can be overridden");
    }
    ostorage->module_ctx.super = *v;
    storage->vlast = &ostorage->module_ctx.super;
    v->destroy = outer_storage_destroy;
    MODULE_CONTEXT_SET(storage, outer_storage_module, ostorage);
}

/* A method that is overridden here is found by everybody who asks the list. */
static union mailbox_list_module_context added_list;

static const char *added_get_temp_prefix(struct mailbox_list *list, bool global)
{
    return t_strconcat("mine.", added_list.super.get_temp_prefix(list, global), NULL);
}

static void outer_storage_added(struct mail_namespace *ns)
{
    str_printfa(trace, "added(%s) ", ns->prefix);
    if (ns->prefix_len > 0)
        return;
    if (strcmp(ns->list->name, "none") != 0) {
        struct mailbox_list_vfuncs *v = ns->list->vlast;

        ok(ns->storage != NULL, "mail_namespace_storage_added: the storage is there");
        ok(v != NULL, "and the list's methods can still be overridden");
        added_list.super = *v;
        ns->list->vlast = &added_list.super;
        v->get_temp_prefix = added_get_temp_prefix;
    }
}

static void outer_namespaces_added(struct mail_namespace *namespaces)
{
    ok(namespaces == the_user->namespaces && !the_user->namespaces_created,
       "mail_namespaces_added: the user has them, and does not know that all are there");
    str_append(trace, "namespaces-added ");
}

static void outer_namespaces_created(struct mail_namespace *namespaces)
{
    ok(namespaces == the_user->namespaces && !the_user->namespaces_created,
       "mail_namespaces_created: nor here");
    str_append(trace, "namespaces-created ");
}

static int outer_open(struct mailbox *box)
{
    struct outer_mailbox *obox = MODULE_CONTEXT_REQUIRE(box, outer_storage_module);
    int ret;

    str_append(trace, "open{ ");
    ret = obox->module_ctx.super.open(box);
    str_append(trace, "} ");
    return ret;
}

static void outer_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    struct outer_mailbox *obox = p_new(box->pool, struct outer_mailbox, 1);

    str_append(trace, "box ");
    ok(!box->opened && box->index == NULL && box->view == NULL, "mailbox_allocated: it is closed");
    ok(strcmp(box->vname, "INBOX") == 0 && strcmp(box->name, "INBOX") == 0 && box->inbox_user &&
           box->inbox_any && box->storage != NULL && box->list != NULL,
       "its names are known, and whose it is");
    ok(box->storage->mailboxes == NULL && box->storage->obj_refcount == 0,
       "the storage does not have it yet");
    obox->module_ctx.super = *v;
    box->vlast = &obox->module_ctx.super;
    v->open = outer_open;
    MODULE_CONTEXT_SET(box, outer_storage_module, obox);
}

static void outer_mailbox_opened(struct mailbox *box)
{
    str_append(trace, "opened ");
    ok(box->opened && box->index != NULL && box->view != NULL && !box->synced,
       "mailbox_opened: it is open and not synced");
    ok(box->vlast == NULL, "too late to override methods");
}

static void outer_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;

    str_append(trace, "mail ");
    ok(mail->box != NULL && mail->transaction != NULL && pmail->pool != NULL && mail->seq == 0 &&
           mail->uid == 0 && !pmail->search_mail,
       "mail_allocated: it stands for no message yet");
    ok(pmail->vlast != NULL && pmail->v.get_flags != NULL, "its methods can be overridden");
}

static const struct mail_storage_hooks outer_hooks = {
    .mail_user_created = outer_user_created,
    .mail_namespace_storage_added = outer_storage_added,
    .mail_namespaces_created = outer_namespaces_created,
    .mail_namespaces_added = outer_namespaces_added,
    .mail_storage_created = outer_storage_created,
    .mailbox_list_created = outer_list_created,
    .mailbox_allocated = outer_mailbox_allocated,
    .mailbox_opened = outer_mailbox_opened,
    .mail_allocated = outer_mail_allocated,
};

static void outer_init(struct module *module)
{
    str_append(trace, "init ");
    mail_storage_hooks_add(module, &outer_hooks);
}

static void outer_deinit(void)
{
    mail_storage_hooks_remove(&outer_hooks);
}

/* ---- The inner plugin: allocates another mailbox inside a hook and a method ---------------- */

struct inner_mailbox {
    union mailbox_module_context module_ctx;
};

static MODULE_CONTEXT_DEFINE_INIT(inner_storage_module, &mail_storage_module_register);
static unsigned int inner_allocated;
static bool nest = FALSE;

static int inner_exists(struct mailbox *box, bool auto_boxes, enum mailbox_existence *existence_r)
{
    struct inner_mailbox *ibox = MODULE_CONTEXT_REQUIRE(box, inner_storage_module);

    return ibox->module_ctx.super.exists(box, auto_boxes, existence_r);
}

static void inner_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    struct inner_mailbox *ibox = p_new(box->pool, struct inner_mailbox, 1);

    inner_allocated++;
    if (nest) {
        enum mailbox_existence existence;
        struct mailbox *other;

        nest = FALSE;
        other = mailbox_alloc(box->list, "INBOX", 0);
        i_assert(mailbox_exists(other, FALSE, &existence) == 0);
        mailbox_free(&other);
    }
    ok(v != &box->v, "a later plugin's vlast is the super of the one before");
    ibox->module_ctx.super = *v;
    box->vlast = &ibox->module_ctx.super;
    v->exists = inner_exists;
    MODULE_CONTEXT_SET(box, inner_storage_module, ibox);
}

static const struct mail_storage_hooks inner_hooks = {.mailbox_allocated = inner_mailbox_allocated};

static void inner_init(struct module *module)
{
    mail_storage_hooks_add(module, &inner_hooks);
}

static void inner_deinit(void)
{
    mail_storage_hooks_remove(&inner_hooks);
}

/* ---- A session ------------------------------------------------------------------------------ */

static void add_namespace(const char *name, const char *prefix, const char *location, bool inbox)
{
    struct mail_namespace_settings *ns = storage_settings_add_namespace(session_settings, name);
    const char *error;

    if (storage_settings_set_namespace(session_settings, ns, "prefix", prefix, &error) < 0 ||
        storage_settings_set_namespace(session_settings, ns, "separator", "/", &error) < 0 ||
        storage_settings_set_namespace(session_settings, ns, "location", location, &error) < 0 ||
        storage_settings_set_namespace(session_settings, ns, "inbox", inbox ? "yes" : "no",
                                       &error) < 0)
        i_fatal("%s", error);
}

static void mailboxes_and_mails(struct mail_user *user)
{
    struct mailbox *box =
        mailbox_alloc(mail_namespace_find_inbox(user->namespaces)->list, "inbox", 0);
    struct mailbox_transaction_context *t;
    struct mail *mail;

    is_str(take_trace(), "box ", "mailbox_alloc() calls one hook");
    ok(box->vlast == NULL && box->storage->mailboxes == box && box->storage->obj_refcount == 1,
       "after it the storage has the mailbox");
    is_int(mailbox_open(box), 0, "it opens");
    is_str(take_trace(), "open{ opened } ", "mailbox_opened comes inside all open methods");
    mailbox_close(box);
    is_int(mailbox_open(box), 0, "and opens again");
    is_str(take_trace(), "open{ opened } ", "with mailbox_opened each time");
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    is_str(take_trace(), "mail ", "mail_alloc() calls mail_allocated");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);
    is_str(take_trace(), "", "and nothing is called at the end of them");

    nest = TRUE;
    inner_allocated = 0;
    box = mailbox_alloc(user->namespaces->list, "INBOX", 0);
    is_int(inner_allocated, 2, "a hook can allocate another mailbox");
    is_int(mailbox_open(box), 0, "and the first one's methods are complete");
    is_str(take_trace(), "box box open{ opened } ", "for every plugin");
    mailbox_free(&box);
}

int main(void)
{
    struct mail_user *user;

    session_begin();
    trace = str_new(default_pool, 256);
    add_namespace("1", "", "maildir:~/Maildir", TRUE);
    add_namespace("2", "Arch/", "maildir:~/Arch", FALSE);
    session_plugin("outer", outer_init, outer_deinit);
    session_plugin("pinner", inner_init, inner_deinit); /* behind it by its file name */
    user = session_user();
    is_str(take_trace(),
           "init user list() storage(maildir) added() list(Arch/) added(Arch/) "
           "namespaces-added namespaces-created ",
           "what is made for a user comes in this order");
    ok(user->namespaces_created, "then the user knows its namespaces");
    is_str(t_strndup(mailbox_list_get_temp_prefix(user->namespaces->list), 5), "mine.",
           "a list method overridden when the storage was added is called");
    mailboxes_and_mails(user);

    mail_user_unref(&user);
    is_str(take_trace(),
           "deinit_pre deinit list.deinit() storage.destroy(maildir) list.deinit(Arch/) deinited",
           "and ends in this one");
    str_free(&trace);
    modules_deinit_all();
    mail_storage_deinit();
    pool_unref(&session_pool);
    lib_deinit();
    return done();
}
