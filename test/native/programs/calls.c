/* Functions that the tests of call threads, frames and logs call. Not admitted as a plugin: loaded
 * directly. */
#include <vsmtp/plugin.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

VSMTP_PLUGIN("calls", VSMTP_RELEASE("1.0.0"))

/* Every argument has its own decimal place, so a mixed-up order shows. */
VSMTP_FUNCTION(double, mix,
               (int64_t a, double p, int32_t b, double q, int8_t c, double r, double s, uint64_t d, double t,
                const char *e, double u, double v, bool f, double w))
{
    const double integers = (double)a + 10.0 * b + 100.0 * c + 1000.0 * (double)d +
                            10000.0 * (double)strlen(e) + 100000.0 * f;

    return integers + 0.1 * p + 0.01 * q + 0.001 * r + 1e-4 * s + 1e-5 * t + 1e-6 * u + 1e-7 * v +
           1e-8 * w;
}

VSMTP_FUNCTION(int64_t, negate, (int64_t a))
{
    return -a;
}

VSMTP_FUNCTION(void, nap, (int64_t milliseconds))
{
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};

    nanosleep(&time, NULL);
}

static pthread_mutex_t gate_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_opened = PTHREAD_COND_INITIALIZER;
static bool gate_open;
static int32_t gate_waiters;

/* Waits for open_gate. */
VSMTP_FUNCTION(void, wait_at_gate, (void))
{
    pthread_mutex_lock(&gate_mutex);
    gate_waiters++;
    while (!gate_open)
        pthread_cond_wait(&gate_opened, &gate_mutex);
    gate_waiters--;
    pthread_mutex_unlock(&gate_mutex);
}

VSMTP_FUNCTION(int32_t, at_gate, (void))
{
    pthread_mutex_lock(&gate_mutex);
    const int32_t waiters = gate_waiters;
    pthread_mutex_unlock(&gate_mutex);
    return waiters;
}

VSMTP_FUNCTION(void, open_gate, (bool open))
{
    pthread_mutex_lock(&gate_mutex);
    gate_open = open;
    pthread_cond_broadcast(&gate_opened);
    pthread_mutex_unlock(&gate_mutex);
}

static char remembered_text[64];

/* Looks at its argument only when the gate is open. */
VSMTP_FUNCTION(void, remember_at_gate, (const char *text))
{
    wait_at_gate();
    pthread_mutex_lock(&gate_mutex);
    snprintf(remembered_text, sizeof remembered_text, "%s", text);
    pthread_mutex_unlock(&gate_mutex);
}

VSMTP_FUNCTION(const char *, remembered, (void))
{
    static _Thread_local char copy[sizeof remembered_text];

    pthread_mutex_lock(&gate_mutex);
    snprintf(copy, sizeof copy, "%s", remembered_text);
    pthread_mutex_unlock(&gate_mutex);
    return copy;
}

VSMTP_FUNCTION(void, hang, (void))
{
    for (;;)
        pause();
}

/* One buffer a thread: the next call on the thread overwrites it. */
VSMTP_FUNCTION(const char *, borrowed, (const char *text))
{
    static _Thread_local char kept[64];

    (void)snprintf(kept, sizeof kept, "<%s>", text);
    return text[0] == '\0' ? NULL : kept;
}

VSMTP_FUNCTION(const char *, not_utf8, (void))
{
    return "caf\xe9";
}

VSMTP_FUNCTION(char *, given, (const char *text), VSMTP_GIVEN)
{
    return text[0] == '\0' ? NULL : strdup(text);
}

VSMTP_FUNCTION(void *, box, (int64_t value))
{
    int64_t *made = malloc(sizeof *made);

    if (made != NULL)
        *made = value;
    return made;
}

VSMTP_FUNCTION(int64_t, unbox, (int64_t *boxed))
{
    const int64_t value = *boxed;

    free(boxed);
    return value;
}

VSMTP_FUNCTION(void, describe, (const vsmtp_value *value, vsmtp_out *out))
{
    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "type");
    vsmtp_out_string(out, vsmtp_type_name(vsmtp_type(value)));
    vsmtp_out_key(out, "copy");
    vsmtp_out_value(out, value);
    vsmtp_out_end(out);
}

VSMTP_FUNCTION(void, large, (int64_t bytes, vsmtp_out *out))
{
    void *block = calloc(1, (size_t)bytes);

    vsmtp_out_bytes(out, block, (size_t)bytes);
    free(block);
}

VSMTP_FUNCTION(char *, fail, (const char *why), VSMTP_GIVEN)
{
    vsmtp_fail("it failed: %s", why);
    return strdup("must not be seen");
}

VSMTP_FUNCTION(void, unfinished, (vsmtp_out *out))
{
    vsmtp_out_begin_array(out);
}

VSMTP_FUNCTION(void, say, (int32_t level, const char *text))
{
    vsmtp_log(level, "%s", text);
}

static void *talk(void *count)
{
    for (int64_t i = 0; i < *(int64_t *)count; i++)
        vsmtp_log(VSMTP_LOG_INFO, "line %" PRId64, i);
    return NULL;
}

/* Logs from a thread of the plugin's own. */
VSMTP_FUNCTION(void, talk_aside, (int64_t lines))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, talk, &lines) == 0)
        pthread_join(thread, NULL);
}
