/*
 * Making a transaction of the index true: flags and keywords are renames, expunges are unlinks. Other
 * processes rename at the same time, so a missing file is looked for again by its base.
 */
#include "index/index.h"
#include "index/transaction.h"
#include "maildir/failure.h"
#include "maildir/keywords.h"
#include "maildir/mailbox.h"
#include "maildir/sync.h"
#include "maildir/uidlist.h"

#include <stdio.h>
#include <unistd.h>

struct commit {
    struct maildir_mailbox *mbox;
    struct mail_index_change change;
};

static int unlink_file(struct maildir_mailbox *mbox, const char *path, void *context ATTR_UNUSED)
{
    if (unlink(path) == 0)
        return 0;
    if (errno != ENOENT)
        (void)maildir_failed(&mbox->base.box, "unlink", path);
    return -1;
}

/* The name with the changed flags. Remembers it once the file has it. */
static int rename_file(struct maildir_mailbox *mbox, const char *path, void *context)
{
    const struct mail_index_change *change = &((struct commit *)context)->change;
    struct maildir_rec *rec = maildir_uidlist_lookup(mbox->uidlist, change->uid);
    uint32_t add = maildir_keywords_to_letters(mbox->keywords, change->add_keywords);
    uint32_t remove = maildir_keywords_to_letters(mbox->keywords, change->remove_keywords);
    uint8_t flags = (uint8_t)((rec->info.flags & ~change->remove_flags) | change->add_flags);
    uint32_t letters = (rec->info.letters & ~remove) | add;
    string_t *to = t_str_new(256);
    struct maildir_info info;

    if (flags == rec->info.flags && letters == rec->info.letters)
        return 0;
    str_printfa(to, "%s/cur/%s", mailbox_get_path(&mbox->base.box), rec->base);
    maildir_info_append_changed(to, &rec->info, flags, letters);
    if (rename(path, str_c(to)) < 0) {
        if (errno != ENOENT)
            (void)maildir_failed(&mbox->base.box, "rename", str_c(to));
        return -1;
    }
    maildir_info_parse(strrchr(str_c(to), '/') + 1, &info);
    maildir_rec_set_info(mbox->uidlist, rec, &info);
    rec->in_new = FALSE;
    return 0;
}

/* 1, 0: there is no such mail any more, -1 with the storage's error. */
static int apply(struct commit *commit)
{
    struct maildir_mailbox *mbox = commit->mbox;
    uint32_t uid = commit->change.uid;
    bool expunge = commit->change.expunge;
    int result = maildir_file_do(mbox, uid, expunge ? unlink_file : rename_file, commit);

    if (result <= 0)
        return result;
    if (expunge)
        maildir_uidlist_kill(mbox->uidlist, maildir_uidlist_lookup(mbox->uidlist, uid));
    mailbox_sync_notify(&mbox->base.box, uid,
                        expunge ? MAILBOX_SYNC_TYPE_EXPUNGE : MAILBOX_SYNC_TYPE_FLAGS);
    return result;
}

static void fail_from(struct mail_index_transaction *t, uint32_t seq)
{
    struct mail_index_change change;

    while (mail_index_transaction_next(t, &seq, &change))
        mail_index_change_failed(t, seq);
}

/* All keywords that are added have letters, or nothing is changed at all. */
static int prepare_keywords(struct maildir_mailbox *mbox, struct mail_index_transaction *t)
{
    struct mail_index_change change;
    uint64_t added = 0;
    uint32_t seq = 0;
    unsigned int idx;

    if (mail_index_transaction_impossible_keyword(t, &idx))
        return maildir_keywords_too_many(
            &mbox->base.box, *array_idx(mail_index_get_keywords(mbox->base.box.index), idx));
    while (mail_index_transaction_next(t, &seq, &change))
        added |= change.add_keywords;
    return added == 0 ? 0 : maildir_keywords_create(mbox->keywords, added);
}

static int apply_all(struct maildir_mailbox *mbox, struct mail_index_transaction *t)
{
    struct commit commit = {.mbox = mbox};
    uint32_t seq = 0, before = 0;

    for (; mail_index_transaction_next(t, &seq, &commit.change); before = seq) {
        int result = apply(&commit);

        if (result < 0) {
            fail_from(t, before);
            return -1;
        }
        if (result == 0 && !commit.change.expunge)
            mail_index_change_failed(t, seq);
    }
    return 0;
}

static int commit_changes(struct mail_index_transaction *t, void *context)
{
    struct mailbox *box = context;
    struct maildir_mailbox *mbox = maildir_mailbox(box);
    struct mail_index_change change;
    const char *cur;
    uint32_t seq = 0;
    int result;

    if (!mail_index_transaction_next(t, &seq, &change))
        return 0;
    i_assert(mbox->uidlist != NULL && mbox->keywords != NULL);
    result = prepare_keywords(mbox, t);
    if (result < 0)
        fail_from(t, 0);
    else
        result = apply_all(mbox, t);
    mailbox_sync_notify(box, 0, 0);
    if (result < 0 || box->storage->set->parsed_fsync_mode != FSYNC_MODE_ALWAYS)
        return result;
    cur = t_strconcat(mailbox_get_path(box), "/cur", NULL);
    return maildir_sync_directory(box, cur) < 0 ? maildir_failed(box, "fsync", cur) : 0;
}

static void load(void *context)
{
    (void)maildir_sync(maildir_mailbox(context), 0);
}

const struct mail_index_driver maildir_index_driver = {.load = load, .commit = commit_changes};
