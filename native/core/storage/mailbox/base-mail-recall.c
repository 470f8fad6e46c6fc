/*
 * What is remembered of a message between openings of its mailbox (cache/facts.h). A message that is being
 * saved, or is gone, has nothing: who asks is told so by the driver.
 */
#include "lib.h"

#include "base.h"
#include "cache/facts.h"

static struct cache_facts *facts_of(struct mail *mail, struct cache_mail *key_r)
{
    struct mail_base *base = mail_base_of(mail);
    struct mailbox_base *box;

    if (base->ops->get_identity == NULL || mail->saving || mail->expunged ||
        (mail->box->flags & MAILBOX_FLAG_NO_INDEX_FILES) != 0)
        return NULL;
    key_r->uid = mail->uid;
    if (!base->ops->get_identity(mail, &key_r->identity))
        return NULL;
    box = container_of(mail->box, struct mailbox_base, box);
    if (box->facts == NULL)
        box->facts = cache_facts_alloc(mail->box);
    return box->facts;
}

bool mail_base_recall(struct mail *mail, const char *key, const void **data_r, size_t *size_r)
{
    struct cache_mail known;
    struct cache_facts *facts = facts_of(mail, &known);

    *data_r = facts == NULL ? NULL : cache_facts_get(facts, &known, key, size_r);
    return *data_r != NULL;
}

void mail_base_remember(struct mail *mail, const char *key, const void *data, size_t size)
{
    struct cache_mail known;
    struct cache_facts *facts = mail_base_of(mail)->data.no_caching ? NULL : facts_of(mail, &known);

    if (facts != NULL)
        cache_facts_put(facts, &known, key, data, size);
}

bool mail_base_recall_string(struct mail *mail, const char *key, const char **value_r)
{
    const void *data;
    size_t size;

    if (!mail_base_recall(mail, key, &data, &size))
        return FALSE;
    *value_r = p_strndup(((struct mail_private *)mail)->data_pool, data, size);
    return TRUE;
}

void mail_base_remember_string(struct mail *mail, const char *key, const char *value)
{
    mail_base_remember(mail, key, value, strlen(value));
}

bool mail_base_recall_size(struct mail *mail, const char *key, uoff_t *size_r)
{
    const void *data;
    size_t size;

    if (!mail_base_recall(mail, key, &data, &size) || size != sizeof *size_r)
        return FALSE;
    memcpy(size_r, data, sizeof *size_r);
    return TRUE;
}

void mail_base_remember_size(struct mail *mail, const char *key, uoff_t size)
{
    mail_base_remember(mail, key, &size, sizeof size);
}

void mail_base_set_uid_cache_updates(struct mail *mail, bool set)
{
    mail_base_of(mail)->data.no_caching = set;
}

void mail_base_set_cache_corrupted(struct mail *mail, enum mail_fetch_field field ATTR_UNUSED,
                                   const char *reason)
{
    struct cache_mail known;
    struct cache_facts *facts = facts_of(mail, &known);

    e_error(mail_event(mail), "Wrong metadata of the mail: %s", reason);
    if (facts != NULL)
        cache_facts_forget(facts, &known);
}
