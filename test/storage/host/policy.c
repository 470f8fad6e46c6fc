/* The rules of the host: what they are asked, and what becomes of what they refuse. */
#include "../hosting.h"

static const char mail[] = "Subject: one\r\n\r\nHello\r\n";

static const char *asked(void)
{
    static char questions[SHOWN];

    memcpy(questions, host_questions, SHOWN);
    host_questions[0] = '\0';
    return questions;
}

static void questions(void)
{
    (void)host_ask_mail(mail, "operation=deliver|%s|name=1.M2P3.h", host_user(""));
    is_str(asked(),
           "{flags: [], keywords: [], mailbox: \"INBOX\", operation: \"save\", size: 23, user: "
           "\"jane@b.example\"}\n",
           "a delivery is asked for once, as a save");
    (void)host_ask_mail(mail, "operation=save|session=1|mailbox=INBOX|flags[=|\\Seen|Work|]");
    is_str(asked(),
           "{flags: [\"\\Seen\"], keywords: [\"Work\"], mailbox: \"INBOX\", operation: \"save\", "
           "size: 23, user: \"jane@b.example\"}\n",
           "a save is, with the flags that the mail will have");
    (void)host_ask("operation=create|session=1|mailbox=Work");
    is_str(asked(), "{mailbox: \"Work\", operation: \"create\", user: \"jane@b.example\"}\n",
           "a mailbox is, INBOX was not");
    (void)host_ask("operation=copy|session=1|mailbox=INBOX|query=uid 2|destination=Work");
    is_str(asked(),
           "{flags: [\"\\Seen\"], keywords: [\"Work\"], mailbox: \"Work\", operation: \"copy\", "
           "size: 23, source: \"INBOX\", user: \"jane@b.example\"}\n",
           "a copy is once, with where it comes from");
    (void)host_ask(
        "operation=flags|session=1|mailbox=INBOX|query=uid 2|mode=add|flags[=|\\Draft|]");
    is_str(
        asked(),
        "{flags: [\"\\Seen\", \"\\Draft\"], keywords: [\"Work\"], mailbox: \"INBOX\", operation: "
        "\"flags\", uid: 2, user: \"jane@b.example\"}\n",
        "flags are, as they will be");
    (void)host_ask(
        "operation=flags|session=1|mailbox=INBOX|query=uid 2|mode=remove|keywords[=|work|]");
    is_str(asked(),
           "{flags: [\"\\Seen\", \"\\Draft\"], keywords: [], mailbox: \"INBOX\", operation: "
           "\"flags\", uid: 2, user: \"jane@b.example\"}\n",
           "keywords are");
    (void)host_ask(
        "operation=flags|session=1|mailbox=INBOX|query=uid 2|mode=add|flags[=|\\Draft|]");
    is_str(asked(), "", "what changes nothing is not");
    (void)host_ask("operation=expunge|session=1|mailbox=INBOX|query=uid 2");
    is_str(asked(),
           "{flags: [\"\\Seen\", \"\\Draft\"], keywords: [], mailbox: \"INBOX\", operation: "
           "\"expunge\", uid: 2, user: \"jane@b.example\"}\n",
           "an expunge is");
    (void)host_ask("operation=rename|session=1|mailbox=Work|destination=Play");
    is_str(
        asked(),
        "{mailbox: \"Play\", operation: \"rename\", source: \"Work\", user: \"jane@b.example\"}\n",
        "a new name is");
    (void)host_ask("operation=delete|session=1|mailbox=Play");
    is_str(asked(), "{mailbox: \"Play\", operation: \"delete\", user: \"jane@b.example\"}\n",
           "the end of a mailbox is once, its mails are not");
}

static void refusals(void)
{
    (void)host_ask("operation=create|session=1|mailbox=Work");
    host_verdict = VSMTP_STORAGE_REFUSE;
    is_str(host_ask_mail(mail, "operation=deliver|%s|name=1.M2P4.h", host_user("")),
           "PERM INBOX: The rules say no", "a delivery is refused");
    is_str(host_ask_mail(mail, "operation=save|session=1|mailbox=INBOX"),
           "PERM INBOX: The rules say no", "a save is");
    is_str(host_ask("operation=copy|session=1|mailbox=INBOX|query=all|destination=Work"),
           "PERM Work: The rules say no", "a copy is");
    is_str(host_ask("operation=flags|session=1|mailbox=INBOX|query=all|mode=add|flags[=|\\Seen|]"),
           "PERM INBOX: The rules say no", "a flag is, when it is committed");
    is_str(host_ask("operation=expunge|session=1|mailbox=INBOX|query=all"),
           "PERM INBOX: The rules say no", "an expunge is, when it is committed");
    is_str(host_ask("operation=create|session=1|mailbox=More"), "PERM More: The rules say no",
           "a mailbox is");
    is_str(host_ask("operation=rename|session=1|mailbox=Work|destination=More"),
           "PERM Work: The rules say no", "a name is");
    is_str(host_ask("operation=delete|session=1|mailbox=Work"), "PERM Work: The rules say no",
           "the end of a mailbox is");
    host_verdict = VSMTP_STORAGE_ALLOW;
    is_str(host_ask("operation=search|session=1|mailbox=INBOX|query=all"), "[1]",
           "nothing was saved or expunged");
    is_str(host_ask("operation=search|session=1|mailbox=INBOX|query=seen"), "[]", "or changed");
    is_str(host_ask("operation=search|session=1|mailbox=Work|query=all"), "[]", "or copied");
}

static void not_now(void)
{
    host_verdict = VSMTP_STORAGE_TEMPFAIL;
    is_str(host_ask_mail(mail, "operation=deliver|%s|name=1.M2P5.h", host_user("")),
           "TEMP INBOX: The rules say no", "a delivery fails for now");
    host_verdict = VSMTP_STORAGE_ALLOW;
    host_silent = true;
    is_str(host_ask_mail(mail, "operation=deliver|%s|name=1.M2P5.h", host_user("")),
           "TEMP INBOX: The rules gave no answer in time", "and when there is no answer");
    host_silent = false;
    ok(strstr(host_ask_mail(mail, "operation=deliver|%s|name=1.M2P5.h", host_user("")), "uid: 3") !=
           NULL,
       "later it does not: %s", host_reply);
}

static void nobody_asked(void)
{
    host_questions[0] = '\0';
    (void)host_ask("operation=questions|wanted=false");
    (void)host_ask_mail(mail, "operation=deliver|%s|name=1.M2P7.h", host_user(""));
    is_str(host_questions, "", "when no rules are there nobody is asked");
    (void)host_ask("operation=questions|wanted=true");
    (void)host_ask_mail(mail, "operation=deliver|%s|name=1.M2P8.h", host_user(""));
    ok(host_questions[0] != '\0', "and when they have come they are");
}

int main(void)
{
    host_start();
    (void)host_ask("operation=begin|ask=true|deadline=50");
    (void)host_ask("operation=open|%s", host_user(""));
    questions();
    refusals();
    not_now();
    nobody_asked();
    (void)host_ask("operation=end");
    host_questions[0] = '\0';
    (void)host_ask("operation=begin");
    (void)host_ask_mail(mail, "operation=deliver|%s|name=1.M2P6.h", host_user(""));
    is_str(host_questions, "", "a storage without rules asks nobody");
    (void)host_ask("operation=end");
    return done();
}
