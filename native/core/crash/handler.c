/*
 * From signal to record to death. The process always dies of the signal that came first, with the
 * registers as they were, so that its status and its core say the truth; and it dies soon, whatever
 * the state of its memory: a fault while the record is written continues with the next step, and an
 * alarm ends what does not end.
 *
 * V8 takes a fault in the code of WebAssembly for a check that failed, and goes on elsewhere. So its
 * handler comes first where the fault is in the program or in code that it has made, and if it has
 * changed a register, nothing has happened.
 */
#include "crash/crash.h"

#include <marker.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "crash/libraries.h"
#include "crash/record.h"
#include "crash/stack.h"

enum {
    /** Seconds for a whole record. */
    PATIENCE = 3,
};

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { SIGNAL_COUNT = sizeof signals / sizeof *signals };

static struct sigaction previous[SIGNAL_COUNT];
static void (*say_last_words)(void);
static pid_t own_pid;

/** The thread whose end is being recorded; 0: none. */
static int32_t dying_tid;

static struct {
    int signal;
    siginfo_t info;
    struct registers registers;
    /** What is to be done next. */
    enum { FACTS, WALK, RESULT, END } step;
} death;

static void handle(int signal, siginfo_t *info, void *context);

static int32_t own_tid(void)
{
    return (int32_t)syscall(SYS_gettid);
}

/* A process that a plugin has forked off has the same memory, and is no business of the record. */
static bool is_own_process(void)
{
    return getpid() == own_pid;
}

static bool is_dying(void)
{
    return __atomic_load_n(&dying_tid, __ATOMIC_ACQUIRE) == own_tid();
}

/* Mostly it never comes: the end is near, and another thread brings it about. */
static void wait_for_turn(void)
{
    const struct timespec moment = {0, 10000000};
    int32_t nobody = 0;

    while (!is_dying() && !__atomic_compare_exchange_n(&dying_tid, &nobody, own_tid(), false,
                                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
        nobody = 0;
        (void)nanosleep(&moment, NULL);
    }
}

static void block(int signal, int how)
{
    sigset_t one;

    (void)sigemptyset(&one);
    (void)sigaddset(&one, signal);
    (void)pthread_sigmask(how, &one, NULL);
}

/* ---- Those who were there before ------------------------------------------------------------- */

static void take_over(int signal, struct sigaction *before)
{
    struct sigaction ours = {.sa_sigaction = handle,
                             .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

    /* faults while a record is written continue it */
    (void)sigfillset(&ours.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        (void)sigdelset(&ours.sa_mask, signals[i]);
    (void)sigaction(signal, &ours, before);
}

static void call_previous(const struct sigaction *action, int signal, siginfo_t *info,
                          void *context)
{
    if ((action->sa_flags & SA_SIGINFO) != 0)
        action->sa_sigaction(signal, info, context);
    else if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN)
        action->sa_handler(signal);
}

/* One that finds nothing to do may raise the signal again, with its default action. */
static bool forget_raised(int signal)
{
    const struct timespec now = {0, 0};
    sigset_t one;

    (void)sigemptyset(&one);
    (void)sigaddset(&one, signal);
    return sigtimedwait(&one, NULL, &now) == signal;
}

static const struct sigaction *previous_action(int signal)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i] == signal)
            return &previous[i];
    }
    return NULL;
}

static bool is_of_others(const siginfo_t *info, uintptr_t pc)
{
    return info->si_code > 0 && (uintptr_t)info->si_addr != pc && !in_library(pc);
}

/* Whether it was theirs, and the thread can go on. */
static bool others_handle(int signal, siginfo_t *info, ucontext_t *context)
{
    mcontext_t before = context->uc_mcontext;

    if (!is_of_others(info, registers_of(context).pc))
        return false;
    block(signal, SIG_BLOCK);
    call_previous(previous_action(signal), signal, info, context);
    while (forget_raised(signal))
        continue;
    take_over(signal, NULL);
    block(signal, SIG_UNBLOCK);
    return memcmp(&before, &context->uc_mcontext, sizeof before) != 0;
}

/* ---- The end --------------------------------------------------------------------------------- */

static void set_alarm(void)
{
    struct sigaction fatal = {.sa_handler = SIG_DFL};

    (void)sigaction(SIGALRM, &fatal, NULL);
    block(SIGALRM, SIG_UNBLOCK);
    (void)alarm(PATIENCE);
}

/* The signal comes again, as it was, as soon as this thread does not block it. */
static void send_again(int signal, siginfo_t *info)
{
    struct sigaction fatal = {.sa_handler = SIG_DFL};

    (void)alarm(0);
    (void)sigaction(signal, &fatal, NULL);
    block(signal, SIG_BLOCK);
    if (syscall(SYS_rt_tgsigqueueinfo, getpid(), own_tid(), signal, info) < 0)
        (void)syscall(SYS_tgkill, getpid(), own_tid(), signal);
}

/* Goes on where it was when it was interrupted by a fault of its own. */
static void carry_on(void)
{
    if (death.step == FACTS) {
        death.step = WALK;
        record_fault(death.signal, &death.info, &death.registers);
    }
    if (death.step == WALK) {
        death.step = RESULT;
        stack_walk(death.registers.pc);
    }
    if (death.step == RESULT) {
        death.step = END;
        record_walk();
    }
}

static void handle(int signal, siginfo_t *info, void *context)
{
    ucontext_t *thread = context;

    if (is_dying() && death.signal != 0) {
        carry_on();
        send_again(death.signal, &death.info);
        block(death.signal, SIG_UNBLOCK);
        _exit(EXIT_FAILURE);
    }
    if (others_handle(signal, info, thread))
        return;
    if (is_own_process()) {
        wait_for_turn();
        death.signal = signal;
        death.info = *info;
        death.registers = registers_of(thread);
        set_alarm();
        carry_on();
    }
    send_again(signal, info);
    (void)sigdelset(&thread->uc_sigmask, signal);
}

/* On the thread that called exit(). */
static void handle_exit(int status, void *unused)
{
    (void)unused;
    if (!is_own_process())
        return;
    wait_for_turn();
    stack_walk(0);
    if (!record_exit(status)) {
        __atomic_store_n(&dying_tid, 0, __ATOMIC_RELEASE);
        return;
    }
    if (say_last_words != NULL)
        say_last_words();
    /* other threads still work with what would be torn down now */
    _exit(status);
}

bool vsmtp_crash_watch(void (*last_words)(void))
{
    static bool watching;

    if (watching)
        return true;
    if (!vsmtp_crash_cover_thread() || on_exit(handle_exit, NULL) != 0)
        return false;
    say_last_words = last_words;
    own_pid = getpid();
    learn_program();
    /* the unwinder makes its tables on first use, which a handler could not */
    stack_walk(0);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        take_over(signals[i], &previous[i]);
    watching = true;
    return true;
}
