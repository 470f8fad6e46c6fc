/*
 * Several readers of one input. All windows point into the input's own, which begins where the
 * slowest reader stands.
 */
#include "lib.h"

#include "istream-private.h"
#include "istream-tee.h"
#include "llist.h"

struct tee_child {
    struct istream_private istream; /* start_offset: of the input, where this child's 0 is */
    struct tee_istream *tee;
    struct tee_child *prev, *next;
    bool waits_for_others;
};

struct tee_istream {
    struct istream *input; /* a reference */
    struct tee_child *children;
};

static struct tee_child *child_of(struct istream_private *stream)
{
    return container_of(stream, struct tee_child, istream);
}

static uoff_t input_offset(const struct tee_child *child)
{
    return child->istream.start_offset + child->istream.istream.v_offset;
}

static uoff_t slowest_offset(const struct tee_istream *tee)
{
    uoff_t slowest = UOFF_T_MAX;

    for (const struct tee_child *child = tee->children; child != NULL; child = child->next) {
        if (!child->istream.istream.closed)
            slowest = I_MIN(slowest, input_offset(child));
    }
    return slowest;
}

/* Lets go of what everybody has passed, but not of more than there is. */
static void skip_passed(struct tee_istream *tee)
{
    uoff_t slowest = slowest_offset(tee), offset = tee->input->v_offset;

    if (slowest != UOFF_T_MAX && slowest > offset)
        i_stream_skip(tee->input, I_MIN(slowest - offset, i_stream_get_data_size(tee->input)));
}

/* The input's buffer has moved: so have the windows of all. */
static void point_to_input(struct tee_istream *tee)
{
    size_t size;
    const unsigned char *data = i_stream_get_data(tee->input, &size);

    for (struct tee_child *child = tee->children; child != NULL; child = child->next) {
        struct istream_private *stream = &child->istream;
        size_t window = stream->pos - stream->skip;
        bool passed = input_offset(child) < tee->input->v_offset; /* it is closed */

        stream->skip = 0;
        stream->pos = passed ? 0 : window;
        if (stream->pos > 0)
            stream->buffer = data + (input_offset(child) - tee->input->v_offset);
    }
}

/* Shows the child all that is there from its offset on. Returns how much is new to it. */
static ssize_t widen_window(struct tee_child *child)
{
    struct istream_private *stream = &child->istream;
    size_t size, seen = stream->pos - stream->skip;
    const unsigned char *data = i_stream_get_data(child->tee->input, &size);
    uoff_t behind = input_offset(child) - child->tee->input->v_offset;

    if (behind >= size || size - behind <= seen)
        return 0;
    stream->buffer = data + behind;
    stream->skip = 0;
    stream->pos = size - (size_t)behind;
    return (ssize_t)(stream->pos - seen);
}

static ssize_t read_input(struct tee_child *child)
{
    struct tee_istream *tee = child->tee;
    ssize_t result;

    skip_passed(tee);
    result = i_stream_read_memarea(tee->input);
    point_to_input(tee);
    if (result == -2 && input_offset(child) > tee->input->v_offset) {
        child->waits_for_others = TRUE;
        return 0;
    }
    if (result == -1) {
        child->istream.istream.stream_errno = tee->input->stream_errno;
        child->istream.istream.eof = TRUE;
    }
    return result;
}

static ssize_t tee_read(struct istream_private *stream)
{
    struct tee_child *child = child_of(stream);
    ssize_t result, widened = widen_window(child);

    child->waits_for_others = FALSE;
    while (widened == 0) {
        result = read_input(child);
        if (result <= 0)
            return result;
        widened = widen_window(child);
    }
    return widened;
}

static void tee_seek(struct istream_private *stream, uoff_t v_offset, bool mark)
{
    struct istream *input = child_of(stream)->tee->input;
    uoff_t target = stream->start_offset + v_offset;

    if (target < input->v_offset) {
        io_stream_set_error(&stream->iostream, "Cannot seek back: all readers have passed");
        stream->istream.stream_errno = ESPIPE;
        stream->istream.eof = TRUE;
    } else if (target > input->v_offset + i_stream_get_data_size(input)) {
        i_stream_default_seek_nonseekable(stream, v_offset, mark);
    } else {
        stream->istream.v_offset = v_offset;
        stream->skip = stream->pos = stream->high_pos = 0;
    }
}

static int tee_stat(struct istream_private *stream, bool exact)
{
    const struct stat *st;

    if (i_stream_stat(child_of(stream)->tee->input, exact, &st) < 0) {
        stream->istream.stream_errno = child_of(stream)->tee->input->stream_errno;
        return -1;
    }
    stream->statbuf = *st;
    return 0;
}

static struct istream_snapshot *tee_snapshot(struct istream_private *stream,
                                             struct istream_snapshot *prev_snapshot)
{
    struct istream_private *input = child_of(stream)->tee->input->real_stream;

    return input->snapshot(input, prev_snapshot);
}

static void tee_close(struct iostream_private *stream, bool close_parent ATTR_UNUSED)
{
    struct tee_child *child = child_of(container_of(stream, struct istream_private, iostream));

    /* closed, it holds nobody back */
    skip_passed(child->tee);
    point_to_input(child->tee);
}

static void tee_destroy(struct iostream_private *stream)
{
    struct tee_child *child = child_of(container_of(stream, struct istream_private, iostream));
    struct tee_istream *tee = child->tee;

    DLLIST_REMOVE(&tee->children, child);
    if (tee->children != NULL)
        return;
    i_stream_unref(&tee->input);
    i_free(tee);
}

struct tee_istream *tee_i_stream_create(struct istream *input)
{
    struct tee_istream *tee = i_new(struct tee_istream, 1);

    tee->input = input;
    i_stream_ref(input);
    return tee;
}

struct istream *tee_i_stream_create_child(struct tee_istream *tee)
{
    struct tee_child *child = i_new(struct tee_child, 1);
    struct istream *input = tee->input;

    child->tee = tee;
    child->istream.max_buffer_size = input->real_stream->max_buffer_size;
    child->istream.read = tee_read;
    child->istream.seek = tee_seek;
    child->istream.stat = tee_stat;
    child->istream.snapshot = tee_snapshot;
    child->istream.iostream.close = tee_close;
    child->istream.iostream.destroy = tee_destroy;
    i_stream_create(&child->istream, NULL, i_stream_get_fd(input), 0);
    child->istream.start_offset = input->v_offset;
    i_stream_set_name(&child->istream.istream, i_stream_get_name(input));
    DLLIST_PREPEND(&tee->children, child);
    return &child->istream.istream;
}

bool tee_i_stream_child_is_waiting(struct istream *input)
{
    return child_of(input->real_stream)->waits_for_others;
}
