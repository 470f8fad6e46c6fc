/*
 * What a search looks for: a tree of criteria, as IMAP's SEARCH (RFC 9051 section 6.4.4) has them.
 */
#ifndef MAIL_SEARCH_H
#define MAIL_SEARCH_H

#include "mail-thread.h"
#include "mail-types.h"
#include "seq-range-array.h"

struct imap_match_glob;
struct mail_search_mime_part;
struct mail_search_result;
struct mailbox;
struct search_key;

enum mail_search_arg_type {
    SEARCH_OR,
    SEARCH_SUB,

    SEARCH_ALL,
    SEARCH_SEQSET,
    SEARCH_UIDSET,

    SEARCH_FLAGS,
    SEARCH_KEYWORDS,

    SEARCH_BEFORE,
    SEARCH_ON, /**< time: the beginning of the day */
    SEARCH_SINCE,

    SEARCH_SMALLER,
    SEARCH_LARGER,

    SEARCH_HEADER,
    SEARCH_HEADER_ADDRESS,
    SEARCH_HEADER_COMPRESS_LWSP,

    SEARCH_BODY,
    SEARCH_TEXT,

    SEARCH_MODSEQ,
    SEARCH_SAVEDATESUPPORTED,
    SEARCH_INTHREAD,
    SEARCH_GUID,
    SEARCH_MAILBOX,
    SEARCH_MAILBOX_GUID,
    SEARCH_MAILBOX_GLOB,
    SEARCH_REAL_UID,
    SEARCH_MIMEPART
};

enum mail_search_date_type {
    MAIL_SEARCH_DATE_TYPE_SENT = 1,
    MAIL_SEARCH_DATE_TYPE_RECEIVED,
    MAIL_SEARCH_DATE_TYPE_SAVED
};

enum mail_search_arg_flag {
    /** Compare times as they are; without it, as the day at the place they were written. */
    MAIL_SEARCH_ARG_FLAG_UTC_TIMES = 0x01
};

enum mail_search_modseq_type {
    MAIL_SEARCH_MODSEQ_TYPE_ANY = 0,
    MAIL_SEARCH_MODSEQ_TYPE_PRIVATE,
    MAIL_SEARCH_MODSEQ_TYPE_SHARED
};

struct mail_search_modseq {
    uint64_t modseq;
    enum mail_search_modseq_type type;
};

struct mail_search_arg {
    /** All in a list must match, but for those of SEARCH_OR, of which one must. */
    struct mail_search_arg *next;

    enum mail_search_arg_type type;
    struct {
        struct mail_search_arg *subargs;
        ARRAY_TYPE(seq_range) seqset;
        const char *str;
        time_t time;
        uoff_t size;
        enum mail_flags flags;
        enum mail_search_arg_flag search_flags;
        enum mail_search_date_type date_type;
        enum mail_thread_type thread_type;
        struct mail_search_modseq *modseq;
        struct mail_search_result *search_result;
        struct mail_search_mime_part *mime_part;
    } value;
    /** Made for one mailbox by mail_search_args_init(). */
    struct {
        struct mail_search_args *search_args;
        struct mail_keywords *keywords; /**< empty: no message can have it */
        struct imap_match_glob *mailbox_glob;
        ARRAY_TYPE(seq_range) seqset; /**< with `change_sets`: value.seqset as sequence numbers */
        struct search_key *key;       /**< value.str as it is compared; the core's */
    } initialized;

    void *context;
    const char *hdr_field_name;
    bool match_not : 1;       /**< NOT */
    bool match_always : 1;    /**< someone knows already that it matches */
    bool nonmatch_always : 1; /**< … that it does not */
    bool fuzzy : 1;
    bool no_fts : 1;

    int result; /**< -1 unknown, 0 no, 1 yes; of the current message */
};

struct mail_search_args {
    int refcount;
    int init_refcount; /**< initialised so often, always for the same mailbox */

    pool_t pool;
    struct mailbox *box;
    struct mail_search_arg *args;

    bool simplified : 1;
    bool have_inthreads : 1;
    bool stop_on_nonmatch : 1; /**< the first message that does not match is the end */
    bool fts_expanded : 1;
};

/** Sets the result of a criterion, turned round when it stands behind NOT. */
#define ARG_SET_RESULT(arg, res) \
    ((arg)->result = (!(arg)->match_not || (res) == -1) ? (res) : ((res) == 0 ? 1 : 0))

typedef void mail_search_foreach_callback_t(struct mail_search_arg *arg, void *context);

DOVECOT_API_BEGIN

/**
 * Makes the criteria ready for a mailbox: keywords, globs, and with `change_sets` the messages of
 * sequence and uid sets as they are now. search_saved_uidset, or NULL, is what the set `$` stands for.
 * Ended by mail_search_args_deinit(), once for each call.
 */
void mail_search_args_init(struct mail_search_args *args, struct mailbox *box, bool change_sets,
                           const ARRAY_TYPE(seq_range) * search_saved_uidset);
void mail_search_arg_init(struct mail_search_args *args, struct mail_search_arg *arg);
void mail_search_args_deinit(struct mail_search_args *args);
void mail_search_arg_deinit(struct mail_search_arg *arg);
void mail_search_arg_one_deinit(struct mail_search_arg *arg);
/** Sequence numbers back to uids. */
void mail_search_args_seq2uid(struct mail_search_args *args);

bool mail_search_args_equal(const struct mail_search_args *args1,
                            const struct mail_search_args *args2);
bool mail_search_arg_equals(const struct mail_search_arg *arg1, const struct mail_search_arg *arg2);
bool mail_search_arg_one_equals(const struct mail_search_arg *arg1,
                                const struct mail_search_arg *arg2);

void mail_search_args_ref(struct mail_search_args *args);
void mail_search_args_unref(struct mail_search_args **args);
struct mail_search_args *mail_search_args_dup(const struct mail_search_args *args);
struct mail_search_arg *mail_search_arg_dup(pool_t pool, const struct mail_search_arg *arg);

/** Forgets the results; with `full_reset` also those that hold for every message. */
void mail_search_args_reset(struct mail_search_arg *args, bool full_reset);

/** Calls back for each criterion without a result, then combines them: 1, 0, or -1 not known yet. */
int mail_search_args_foreach(struct mail_search_arg *args, mail_search_foreach_callback_t *callback,
                             void *context);
#define mail_search_args_foreach(args, callback, context)                                   \
    mail_search_args_foreach(                                                               \
        (args)-CALLBACK_TYPECHECK(callback,                                                 \
                                  void (*)(struct mail_search_arg *, __typeof__(context))), \
        (mail_search_foreach_callback_t *)(callback), context)

/** What criteria without a result need: the headers (NULL: TEXT needs all), and whether a body. */
const char *const *mail_search_args_analyze(struct mail_search_arg *args, bool *have_headers,
                                            bool *have_body);
/** False when nothing in this mailbox can match. */
bool mail_search_args_match_mailbox(struct mail_search_args *args, const char *vname, char sep);
/** Makes the tree smaller; it means the same. */
void mail_search_args_simplify(struct mail_search_args *args);

/** As IMAP text. False and error_r when something cannot be written so. */
bool mail_search_args_to_imap(string_t *dest, const struct mail_search_arg *args,
                              const char **error_r);
bool mail_search_arg_to_imap(string_t *dest, const struct mail_search_arg *arg,
                             const char **error_r);

DOVECOT_API_END

#endif
