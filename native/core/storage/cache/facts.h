/*
 * `vsmtp-cache`: what was learnt of mails by reading them, so that it need not be read again. Facts are
 * bytes under a key, of a mail that never changes; a mail is known by its uid and by an identity (a digest
 * of its own name), so that a file of another time or another mailbox tells nothing wrong.
 *
 * All of it may be missing or lost at any time.
 */
#ifndef STORAGE_CACHE_FACTS_H
#define STORAGE_CACHE_FACTS_H

#include "lib.h"

struct mailbox;
struct cache_facts;

struct cache_mail {
    uint32_t uid;
    uint64_t identity;
};

#define CACHE_FACTS_NAME "vsmtp-cache"

/** Of an open mailbox. Reads nothing yet. */
struct cache_facts *cache_facts_alloc(struct mailbox *box);
/** Writes what is new, if it can. While the index of the mailbox is still there. */
void cache_facts_free(struct cache_facts **facts);

/** A fact, in memory that is valid until the next call for these facts. NULL: not known. */
const void *cache_facts_get(struct cache_facts *facts, const struct cache_mail *mail,
                            const char *key, size_t *size_r);
/** Adds a fact that is not known yet. Large ones are left out. */
void cache_facts_put(struct cache_facts *facts, const struct cache_mail *mail, const char *key,
                     const void *data, size_t size);
/** What was known of this mail was wrong. */
void cache_facts_forget(struct cache_facts *facts, const struct cache_mail *mail);

#endif
