/* What the host is told of mailboxes, when it wants to be. */
#include "../hosting.h"

static const char mail[] = "Subject: one\r\n\r\nHello\r\n";

static const char *told(void)
{
    static char events[SHOWN];
    char *at;

    memcpy(events, host_events, SHOWN);
    host_events[0] = '\0';
    /* uid validities are times */
    while ((at = strstr(events, ", uidValidity: ")) != NULL) {
        size_t length = strlen(", uidValidity: ");

        memmove(at, at + length + strspn(at + length, "0123456789"),
                strlen(at + length + strspn(at + length, "0123456789")) + 1);
    }
    return events;
}

int main(void)
{
    host_start();
    (void)host_ask("operation=begin|ask=true");
    (void)host_ask("operation=open|%s", host_user(""));
    (void)host_ask("operation=create|session=1|mailbox=Before");
    is_str(told(), "", "nobody is told without wanting it");
    (void)host_ask("operation=events|wanted=true");
    (void)host_ask_mail(mail, "operation=deliver|%s|name=1.M2P3.h", host_user(""));
    ok(strstr(told(),
              "{flags: [], keywords: [], kind: \"save\", mailbox: \"INBOX\", size: 23, uid: "
              "1, user: \"jane@b.example\"}\n") != NULL,
       "a delivery, with its uid");
    (void)host_ask_mail(mail, "operation=save|session=1|mailbox=INBOX|flags[=|\\Seen|Work|]");
    is_str(told(),
           "{flags: [\"\\Seen\"], keywords: [\"Work\"], kind: \"save\", mailbox: \"INBOX\", size: "
           "23, uid: 2, user: \"jane@b.example\"}\n",
           "a save");
    (void)host_ask(
        "operation=flags|session=1|mailbox=INBOX|query=uid 2|mode=replace|flags[=|\\Draft|]");
    is_str(told(),
           "{flags: [\"\\Draft\"], kind: \"flags\", mailbox: \"INBOX\", old: [\"\\Seen\"], uid: 2, "
           "user: \"jane@b.example\"}\n"
           "{keywords: [], kind: \"keywords\", mailbox: \"INBOX\", old: [\"Work\"], uid: 2, user: "
           "\"jane@b.example\"}\n",
           "flags and keywords, with the old ones");
    (void)host_ask("operation=create|session=1|mailbox=Work");
    (void)host_ask("operation=subscribe|session=1|mailbox=Work|subscribed=true");
    is_str(told(),
           "{kind: \"create\", mailbox: \"Work\", user: \"jane@b.example\"}\n"
           "{kind: \"subscribe\", mailbox: \"Work\", subscribed: true, user: \"jane@b.example\"}\n",
           "mailboxes");
    (void)host_ask("operation=copy|session=1|mailbox=INBOX|query=uid 2|destination=Work|move=true");
    is_str(told(),
           "{kind: \"copy\", mailbox: \"Work\", source: \"INBOX\", sourceUid: 2, uid: 1, user: "
           "\"jane@b.example\"}\n"
           "{kind: \"expunge\", mailbox: \"INBOX\", uid: 2, user: \"jane@b.example\"}\n",
           "a move as a copy and an expunge");
    host_verdict = VSMTP_STORAGE_REFUSE;
    (void)host_ask("operation=expunge|session=1|mailbox=Work|query=all");
    (void)host_ask_mail(mail, "operation=deliver|%s|name=1.M2P4.h", host_user(""));
    host_verdict = VSMTP_STORAGE_ALLOW;
    is_str(told(), "", "what was not done is not told");
    (void)host_ask("operation=rename|session=1|mailbox=Work|destination=Play");
    is_str(told(),
           "{kind: \"rename\", mailbox: \"Play\", source: \"Work\", user: \"jane@b.example\"}\n",
           "a new name");
    (void)host_ask("operation=delete|session=1|mailbox=Play");
    ok(strstr(told(), "{kind: \"delete\", mailbox: \"Play\", user: \"jane@b.example\"}\n") != NULL,
       "the end of a mailbox");
    (void)host_ask("operation=events|wanted=false");
    (void)host_ask("operation=delete|session=1|mailbox=Before");
    is_str(told(), "", "nothing when nobody wants it any more");
    (void)host_ask("operation=end");
    return done();
}
