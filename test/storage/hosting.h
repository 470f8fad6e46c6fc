/*
 * A host of the storage thread for tests: asks for one thing at a time, waits, and shows what comes
 * back as text:
 *
 *     {mailbox: "INBOX", uid: 1}          a result
 *     NOTFOUND INBOX: Mailbox doesn't …   a failure: its error, its mailbox and what the log says
 *
 * Requests are written as text too: words, `key=value`, where a value is a number, true, false, or
 * text; `key:=` begins a map or `key[=` an array, which `}` and `]` end; within an array the key is
 * left out.
 */
#ifndef TEST_HOSTING_H
#define TEST_HOSTING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <out.h>

#include "host/host.h"
#include "tap.h"

#define SHOWN ((size_t)1 << 20)

static pthread_mutex_t host_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t host_replied = PTHREAD_COND_INITIALIZER;
static bool host_reply_there;
static char host_reply[SHOWN], host_events[SHOWN], host_questions[SHOWN], host_log[SHOWN];

/* For whom requests are, and what the thread said of when it worked for them, a word each. */
static int32_t host_situation;
static char host_marks[SHOWN];

/* What questions are answered with; host_silent: not at all. */
static vsmtp_storage_verdict host_verdict = VSMTP_STORAGE_ALLOW;
static bool host_silent;

/* ---- Values as text -------------------------------------------------------------------------- */

__attribute__((__format__(__printf__, 2, 3))) static inline void
host_append(char *text, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text + used, SHOWN - used, format, arguments);
    va_end(arguments);
}

static inline void host_show(char *text, const vsmtp_value *value)
{
    vsmtp_cursor cursor;
    bool boolean = false, first = true;
    int64_t number = 0;
    size_t size = 0;

    switch (vsmtp_type(value)) {
    case VSMTP_BOOL:
        (void)vsmtp_as_bool(value, &boolean);
        host_append(text, "%s", boolean ? "true" : "false");
        return;
    case VSMTP_INT:
        (void)vsmtp_as_int(value, &number);
        host_append(text, "%" PRId64, number);
        return;
    case VSMTP_STRING:
        host_append(text, "\"%s\"", vsmtp_as_string(value, &size));
        return;
    case VSMTP_BYTES:
        host_append(text, "<%s>", (const char *)vsmtp_as_bytes(value, &size));
        return;
    case VSMTP_ARRAY:
    case VSMTP_MAP:
        break;
    default:
        host_append(text, "()");
        return;
    }
    host_append(text, "%s", vsmtp_type(value) == VSMTP_MAP ? "{" : "[");
    for (vsmtp_iterate(value, &cursor); vsmtp_next(&cursor); first = false) {
        host_append(text, "%s", first ? "" : ", ");
        if (cursor.key != NULL)
            host_append(text, "%s: ", cursor.key);
        host_show(text, &cursor.value);
    }
    host_append(text, "%s", vsmtp_type(value) == VSMTP_MAP ? "}" : "]");
}

static inline void host_show_failure(char *text, const vsmtp_value *failure)
{
    vsmtp_value part;
    const char *mailbox;

    if (!vsmtp_map_get(failure, "error", &part))
        return;
    host_append(text, "%s", vsmtp_as_string(&part, NULL));
    mailbox = vsmtp_map_get(failure, "mailbox", &part) ? vsmtp_as_string(&part, NULL) : NULL;
    host_append(text, "%s%s", mailbox == NULL ? "" : " ", mailbox == NULL ? "" : mailbox);
    if (vsmtp_map_get(failure, "internal", &part))
        host_append(text, ": %s", vsmtp_as_string(&part, NULL));
}

/* ---- Callbacks, on the storage thread -------------------------------------------------------- */

static inline void host_take_reply(vsmtp_storage_request *request, bool done, const uint8_t *bytes,
                                   size_t size)
{
    vsmtp_value value = {bytes, bytes + size};

    (void)request;
    (void)pthread_mutex_lock(&host_mutex);
    host_reply[0] = '\0';
    if (!done)
        host_show_failure(host_reply, &value);
    else if (size > 0)
        host_show(host_reply, &value);
    host_reply_there = true;
    (void)pthread_cond_signal(&host_replied);
    (void)pthread_mutex_unlock(&host_mutex);
}

static inline void host_take_event(const uint8_t *bytes, size_t size)
{
    vsmtp_value value = {bytes, bytes + size};

    host_show(host_events, &value);
    host_append(host_events, "\n");
}

static inline void host_take_question(uint64_t number, const uint8_t *bytes, size_t size)
{
    vsmtp_value value = {bytes, bytes + size};

    host_show(host_questions, &value);
    host_append(host_questions, "\n");
    if (!host_silent)
        vsmtp_storage_answer(number, host_verdict,
                             host_verdict == VSMTP_STORAGE_ALLOW ? NULL : "The rules say no");
}

static inline void host_take_line(const char *file, int level, const char *text)
{
    (void)file;
    host_append(host_log, "%d %s\n", level, text);
    if (level >= 60)
        (void)fprintf(stderr, "%s\n", text);
}

static inline void host_take_start(void)
{
    host_append(host_marks, "started ");
}

static inline void host_take_begin(const vsmtp_storage_request *request)
{
    host_append(host_marks, "begin-%d ", (int)request->situation);
}

static inline void host_take_end(void)
{
    host_append(host_marks, "end ");
}

static inline void host_start(void)
{
    static const vsmtp_storage_host host = {host_take_reply, host_take_event, host_take_question,
                                            host_take_line,  host_take_start, host_take_begin,
                                            host_take_end};

    if (!vsmtp_storage_start(&host))
        abort();
}

/* ---- Requests -------------------------------------------------------------------------------- */

static inline void host_write_value(vsmtp_out *out, const char *value)
{
    char *end;
    long long number = strtoll(value, &end, 10);

    if (*value != '\0' && *end == '\0')
        vsmtp_out_int(out, number);
    else if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
        vsmtp_out_bool(out, *value == 't');
    else
        vsmtp_out_string(out, value);
}

/* One word: `key=value`, `key:=`, `key[=`, a bare value of an array, or the end of a container. */
static inline void host_write_word(vsmtp_out *out, char *word)
{
    char *equals = strchr(word, '=');

    if (strcmp(word, "}") == 0 || strcmp(word, "]") == 0) {
        vsmtp_out_end(out);
    } else if (equals == NULL) {
        host_write_value(out, word);
    } else if (equals > word && strchr(":[", equals[-1]) != NULL && equals[1] == '\0') {
        if (equals - word > 1)
            vsmtp_out_key_n(out, word, (size_t)(equals - word - 1));
        if (equals[-1] == ':')
            vsmtp_out_begin_map(out);
        else
            vsmtp_out_begin_array(out);
    } else {
        vsmtp_out_key_n(out, word, (size_t)(equals - word));
        host_write_value(out, equals + 1);
    }
}

/** A request from words that are separated by `|`; out_free() it. */
static inline struct vsmtp_out host_request(const char *words)
{
    struct vsmtp_out out = {.bytes = NULL};
    char *copy = strdup(words), *place = NULL;

    vsmtp_out_begin_map(&out);
    for (char *word = strtok_r(copy, "|", &place); word != NULL; word = strtok_r(NULL, "|", &place))
        host_write_word(&out, word);
    vsmtp_out_end(&out);
    free(copy);
    return out;
}

/** Asks, and waits. What comes back lives until the next. The mail: parts, or a file (-1: none). */
static inline const char *host_wait(const struct vsmtp_out *asked, vsmtp_storage_parts parts,
                                    int fd)
{
    vsmtp_storage_request request = {.bytes = asked->bytes,
                                     .size = asked->used,
                                     .parts = parts,
                                     .fd = fd,
                                     .situation = host_situation};

    host_reply_there = false;
    vsmtp_storage_submit(&request);
    (void)pthread_mutex_lock(&host_mutex);
    while (!host_reply_there)
        (void)pthread_cond_wait(&host_replied, &host_mutex);
    (void)pthread_mutex_unlock(&host_mutex);
    return host_reply;
}

/** The same in words. */
static inline const char *host_ask_with(vsmtp_storage_parts parts, int fd, const char *words)
{
    struct vsmtp_out request = host_request(words);
    const char *reply = host_wait(&request, parts, fd);

    out_free(&request);
    return reply;
}

__attribute__((__format__(__printf__, 1, 2))) static inline const char *host_ask(const char *format,
                                                                                 ...)
{
    char words[4096];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return host_ask_with((vsmtp_storage_parts){NULL, 0}, -1, words);
}

/** The same with a mail. */
__attribute__((__format__(__printf__, 2, 3))) static inline const char *
host_ask_mail(const char *mail, const char *format, ...)
{
    struct iovec part = {(void *)(uintptr_t)mail, strlen(mail)};
    char words[4096];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return host_ask_with((vsmtp_storage_parts){&part, 1}, -1, words);
}

/** A user in the current folder, as words of a request. */
static inline const char *host_user(const char *more)
{
    static char words[4096];
    char folder[2048];

    if (getcwd(folder, sizeof folder) == NULL)
        abort();
    (void)snprintf(words, sizeof words, "user:=|name=jane@b.example|location=maildir:%s/mails|%s}",
                   folder, more);
    return words;
}

#endif
