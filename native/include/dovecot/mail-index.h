/*
 * What is known of the messages of a mailbox: their uids, flags and keywords, in the order of the
 * mailbox. vSMTP keeps it in memory for as long as a mailbox is open; the driver fills it from its
 * files.
 *
 * Sequence numbers count from 1 and belong to a view; a view changes only when it is synced or when
 * a transaction of its own adds messages.
 */
#ifndef MAIL_INDEX_H
#define MAIL_INDEX_H

#include "fsync-mode.h"
#include "guid.h"
#include "mail-types.h"
#include "module-context.h"
#include "seq-range-array.h"

struct mail_cache;
struct mail_index;
struct mail_index_transaction;
struct mail_index_view;

/** Keyword names, ended by a NULL one. */
ARRAY_DEFINE_TYPE(keywords, const char *);

/** A set of keywords of one mailbox, as places in its list of names. Counted. */
struct mail_keywords {
    struct mail_index *index;
    unsigned int count;
    int refcount;

    unsigned int idx[]; /**< count of them */
};

/** Of one message. Keywords: see mail_index_lookup_keywords(). */
struct mail_index_record {
    uint32_t uid;
    uint8_t flags; /**< enum mail_flags without MAIL_RECENT */
};

struct mail_index_header {
    uint32_t uid_validity;
    uint32_t next_uid;
    uint32_t messages_count;
    uint32_t seen_messages_count;
    uint32_t deleted_messages_count;
    uint32_t first_recent_uid;
};

/** What a committed transaction has changed: bits of changes_mask. */
enum mail_index_transaction_change {
    MAIL_INDEX_TRANSACTION_CHANGE_APPEND = 1 << 0,
    MAIL_INDEX_TRANSACTION_CHANGE_EXPUNGE = 1 << 1,
    MAIL_INDEX_TRANSACTION_CHANGE_FLAGS = 1 << 2,
    MAIL_INDEX_TRANSACTION_CHANGE_KEYWORDS = 1 << 3,
    MAIL_INDEX_TRANSACTION_CHANGE_MODSEQ = 1 << 4,
    MAIL_INDEX_TRANSACTION_CHANGE_ATTRIBUTE = 1 << 5,
    MAIL_INDEX_TRANSACTION_CHANGE_OTHERS = 1 << 30
};

/** What a commit did. */
struct mail_index_transaction_commit_result {
    uint32_t log_file_seq;
    uoff_t log_file_offset;
    uoff_t commit_size;
    enum mail_index_transaction_change changes_mask;
    unsigned int ignored_modseq_changes;
};

enum mail_index_transaction_flags {
    MAIL_INDEX_TRANSACTION_FLAG_HIDE = 0x01,
    MAIL_INDEX_TRANSACTION_FLAG_EXTERNAL = 0x02
};

struct mail_index_module_register {
    unsigned int id;
};

union mail_index_module_context {
    struct mail_index_module_register *reg;
};

union mail_index_view_module_context {
    struct mail_index_module_register *reg;
};

union mail_index_transaction_module_context {
    struct mail_index_module_register *reg;
};

DOVECOT_API_BEGIN

extern struct mail_index_module_register mail_index_module_register;

/** A view of the mailbox as it is now. Counted. */
struct mail_index_view *mail_index_view_open(struct mail_index *index);
void mail_index_view_close(struct mail_index_view **view);
struct mail_index *mail_index_view_get_index(struct mail_index_view *view);

uint32_t mail_index_view_get_messages_count(struct mail_index_view *view);
const struct mail_index_header *mail_index_get_header(struct mail_index_view *view);
/** A message that the view shows and the mailbox no longer has. */
bool mail_index_is_expunged(struct mail_index_view *view, uint32_t seq);

/** The message at `seq`, which must exist; lives until the view changes. */
const struct mail_index_record *mail_index_lookup(struct mail_index_view *view, uint32_t seq);
void mail_index_lookup_uid(struct mail_index_view *view, uint32_t seq, uint32_t *uid_r);
/** False when the view has no such uid. */
bool mail_index_lookup_seq(struct mail_index_view *view, uint32_t uid, uint32_t *seq_r);
/** The sequence numbers of the uids first_uid..last_uid; false and zeroes when there are none. */
bool mail_index_lookup_seq_range(struct mail_index_view *view, uint32_t first_uid,
                                 uint32_t last_uid, uint32_t *first_seq_r, uint32_t *last_seq_r);
void mail_index_lookup_keywords(struct mail_index_view *view, uint32_t seq,
                                ARRAY_TYPE(keyword_indexes) * keyword_idx);
uint64_t mail_index_modseq_lookup(struct mail_index_view *view, uint32_t seq);
uint64_t mail_index_modseq_get_highest(struct mail_index_view *view);

/** All keyword names of the mailbox, by index. */
const ARRAY_TYPE(keywords) * mail_index_get_keywords(struct mail_index *index);
bool mail_index_keyword_lookup(struct mail_index *index, const char *keyword, unsigned int *idx_r);
void mail_index_keyword_lookup_or_create(struct mail_index *index, const char *keyword,
                                         unsigned int *idx_r);
struct mail_keywords *mail_index_keywords_create(struct mail_index *index,
                                                 const char *const keywords[]);
struct mail_keywords *mail_index_keywords_create_from_indexes(struct mail_index *index,
                                                              const ARRAY_TYPE(keyword_indexes) *
                                                                  keyword_indexes);
void mail_index_keywords_ref(struct mail_keywords *keywords);
void mail_index_keywords_unref(struct mail_keywords **keywords);

/** Changes that are collected, then committed together. Both ends free it. */
struct mail_index_transaction *
mail_index_transaction_begin(struct mail_index_view *view, enum mail_index_transaction_flags flags);
int mail_index_transaction_commit_full(struct mail_index_transaction **t,
                                       struct mail_index_transaction_commit_result *result_r);
void mail_index_transaction_rollback(struct mail_index_transaction **t);
/** A view that shows the transaction's own changes too. Close it before the transaction ends. */
struct mail_index_view *mail_index_transaction_open_updated_view(struct mail_index_transaction *t);

void mail_index_append(struct mail_index_transaction *t, uint32_t uid, uint32_t *seq_r);
void mail_index_expunge(struct mail_index_transaction *t, uint32_t seq);
void mail_index_update_flags(struct mail_index_transaction *t, uint32_t seq,
                             enum modify_type modify_type, enum mail_flags flags);
void mail_index_update_keywords(struct mail_index_transaction *t, uint32_t seq,
                                enum modify_type modify_type, struct mail_keywords *keywords);
void mail_index_update_modseq(struct mail_index_transaction *t, uint32_t seq, uint64_t min_modseq);

DOVECOT_API_END

#endif
