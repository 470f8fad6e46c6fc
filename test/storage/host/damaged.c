/*
 * Requests that are no requests, or have lost their sense: each is answered, and nothing reads
 * outside of it.
 */
#include "../hosting.h"

enum { ROUNDS = 4000, MOST_CHANGES = 6 };

static const char *const requests[] = {
    "operation=save|session=1|mailbox=INBOX|flags[=|\\Seen|Work|]|received=1000000000|sender=a@b",
    "operation=search|session=1|mailbox=INBOX|query=or seen (not from x)",
    "operation=flags|session=1|mailbox=INBOX|query=all|mode=replace|flags[=|\\Draft|]",
    "operation=fetch|session=1|mailbox=INBOX|query=all|fields[=|uid|flags|hdr.subject|text|]",
    "operation=fetch-next|session=1|fetch=1",
    "operation=copy|session=1|mailbox=INBOX|query=all|destination=Work|move=true",
    "operation=list|session=1|patterns[=|*|W%|]|subscribed=true",
    "operation=rename|session=1|mailbox=Work|destination=Play",
    "operation=subscribe|session=1|mailbox=Work|subscribed=true",
    "operation=expunge|session=1|mailbox=Work|query=uid 1:3",
};

/* The same numbers in every run. */
static uint32_t state = 12345;

static size_t below(size_t limit)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % limit;
}

static void damage(struct vsmtp_out *request)
{
    for (size_t left = below(MOST_CHANGES); left > 0; left--)
        request->bytes[below(request->used)] = (uint8_t)below(256);
    if (below(4) == 0)
        request->used = below(request->used);
}

int main(void)
{
    struct iovec mail = {(void *)(uintptr_t) "Subject: x\r\n\r\nx\r\n", 17};
    size_t answered = 0;

    host_start();
    (void)host_ask("operation=begin");
    (void)host_ask("operation=open|%s", host_user(""));
    (void)host_ask("operation=create|session=1|mailbox=Work");
    for (size_t round = 0; round < ROUNDS; round++) {
        struct vsmtp_out request =
            host_request(requests[below(sizeof requests / sizeof *requests)]);

        damage(&request);
        (void)host_wait(&request, (vsmtp_storage_parts){&mail, 1}, -1);
        out_free(&request);
        answered++;
    }
    is_int((intmax_t)answered, ROUNDS, "every request is answered");
    (void)host_ask("operation=create|session=1|mailbox=\xff");
    is_str(host_reply, "PARAMS: The name of the mailbox is not UTF-8", "names are text");
    (void)host_ask("operation=end");
    return done();
}
