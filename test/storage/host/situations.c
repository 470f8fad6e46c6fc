/* Whoever hosts the thread knows at any time which request it works on. */
#include "lib.h"

#include <signal.h>

#include "hosting.h"

static int32_t at_question;

/* The signals that are blocked on the thread that logs, as a line of theirs. */
static void show_blocked(void)
{
    sigset_t blocked;

    (void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    at_question = sigismember(&blocked, SIGABRT) + sigismember(&blocked, SIGSEGV) +
                  sigismember(&blocked, SIGBUS) + sigismember(&blocked, SIGFPE) +
                  sigismember(&blocked, SIGILL) + 100 * sigismember(&blocked, SIGTERM);
}

static void look(const vsmtp_storage_request *request)
{
    host_take_begin(request);
    show_blocked();
}

int main(void)
{
    static const vsmtp_storage_host host = {host_take_reply, host_take_event, host_take_question,
                                            host_take_line,  host_take_start, look,
                                            host_take_end};

    if (!vsmtp_storage_start(&host))
        abort();
    (void)host_ask("operation=begin");
    host_situation = 7;
    (void)host_ask("operation=open|%s", host_user(""));
    host_situation = 8;
    (void)host_ask("operation=nothing");
    host_situation = 0;
    (void)host_ask("operation=end");
    is_str(host_marks, "started begin-0 end begin-7 end begin-8 end begin-0 end ",
           "each request has a begin, its situation and an end, also one that fails");
    is_int(at_question, 100, "signals of faults come through, others are for other threads");
    return done();
}
