/*
 * Every search key, in a mailbox of real mails.
 */
#include "searching.h"

#include <stdlib.h>
#include <time.h>

static struct mail_user *user;
static struct mailbox *box;

static void finds(const char *query, const char *uids)
{
    is_str(found(box, query), uids, "%.*s", (int)strcspn(query, "\r"), query);
}

/** Seconds of midnight UTC of a day in January 2024. */
static time_t january(int day)
{
    return 1704067200 + (day - 1) * 86400;
}

static void fill(void)
{
    box_add(
        box,
        "From: Alice Example <alice@example.org>\nTo: bob@example.com, Carol <carol@example.net>\n"
        "Subject: First mail\nDate: Mon, 01 Jan 2024 23:30:00 -0500\n"
        "Message-ID: <1@x>\n\nHello Bob,\nthis is the first.\n",
        (struct mail_facts){MAIL_SEEN | MAIL_ANSWERED, "work", january(2)});
    box_add(box,
            "From: =?iso-8859-1?q?J=FCrgen_Gr=F6=DFer?= <juergen@example.org>\n"
            "Cc: \"List, The\" <list@example.org>\nBcc: hidden@example.org\n"
            "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n =?utf-8?q?_aus_M=C3=BCnchen?=\n"
            "Date: Wed, 03 Jan 2024 12:00:00 +0100\nX-Empty:\n"
            "Content-Type: text/plain; charset=iso-8859-1\n"
            "Content-Transfer-Encoding: quoted-printable\n\nSch=F6ne Gr=FC=DFe, lan=\ngw=E4hrend\n",
            (struct mail_facts){MAIL_FLAGGED, NULL, january(3) + 3600});
    box_add(box,
            "From: carol@example.net\nTo: alice@example.org\nSubject:  spaced    out\n  subject\n"
            "Date: garbage\nMIME-Version: 1.0\n"
            "Content-Type: multipart/mixed; boundary=b\n\npreamble needle0\n--b\n\nplain needle1\n"
            "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n"
            "X-Part: needle2\n\nbmVlZGxlMyDQv9GA0LjQstC10YI=\n--b--\n",
            (struct mail_facts){MAIL_SEEN | MAIL_DELETED | MAIL_DRAFT, "$Junk", january(10)});
    box_add(box, "\n", (struct mail_facts){0, NULL, 0});
    if (box_sync(box) < 0)
        i_fatal("sync: %s", mailbox_get_last_internal_error(box, NULL));
}

static void test_sets(void)
{
    finds("all", "1 2 3 4");
    finds("", "1 2 3 4");
    finds("2:3", "2 3");
    finds("1,3:*", "1 3 4");
    finds("*", "4");
    finds("9:*", "4");
    finds("9:10", "");
    finds("uid 2,4", "2 4");
    finds("uid 4:*", "4");
    finds("uid 100:*", "4");
    finds("uid 100:200", "");
    finds("not uid 2", "1 3 4");
    finds("x-real-uid 3", "3");
    finds("2:3 uid 3:4", "3");
    finds("or 1 uid 4", "1 4");
}

static void test_flags(void)
{
    finds("seen", "1 3");
    finds("unseen", "2 4");
    finds("answered", "1");
    finds("flagged", "2");
    finds("deleted", "3");
    finds("draft", "3");
    finds("unanswered undeleted unflagged undraft", "4");
    finds("keyword work", "1");
    finds("keyword $JUNK", "3");
    finds("keyword none", "");
    finds("unkeyword work", "2 3 4");
    finds("unkeyword none", "1 2 3 4");
    finds("keyword \\Seen", "1 3");
    finds("modseq 1", "1 2 3 4");
    finds("modseq \"/flags/\\\\Seen\" all 999999", "");
}

static void test_dates(void)
{
    finds("before 3-Jan-2024", "1");
    finds("on 3-Jan-2024", "2");
    finds("since 3-Jan-2024", "2 3 4");
    finds("since 2024-01-03 before 2024-01-11", "2 3");
    /* 23:30 in New York is the next day in London, but the sender's day counts. */
    finds("senton 1-Jan-2024", "1");
    finds("senton 2-Jan-2024", "");
    finds("sentbefore 3-Jan-2024", "1");
    finds("sentsince 2-Jan-2024", "2");
    finds("not sentsince 1-Jan-1970", "3 4");
    finds("younger 3600", "4");
    finds("older 3600", "1 2 3");
    finds("before \"10 days\"", "1 2 3");
    finds("savedsince 2020-01-01", "1 2 3 4");
    finds("x-savedbefore 2020-01-01", "");
    finds("savedon 2020-01-01", "");
}

static void test_sizes(void)
{
    finds("smaller 3", "4");
    finds("larger 2", "1 2 3");
    finds("larger 1k", "");
    finds("smaller 1M", "1 2 3 4");
}

static void test_headers(void)
{
    finds("from alice", "1");
    finds("from ALICE@Example.ORG", "1");
    finds("from \"Alice Example <alice@example.org>\"", "1");
    finds("to alice", "3");
    finds("to carol", "1");
    finds("cc \"list, the\"", "2");
    finds("bcc hidden", "2");
    finds("from {7}\r\nj\xc3\xbcrgen", "2");
    finds("from \"j\xc3\x9cRGEN gr\xc3\x96\xc3\x9f\"", "2");
    finds("charset iso-8859-1 from \"J\xfcrgen\"", "2");
    finds("subject \"gr\xc3\xbc\xc3\x9f"
          "e aus m\xc3\xbcnchen\"",
          "2");
    finds("subject \"SPACED OUT SUBJECT\"", "3");
    finds("subject \"spaced    out\"", "3");
    finds("subject mail", "1");
    finds("header message-id 1@x", "1");
    finds("header x-empty \"\"", "2");
    finds("header x-none \"\"", "");
    finds("header to \"\"", "1 3");
    finds("header date garbage", "3");
    finds("fuzzy subject first", "1");
}

static void test_texts(void)
{
    finds("body first", "1");
    finds("body \"FIRST MAIL\"", "");
    finds("text \"FIRST MAIL\"", "1");
    finds("text \"subject: first\"", "1");
    finds("body \"sch\xc3\xb6ne gr\xc3\xbc\xc3\x9f"
          "e, langw\xc3\xa4hrend\"",
          "2");
    finds("text m\xc3\xbcnchen", "2");
    finds("body needle0", "");
    finds("body needle1", "3");
    finds("body needle2", "");
    finds("text needle2", "3");
    finds("body \"needle3 \xd0\x9f\xd0\xa0\xd0\x98\xd0\x92\xd0\x95\xd0\xa2\"", "3");
    finds("body bmVlZGxl", "");
    finds("body \"\"", "1 2 3 4");
    finds("text \"\"", "1 2 3 4");
    finds("body needle1 body needle3", "3");
    finds("or body needle1 body first", "1 3");
    finds("not body needle1", "1 2 4");
    finds("not (or text alice body needle1)", "2 4");
    finds("text carol unseen", "");
}

static void test_combinations(void)
{
    finds("not seen", "2 4");
    finds("not not seen", "1 3");
    finds("or seen flagged", "1 2 3");
    finds("or answered or flagged deleted", "1 2 3");
    finds("not (seen answered)", "2 3 4");
    finds("not (or seen flagged)", "4");
    finds("(seen (not deleted))", "1");
    finds("or (seen from alice) (unseen smaller 3)", "1 4");
    finds("seen from zzz", "");
    finds("(or (not answered) (not flagged)) 1:2", "1 2");
}

static void test_places(void)
{
    finds("mailbox INBOX", "1 2 3 4");
    finds("mailbox inbox", "1 2 3 4");
    finds("mailbox IN*", "1 2 3 4");
    finds("mailbox other", "");
    finds("x-mailbox INBOX", "1 2 3 4");
    finds("guid none", "");
    finds("emailid none", "");
    finds("savedatesupported", "1 2 3 4");
}

static void test_own_guid(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *guid = NULL;

    mail_set_seq(mail, 2);
    (void)mail_get_special(mail, MAIL_FETCH_GUID, &guid);
    is_str(found(box, t_strdup_printf("guid %s", guid)), "2", "a mail is found by its guid");
    mail_free(&mail);
    (void)mailbox_transaction_commit(&t);
}

/** Another program delivers into new/. */
static void deliver(const char *name)
{
    FILE *file = fopen(name, "w");

    if (file == NULL || fputs("Subject: new\n\n", file) < 0 || fclose(file) != 0)
        i_fatal("%s: %s", name, strerror(errno));
}

static void test_recent(void)
{
    struct mailbox *fresh = box_open(user, "fresh");

    box_add(fresh, "Subject: old\n\n", (struct mail_facts){MAIL_SEEN, NULL, 0});
    deliver("Maildir/.fresh/new/1704067200.M1P1.host");
    if (box_sync(fresh) < 0)
        i_fatal("sync: %s", mailbox_get_last_internal_error(fresh, NULL));
    is_str(found(fresh, "recent"), "2", "recent");
    is_str(found(fresh, "new"), "2", "new");
    is_str(found(fresh, "old"), "1", "old");
    mailbox_free(&fresh);
}

static void test_empty_mailbox(void)
{
    struct mailbox *empty = box_open(user, "empty");

    is_str(found(empty, "all"), "", "nothing is found in an empty mailbox");
    is_str(found(empty, "1:* uid 1:* * text x"), "", "whatever is asked for");
    mailbox_free(&empty);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    session_begin();
    user = session_user();
    box = box_open(user, "INBOX");
    T_BEGIN
    {
        fill();
        test_sets();
        test_flags();
        test_dates();
        test_sizes();
        test_headers();
        test_texts();
        test_combinations();
        test_places();
        test_own_guid();
        test_recent();
        test_empty_mailbox();
    }
    T_END;
    mailbox_free(&box);
    session_end(&user);
    return done();
}
