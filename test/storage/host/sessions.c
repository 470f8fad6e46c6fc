/* What a session can do with its mailboxes and mails. */
#include "../hosting.h"

#include <fcntl.h>

static const char first[] = "From: x@a.example\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n\r\nHello\r\n";
static const char second[] = "From: y@a.example\r\nSubject: two\r\n\r\nWorld\r\n";

static void saving(void)
{
    const char *answer = host_ask_mail(
        first,
        "operation=save|session=1|mailbox=INBOX|flags[=|\\Seen|]|keywords[=|Work|]|received=1000000000");

    ok(strncmp(answer, "{uid: 1, uidValidity: ", 22) == 0, "a save tells the uid: %s", answer);
    (void)host_ask_mail(second, "operation=save|session=1|mailbox=INBOX");
    is_str(host_ask("operation=search|session=1|mailbox=INBOX|query=all"), "[1, 2]",
           "both mails are there");
    is_str(host_ask_mail(first, "operation=save|session=1|mailbox=Nowhere"),
           "NOTFOUND Nowhere: Mailbox doesn't exist: Nowhere", "a save does not make mailboxes");
}

static void searching(void)
{
    is_str(host_ask("operation=search|session=1|mailbox=INBOX|query=unseen from y"), "[2]",
           "a query finds by flags and headers");
    is_str(host_ask("operation=search|session=1|mailbox=INBOX|query=subject café"), "[1]",
           "words of headers are decoded");
    is_str(host_ask("operation=search|session=1|mailbox=INBOX|query=larger 100000"), "[]",
           "a query may find nothing");
    ok(strncmp(host_ask("operation=search|session=1|mailbox=INBOX|query=nonsense"),
               "PARAMS: ", 8) == 0,
       "a query that is none is refused");
}

static const char *fetch(const char *query, const char *fields)
{
    char number[64];

    (void)snprintf(
        number, sizeof number, "%s",
        host_ask("operation=fetch|session=1|mailbox=INBOX|query=%s|fields[=|%s|]", query, fields));
    return host_ask("operation=fetch-next|session=1|fetch=%s", number);
}

static void fetching(void)
{
    is_str(fetch("uid 1", "uid|flags|keywords|hdr.subject|size.physical|date.received|hdr.x-none"),
           "{done: true, parts: [{fields: {date.received: 1000000000, flags: [\"\\Seen\"], "
           "hdr.subject: [\"café\"], hdr.x-none: (), keywords: [\"Work\"], size.physical: 60, "
           "uid: 1}, uid: 1}]}",
           "fields are told by their names");
    is_str(fetch("uid 2", "hdr|body"),
           "{done: true, parts: [{fields: {}, uid: 2}, {bytes: <From: y@a.example\r\nSubject: "
           "two\r\n\r\n>, field: \"hdr\"}, {bytes: <World\r\n>, field: \"body\"}]}",
           "header and body are told as bytes");
    is_str(fetch("uid 9", "text"), "{done: true, parts: []}", "no mail, no parts");
    is_str(host_ask("operation=fetch|session=1|mailbox=INBOX|query=all|fields[=|nonsense|]"),
           "PARAMS: Mails have no field nonsense", "a field that there is not is refused");
    is_str(host_ask("operation=fetch-next|session=1|fetch=99"), "PARAMS: The fetch has ended",
           "a fetch that has ended gives nothing");
}

/* A mail of three megabytes comes in pieces, and is whole. */
static void a_large_mail(void)
{
    const size_t size = (size_t)3 << 20;
    char *large = malloc(size + 1), number[64];
    size_t got = 0, replies = 0;
    bool more = true;

    memset(large, 'x', size);
    memcpy(large, "A: 1\r\n\r\n", 8);
    for (size_t i = 71; i + 1 < size; i += 72)
        memcpy(large + i, "\r\n", 2);
    memcpy(large + size - 2, "\r\n", 2);
    large[size] = '\0';
    (void)host_ask_mail(large, "operation=save|session=1|mailbox=INBOX");
    (void)snprintf(number, sizeof number, "%s",
                   host_ask("operation=fetch|session=1|mailbox=INBOX|query=uid 3|fields[=|text|]"));
    for (; more; replies++) {
        const char *answer = host_ask("operation=fetch-next|session=1|fetch=%s", number);

        more = strncmp(answer, "{done: false", 12) == 0;
        for (const char *at = answer; (at = strstr(at, "bytes: <")) != NULL; at++)
            got += (size_t)(strstr(at, ">, field") - at) - strlen("bytes: <");
    }
    is_int((intmax_t)got, (intmax_t)size, "a large mail comes whole");
    ok(replies > 10, "in %zu replies", replies);
    is_str(host_ask("operation=expunge|session=1|mailbox=INBOX|query=uid 3"), "1", "and goes");
    free(large);
}

static void changing(void)
{
    is_str(
        host_ask(
            "operation=flags|session=1|mailbox=INBOX|query=all|mode=add|flags[=|\\Flagged|Todo|]"),
        "2", "flags are added");
    is_str(
        fetch("all", "flags|keywords"),
        "{done: true, parts: [{fields: {flags: [\"\\Flagged\", \"\\Seen\"], keywords: [\"Work\", "
        "\"Todo\"]}, uid: 1}, {fields: {flags: [\"\\Flagged\"], keywords: [\"Todo\"]}, uid: 2}]}",
        "and keywords with them");
    is_str(host_ask(
               "operation=flags|session=1|mailbox=INBOX|query=uid 1|mode=remove|flags[=|\\Seen|]"),
           "1", "a flag is removed");
    is_str(
        host_ask(
            "operation=flags|session=1|mailbox=INBOX|query=uid 1|mode=replace|flags[=|\\Draft|]"),
        "1", "flags are replaced");
    is_str(fetch("uid 1", "flags|keywords"),
           "{done: true, parts: [{fields: {flags: [\"\\Draft\"], keywords: []}, uid: 1}]}",
           "keywords too");
    is_str(host_ask("operation=flags|session=1|mailbox=INBOX|query=all|mode=twist"),
           "PARAMS: Flags cannot be changed by twist", "there is no other way");
}

static void mailboxes(void)
{
    const char *answer;

    is_str(host_ask("operation=create|session=1|mailbox=Work"), "", "a mailbox is created");
    is_str(host_ask("operation=create|session=1|mailbox=Work"),
           "EXISTS Work: Mailbox already exists", "once");
    is_str(host_ask("operation=subscribe|session=1|mailbox=Work|subscribed=true"), "",
           "it is subscribed");
    answer = host_ask("operation=list|session=1");
    ok(strstr(answer, "name: \"INBOX\"") != NULL && strstr(answer, "name: \"Work\"") != NULL,
       "all mailboxes are listed: %s", answer);
    answer = host_ask("operation=list|session=1|subscribed=true");
    ok(strstr(answer, "INBOX") == NULL && strstr(answer, "name: \"Work\"") != NULL,
       "or those that are subscribed: %s", answer);
    answer = host_ask("operation=list|session=1|patterns[=|W%%|]");
    ok(strstr(answer, "INBOX") == NULL && strstr(answer, "Work") != NULL,
       "or those that match a pattern: %s", answer);
    is_str(host_ask("operation=rename|session=1|mailbox=Work|destination=Werk.ä"), "",
           "it is renamed");
    answer = host_ask("operation=status|session=1|mailbox=Werk.ä");
    ok(strstr(answer, "messages: 0") != NULL && strstr(answer, "uidNext: 1") != NULL,
       "its status is told: %s", answer);
    is_str(host_ask("operation=status|session=1|mailbox=Work"),
           "NOTFOUND Work: Mailbox doesn't exist: Work", "the old name is gone");
    is_str(host_ask("operation=delete|session=1|mailbox=Werk.ä"), "", "it is deleted");
}

static void copying(void)
{
    (void)host_ask("operation=create|session=1|mailbox=Archive");
    is_str(host_ask("operation=copy|session=1|mailbox=INBOX|query=all|destination=Archive"), "2",
           "mails are copied");
    is_str(host_ask(
               "operation=copy|session=1|mailbox=INBOX|query=uid 2|destination=Archive|move=true"),
           "1", "or moved");
    is_str(host_ask("operation=search|session=1|mailbox=INBOX|query=all"), "[1]",
           "what was moved is gone here");
    is_str(host_ask("operation=search|session=1|mailbox=Archive|query=all"), "[1, 2, 3]",
           "and there");
    is_str(host_ask("operation=copy|session=1|mailbox=INBOX|query=all|destination=Nowhere"),
           "NOTFOUND Nowhere: Mailbox doesn't exist: Nowhere", "a destination must be there");
    is_str(host_ask("operation=expunge|session=1|mailbox=Archive|query=uid 1:2"), "2",
           "mails are expunged");
    is_str(host_ask("operation=search|session=1|mailbox=Archive|query=all"), "[3]", "and gone");
}

static void ending(void)
{
    (void)host_ask("operation=fetch|session=1|mailbox=INBOX|query=all|fields[=|text|]");
    is_str(host_ask("operation=close|session=1"), "", "a session is closed amid a fetch");
    is_str(host_ask("operation=list|session=1"), "PARAMS: The session is closed",
           "after that it is of no use");
    is_str(host_ask("operation=sing"), "PARAMS: There is no operation sing",
           "an operation that there is not is refused");
    is_str(host_ask("operation=open|user:=|name=x|location=nonsense:/x|}"),
           "TEMP: Namespace '': Unknown mail storage driver nonsense",
           "a location that is none is an error");
}

int main(void)
{
    host_start();
    (void)host_ask("operation=begin");
    is_str(host_ask("operation=open|%s", host_user("")), "1", "a session is opened");
    saving();
    searching();
    fetching();
    a_large_mail();
    changing();
    mailboxes();
    copying();
    ending();
    (void)host_ask("operation=end");
    return done();
}
