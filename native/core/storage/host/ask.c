/*
 * The storage thread stands still while the host answers: what comes after depends on it, and all
 * of Dovecot's model is made of functions that return when they are done. So there is a deadline,
 * and one question at a time.
 */
#include "host/ask.h"

#include "mail-namespace.h"
#include "mail-storage.h"
#include "mail-user.h"

#include <pthread.h>

#include "host/marks.h"
#include "host/thread.h"

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t answered;
    uint64_t number; /**< of the question that waits; 0: none */
    bool done;
    vsmtp_storage_verdict verdict;
    char *text; /**< malloc'ed by the thread that answers */
} waiting = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static unsigned int deadline_milliseconds = 10000;
static uint64_t last_number;
static vsmtp_out out;

void ask_within(unsigned int milliseconds)
{
    deadline_milliseconds = milliseconds;
}

void vsmtp_storage_answer(uint64_t number, vsmtp_storage_verdict verdict, const char *text)
{
    (void)pthread_mutex_lock(&waiting.mutex);
    if (number == waiting.number && !waiting.done) {
        waiting.done = true;
        waiting.verdict = verdict;
        waiting.text = text == NULL ? NULL : strdup(text);
        (void)pthread_cond_signal(&waiting.answered);
    }
    (void)pthread_mutex_unlock(&waiting.mutex);
}

/* ---- The question as a map ------------------------------------------------------------------- */

static void write_text(const char *key, const char *text)
{
    if (text == NULL)
        return;
    vsmtp_out_key(&out, key);
    vsmtp_out_string(&out, text);
}

static void write_question(const struct question *question)
{
    out_reset(&out);
    vsmtp_out_begin_map(&out);
    if (question->marked) {
        vsmtp_out_key(&out, "flags");
        marks_write_flags(&out, question->flags & MAIL_FLAGS_NONRECENT);
        vsmtp_out_key(&out, "keywords");
        marks_write_keywords(&out, question->keywords);
    }
    write_text("mailbox", mailbox_get_vname(question->box));
    write_text("operation", question->operation);
    if (question->size != UOFF_T_MAX) {
        vsmtp_out_key(&out, "size");
        vsmtp_out_int(&out, (int64_t)question->size);
    }
    write_text("source", question->source);
    if (question->uid != 0) {
        vsmtp_out_key(&out, "uid");
        vsmtp_out_int(&out, question->uid);
    }
    write_text("user", mailbox_get_namespace(question->box)->user->username);
    vsmtp_out_end(&out);
}

/* ---- Waiting --------------------------------------------------------------------------------- */

static struct timespec deadline(void)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += deadline_milliseconds / 1000;
    until.tv_nsec += (long)(deadline_milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

static void begin_waiting(void)
{
    pthread_condattr_t attributes;

    if (last_number == 0) {
        (void)pthread_condattr_init(&attributes);
        (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        (void)pthread_cond_init(&waiting.answered, &attributes);
        (void)pthread_condattr_destroy(&attributes);
    }
    (void)pthread_mutex_lock(&waiting.mutex);
    waiting.number = ++last_number;
    waiting.done = false;
    waiting.text = NULL;
    (void)pthread_mutex_unlock(&waiting.mutex);
}

/* False: there was no answer in time. */
static bool wait_for_answer(vsmtp_storage_verdict *verdict_r, const char **text_r)
{
    struct timespec until = deadline();
    bool done;

    (void)pthread_mutex_lock(&waiting.mutex);
    while (!waiting.done &&
           pthread_cond_timedwait(&waiting.answered, &waiting.mutex, &until) != ETIMEDOUT) {
    }
    done = waiting.done;
    *verdict_r = waiting.verdict;
    *text_r = t_strdup(waiting.text);
    free(waiting.text);
    waiting.text = NULL;
    waiting.number = 0;
    (void)pthread_mutex_unlock(&waiting.mutex);
    return done;
}

int ask(const struct question *question, enum mail_error *error_r, const char **text_r)
{
    vsmtp_storage_verdict verdict;

    write_question(question);
    begin_waiting();
    thread_host()->ask(last_number, out.bytes, out.used);
    if (!wait_for_answer(&verdict, text_r)) {
        *error_r = MAIL_ERROR_TEMP;
        *text_r = "The rules gave no answer in time";
        return -1;
    }
    if (verdict == VSMTP_STORAGE_ALLOW)
        return 0;
    *error_r = verdict == VSMTP_STORAGE_REFUSE ? MAIL_ERROR_PERM : MAIL_ERROR_TEMP;
    if (*text_r == NULL)
        *text_r = MAIL_ERRSTR_NO_PERMISSION;
    return -1;
}
