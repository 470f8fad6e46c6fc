/*
 * One call frame a thread, without allocation in the way of a failure: the text has its place in
 * the frame.
 */
#include "frame.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "out.h"

struct frame {
    int32_t failed;
    bool known; /**< release_frame runs when the thread ends */
    char text[VSMTP_FAILURE_SIZE];
    struct vsmtp_out out;
};

static _Thread_local struct frame frame;
static pthread_key_t release_key;
static pthread_once_t release_once = PTHREAD_ONCE_INIT;

static void release_frame(void *ending)
{
    struct frame *mine = ending;

    out_free(&mine->out);
}

static void make_release_key(void)
{
    (void)pthread_key_create(&release_key, release_frame);
}

vsmtp_out *vsmtp_frame_out(void)
{
    if (!frame.known) {
        (void)pthread_once(&release_once, make_release_key);
        (void)pthread_setspecific(release_key, &frame);
        frame.known = true;
    }
    return &frame.out;
}

int32_t *vsmtp_frame_failed(void)
{
    return &frame.failed;
}

void vsmtp_frame_begin(void)
{
    frame.failed = 0;
    out_reset(&frame.out);
}

/* A text that was cut may end amid a character: drop the piece of it. */
static void drop_half_character(char *text, size_t length)
{
    size_t start = length;

    while (start > 0 && (text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (text[start - 1] & 0xC0) == 0xC0)
        text[start - 1] = '\0';
}

void vsmtp_fail(const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(frame.text, sizeof frame.text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof frame.text)
        drop_half_character(frame.text, sizeof frame.text - 1);
    if (length < 0)
        memcpy(frame.text, "?", 2);
    frame.failed = 1;
}

bool vsmtp_failed(void)
{
    return frame.failed != 0;
}

const char *vsmtp_frame_take_failure(void)
{
    bool failed = vsmtp_failed();

    vsmtp_frame_begin();
    return failed ? frame.text : NULL;
}

const uint8_t *vsmtp_frame_result(size_t *size)
{
    const char *problem = out_problem(&frame.out);

    *size = frame.out.used;
    if (problem != NULL && !vsmtp_failed())
        vsmtp_fail("the plugin wrote no sound result: %s", problem);
    return problem == NULL && *size > 0 ? frame.out.bytes : NULL;
}

void vsmtp_frame_forget_result(void)
{
    out_reset(&frame.out);
}
