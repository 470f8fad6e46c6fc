/*
 * The storage class "raw", and the user that deliveries have their mail in until it is saved.
 */
#include "raw-storage.h"

#include "lib.h"

#include "mail-storage-private.h"
#include "model/settings.h"
#include "raw-mailbox.h"

#define RAW_LOCATION "raw::LAYOUT=none"

static struct mail_storage raw_storage;

static struct mail_storage *raw_alloc(void)
{
    pool_t pool = pool_alloconly_create("raw storage", 1024);
    struct mail_storage *storage = p_new(pool, struct mail_storage, 1);

    *storage = raw_storage;
    storage->pool = pool;
    return storage;
}

static void raw_destroy(struct mail_storage *storage ATTR_UNUSED) {}

static void raw_get_list_settings(const struct mail_namespace *ns ATTR_UNUSED,
                                  struct mailbox_list_settings *set)
{
    if (set->layout == NULL)
        set->layout = MAILBOX_LIST_NAME_NONE;
}

static struct mail_storage raw_storage = {
    .name = "raw",
    .class_flags = MAIL_STORAGE_CLASS_FLAG_MAILBOX_IS_FILE | MAIL_STORAGE_CLASS_FLAG_OPEN_STREAMS |
                   MAIL_STORAGE_CLASS_FLAG_NO_ROOT | MAIL_STORAGE_CLASS_FLAG_BINARY_DATA |
                   MAIL_STORAGE_CLASS_FLAG_NOQUOTA,
    .v =
        {
            .alloc = raw_alloc,
            .destroy = raw_destroy,
            .get_list_settings = raw_get_list_settings,
            .mailbox_alloc = raw_mailbox_alloc,
        },
};

void raw_storage_register(void)
{
    mail_storage_class_register(&raw_storage);
}

struct mail_user *raw_user_create(const char **error_r)
{
    pool_t pool = pool_alloconly_create("raw user settings", 1024);
    struct storage_settings *settings = storage_settings_create(pool);
    struct mail_user *user;

    if (storage_settings_set(settings, "mail_location", RAW_LOCATION, error_r) < 0) {
        pool_unref(&pool);
        return NULL;
    }
    user = mail_user_alloc(NULL, "raw mail user", NULL, &settings->user);
    pool_unref(&pool);
    user->autocreated = TRUE;
    mail_user_set_home(user, "/");
    if (mail_user_init(user, error_r) == 0 &&
        mail_namespaces_init_location(user, RAW_LOCATION, error_r) == 0)
        return user;
    *error_r = t_strdup(*error_r);
    mail_user_unref(&user);
    return NULL;
}

int raw_mailbox_alloc_stream(struct mail_user *raw_user, struct istream *input,
                             time_t received_date, const char *envelope_sender,
                             struct mailbox **box_r, const char **error_r)
{
    struct mailbox_list *list = mail_namespace_find_inbox(raw_user->namespaces)->list;
    struct mailbox *box = mailbox_alloc(list, "Delivered mail", MAILBOX_FLAG_NO_INDEX_FILES);
    struct raw_mailbox *raw = container_of(box, struct raw_mailbox, base.box);

    i_assert(strcmp(box->storage->name, raw_storage.name) == 0);

    raw->received_date = received_date;
    raw->envelope_sender = p_strdup(box->pool, envelope_sender == NULL ? "" : envelope_sender);
    if (mailbox_open_stream(box, input) == 0 && mailbox_sync(box, 0) == 0) {
        *box_r = box;
        return 0;
    }
    *error_r = t_strdup(mailbox_get_last_internal_error(box, NULL));
    mailbox_free(&box);
    return -1;
}
