/*
 * The snapshot of a mailbox's listing: it saves reading directories, and never shows anything but what a
 * session without it sees, whatever others do to the mailbox or to the snapshot.
 */
#include "caching.h"

enum { STEPS = 300, DAMAGES = 200 };

static unsigned int next_mail = CACHING_MAILS;

/* Another program changes the mailbox. */
static void change_files(void)
{
    const char *name, *to;

    switch (random() % 6) {
    case 0:
        caching_put_mail("new", next_mail++, "");
        caching_age("Maildir/new");
        return;
    case 1:
        caching_put_mail("cur", next_mail++, ":2,RS");
        caching_age("Maildir/cur");
        return;
    case 2:
        name = find_name("Maildir/cur", t_strdup_printf("M%ldP", random() % next_mail));
        if (name != NULL && unlink(t_strconcat("Maildir/cur/", name, NULL)) == 0)
            caching_age("Maildir/cur");
        return;
    case 3:
        name = find_name("Maildir/cur", t_strdup_printf("M%ldP", random() % next_mail));
        if (name == NULL)
            return;
        to = t_strdup_printf("Maildir/cur/%s:2,%s", t_strcut(name, ':'),
                             random() % 2 == 0 ? "FTa" : "S");
        if (rename(t_strconcat("Maildir/cur/", name, NULL), to) == 0)
            caching_age("Maildir/cur");
        return;
    case 4:
        name = find_name("Maildir/new", "M");
        if (name != NULL && rename(t_strconcat("Maildir/new/", name, NULL),
                                   t_strconcat("Maildir/cur/", name, ":2,", NULL)) == 0) {
            caching_age("Maildir/new");
            caching_age("Maildir/cur");
        }
        return;
    default:
        put_file("Maildir/dovecot-keywords",
                 random() % 2 == 0 ? "0 Work\n1 Home\n2 More\n" : "0 Work\n1 House\n");
        return;
    }
}

/* A session of our own does. */
static void change_by_session(struct mail_user *user)
{
    struct mailbox *box = caching_open(user, TRUE);
    uint32_t count = box_count(box), uid = count == 0 ? 0 : uid_of(box, 1 + random() % count);

    switch (random() % 5) {
    case 0:
        (void)box_save(box, MAIL);
        break;
    case 1:
        if (uid != 0)
            (void)expunge(box, uid);
        break;
    case 2:
        if (uid != 0)
            (void)change_flags(box, uid, MODIFY_ADD, MAIL_ANSWERED);
        break;
    case 3:
        if (uid != 0)
            (void)add_keyword(box, uid, "Work");
        break;
    default:
        break;
    }
    mailbox_free(&box);
    if (random() % 2 == 0) {
        caching_age("Maildir/cur");
        caching_age("Maildir/new");
    }
}

/* Another program gives all mails new uids. */
static void renumber(void)
{
    const char *text = get_file("Maildir/dovecot-uidlist");
    const char *records = text == NULL ? NULL : strchr(text, '\n');

    if (records == NULL)
        return;
    put_file("Maildir/uidlist.new", t_strdup_printf("3 V%ld N9 G00112233445566778899aabbccddeeff%s",
                                                    1700000000 + random() % 1000, records));
    if (rename("Maildir/uidlist.new", "Maildir/dovecot-uidlist") < 0)
        i_fatal("rename failed: %s", strerror(errno));
}

static void anything_happens(struct mail_user *user)
{
    unsigned int wrong = 0;

    for (unsigned int step = 0; step < STEPS && wrong == 0; step++) {
        T_BEGIN
        {
            for (long changes = random() % 3; changes >= 0; changes--) {
                if (random() % 3 == 0)
                    change_by_session(user);
                else
                    change_files();
            }
            if (random() % 40 == 0)
                renumber();
        }
        T_END;
        wrong += !caching_same(user, FALSE);
    }
    is_int(wrong, 0, "with the snapshot, a mailbox that others change shows what it shows without");
}

static void snapshot_is_damaged(struct mail_user *user)
{
    size_t size;
    unsigned char *old = caching_read(LISTING, &size);
    unsigned int wrong = 0;

    for (unsigned int i = 0; i < DAMAGES && wrong == 0; i++) {
        if (random() % 4 == 0) {
            T_BEGIN
            {
                change_files();
            }
            T_END;
        }
        if (random() % 3 == 0)
            caching_write(LISTING, old, size);
        else if (file_exists(LISTING))
            caching_damage(LISTING);
        wrong += !caching_same(user, FALSE);
    }
    is_int(wrong, 0, "a damaged or old snapshot changes nothing");
    free(old);
}

/* The times of a directory are put back: who looks at them alone sees no change. */
static void hide_change(const char *directory, void (*change)(void))
{
    struct timespec times[2];
    struct stat st;

    if (stat(directory, &st) < 0)
        i_fatal("stat failed: %s", strerror(errno));
    change();
    times[0] = st.st_atim;
    times[1] = st.st_mtim;
    (void)utimensat(AT_FDCWD, directory, times, 0);
}

static void remove_first(void)
{
    const char *name = find_name("Maildir/cur", ".M0P1");

    (void)unlink(t_strconcat("Maildir/cur/", name, NULL));
}

static void unchanged_mailbox_is_not_read(struct mail_user *user)
{
    struct mailbox *box;

    T_BEGIN
    {
        (void)caching_show(user, TRUE, FALSE);
        ok(file_exists(LISTING), "closing a mailbox leaves a snapshot");
        hide_change("Maildir/cur", remove_first);
        box = caching_open(user, TRUE);
        is_int(box_count(box), CACHING_MAILS, "an unchanged directory is not read again");
        ok(text_of(box, 1) == NULL, "what is gone nevertheless is found to be gone");
        is_int(mailbox_sync(box, MAILBOX_SYNC_FLAG_FORCE_RESYNC), 0, "which repairs the list");
        is_int(box_count(box), CACHING_MAILS - 1, "as a forced look does");
        mailbox_free(&box);
        caching_age("Maildir/cur");
    }
    T_END;
    ok(caching_same(user, FALSE), "with the snapshot and without are the same again");
}

int main(void)
{
    struct mail_user *user;

    srandom(5);
    caching_make();
    session_begin();
    user = session_user();
    unchanged_mailbox_is_not_read(user);
    anything_happens(user);
    caching_age("Maildir/cur");
    snapshot_is_damaged(user);
    session_end(&user);
    return done();
}
