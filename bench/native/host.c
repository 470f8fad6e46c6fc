/* Replies are copied and handed over by a condition; the waiting costs one wake-up a request. */
#include "host.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <storage/host/host.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static struct {
    bool there, done;
    uint8_t *bytes;
    vsmtp_value value;
} answer;

static void take_reply(vsmtp_storage_request *request, bool done, const uint8_t *bytes, size_t size)
{
    (void)request;
    (void)pthread_mutex_lock(&mutex);
    answer.there = true;
    answer.done = done;
    free(answer.bytes);
    answer.bytes = malloc(size + 1);
    if (size > 0)
        memcpy(answer.bytes, bytes, size);
    answer.value = (vsmtp_value){answer.bytes, answer.bytes + size};
    (void)pthread_cond_signal(&arrived);
    (void)pthread_mutex_unlock(&mutex);
}

static void ignore_event(const uint8_t *bytes, size_t size)
{
    (void)bytes;
    (void)size;
}

static void ignore_question(uint64_t number, const uint8_t *bytes, size_t size)
{
    (void)number;
    ignore_event(bytes, size);
}

static void print_line(const char *file, int level, const char *text)
{
    if (level >= 40)
        (void)fprintf(stderr, "%s: %s\n", file, text);
}

static const vsmtp_storage_host host = {take_reply, ignore_event, ignore_question, print_line, NULL,
                                        NULL,       NULL};

void host_start(void)
{
    if (!vsmtp_storage_start(&host)) {
        perror("vsmtp_storage_start");
        exit(1);
    }
}

static void complain(const vsmtp_value *failure)
{
    vsmtp_value text;

    (void)fprintf(stderr, "a request failed: %s\n",
                  vsmtp_map_get(failure, "internal", &text) ? vsmtp_as_string(&text, NULL) : "?");
    exit(1);
}

const vsmtp_value *host_request(const struct vsmtp_out *asked, const struct iovec *mail)
{
    vsmtp_storage_request request = {
        .bytes = asked->bytes, .size = asked->used, .parts = {mail, mail != NULL}, .fd = -1};

    answer.there = false;
    vsmtp_storage_submit(&request);
    (void)pthread_mutex_lock(&mutex);
    while (!answer.there)
        (void)pthread_cond_wait(&arrived, &mutex);
    (void)pthread_mutex_unlock(&mutex);
    if (!answer.done)
        complain(&answer.value);
    return &answer.value;
}

void request_text(struct vsmtp_out *request, const char *key, const char *value)
{
    vsmtp_out_key(request, key);
    vsmtp_out_string(request, value);
}

void request_int(struct vsmtp_out *request, const char *key, int64_t value)
{
    vsmtp_out_key(request, key);
    vsmtp_out_int(request, value);
}

void request_begin(struct vsmtp_out *request, const char *operation)
{
    out_reset(request);
    vsmtp_out_begin_map(request);
    request_text(request, "operation", operation);
}

void request_plugin(struct vsmtp_out *request, const char *path, const char *base,
                    void (*init)(struct module *module), void (*deinit)(void))
{
    vsmtp_out_begin_map(request);
    request_text(request, "path", path);
    request_text(request, "base", base);
    request_int(request, "init", (int64_t)(uintptr_t)init);
    request_int(request, "deinit", (int64_t)(uintptr_t)deinit);
    vsmtp_out_end(request);
}

void request_user(struct vsmtp_out *request, const char *name, const char *location,
                  const char *plugins)
{
    vsmtp_out_key(request, "user");
    vsmtp_out_begin_map(request);
    request_text(request, "name", name);
    request_text(request, "location", location);
    request_text(request, "plugins", plugins);
    vsmtp_out_end(request);
}
