/*
 * SORT: every criterion, both ways, and more than one.
 */
#include "searching.h"

#include <stdlib.h>
#include <time.h>

static struct mail_user *user;
static struct mailbox *box;

static void sorts(const char *what, enum mail_sort_type first, enum mail_sort_type second,
                  const char *uids)
{
    const enum mail_sort_type program[] = {first, second, MAIL_SORT_END};
    struct mail_search_args *args = mail_search_build_init();

    mail_search_build_add_all(args);
    is_str(found_sorted(box, args, program), uids, "%s", what);
    mail_search_args_unref(&args);
}

static void fill(void)
{
    static const char *const mails[] = {
        "From: zoe@x\nTo: \"Bob\" <m@x>\nCc: c@x\nSubject: Re: beta\nDate: Wed, 3 Jan 2024 00:00:00 "
        "+0000\n\n12345678901234567890123456789\n",
        "From: Anna <yan@x>\nTo: g: n@x;\nCc: B@x\nSubject: alpha\nDate: Tue, 2 Jan 2024 00:00:00 "
        "+0100\n\n1\n",
        "From: =?utf-8?q?=C3=84rger?= <bob@x>\nTo: \"\xc3\xa4\" <l@x>\nSubject: [list] Beta\nDate: x\n\n123\n",
        "From: =?utf-8?b?w6Ruw6Rt?= <Carl@x>\n\n",
    };

    for (unsigned int i = 0; i < N_ELEMENTS(mails); i++)
        box_add(box, mails[i], (struct mail_facts){0, NULL, 1704067200 - (time_t)i * 86400});
    if (box_sync(box) < 0)
        i_fatal("sync: %s", mailbox_get_last_internal_error(box, NULL));
}

static void test_criteria(void)
{
    sorts("ARRIVAL", MAIL_SORT_ARRIVAL, MAIL_SORT_END, "4 3 2 1");
    sorts("REVERSE ARRIVAL", MAIL_SORT_ARRIVAL | MAIL_SORT_FLAG_REVERSE, MAIL_SORT_END, "1 2 3 4");
    sorts("DATE, by arrival where there is none", MAIL_SORT_DATE, MAIL_SORT_END, "4 3 2 1");
    sorts("SIZE", MAIL_SORT_SIZE, MAIL_SORT_END, "4 3 2 1");
    sorts("FROM, by the local part", MAIL_SORT_FROM, MAIL_SORT_END, "3 4 2 1");
    sorts("DISPLAYFROM, by the name", MAIL_SORT_DISPLAYFROM, MAIL_SORT_END, "2 4 3 1");
    sorts("TO, in groups too", MAIL_SORT_TO, MAIL_SORT_END, "4 3 1 2");
    sorts("DISPLAYTO", MAIL_SORT_DISPLAYTO, MAIL_SORT_END, "4 3 1 2");
    sorts("CC, in either case", MAIL_SORT_CC, MAIL_SORT_END, "3 4 2 1");
    sorts("SUBJECT, by base subjects", MAIL_SORT_SUBJECT, MAIL_SORT_END, "4 2 1 3");
    sorts("SUBJECT and REVERSE ARRIVAL", MAIL_SORT_SUBJECT, MAIL_SORT_ARRIVAL, "4 2 3 1");
    sorts("the same criterion twice", MAIL_SORT_SUBJECT, MAIL_SORT_SUBJECT | MAIL_SORT_FLAG_REVERSE,
          "4 2 1 3");
    sorts("POP3_ORDER and RELEVANCY, of which there is none", MAIL_SORT_POP3_ORDER,
          MAIL_SORT_RELEVANCY, "1 2 3 4");
}

static void test_matches(void)
{
    const enum mail_sort_type program[] = {MAIL_SORT_SIZE, MAIL_SORT_END};
    struct mail_search_args *args;
    const char *error;

    if (search_text_parse("or uid 1 uid 3", &args, &error) < 0)
        i_fatal("%s", error);
    is_str(found_sorted(box, args, program), "3 1", "only matches are sorted");
    mail_search_args_unref(&args);
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
        test_criteria();
        test_matches();
    }
    T_END;
    mailbox_free(&box);
    session_end(&user);
    return done();
}
