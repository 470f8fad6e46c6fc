/*
 * Making inputs seekable by keeping what was read: in memory, and in a temporary file once that has
 * become too much. The window is always a copy.
 */
#include "lib.h"

#include "buffer.h"
#include "istream-concat.h"
#include "istream-private.h"
#include "istream-seekable.h"
#include "read-full.h"
#include "safe-mkstemp.h"
#include "str.h"
#include "write-full.h"

#include <unistd.h>

struct seekable_istream {
    struct istream_private istream;
    struct istream **inputs; /* ends with NULL */
    unsigned int current;

    uoff_t kept;      /* bytes read so far, all of them kept */
    buffer_t *memory; /* the bytes, or NULL: they are in the file */
    int file;
    char *file_path;
    size_t max_memory;
    bool stay_in_memory; /* there is no way to have a file */

    int (*fd_callback)(const char **path_r, void *context);
    void *context;
    char *temp_prefix; /* for i_stream_create_seekable_path() */
};

static struct seekable_istream *seekable_of(struct istream_private *stream)
{
    return container_of(stream, struct seekable_istream, istream);
}

static void fail(struct seekable_istream *stream, int error, const char *what, const char *text)
{
    io_stream_set_error(&stream->istream.iostream, "%s failed: %s", what, text);
    stream->istream.istream.stream_errno = error;
    stream->istream.istream.eof = TRUE;
}

/* ---- Keeping --------------------------------------------------------------------------------- */

static void drop_file(struct seekable_istream *stream)
{
    i_close_fd(&stream->file);
    stream->stay_in_memory = TRUE;
}

/* Brings everything back from a file that cannot be written to any more. */
static bool return_to_memory(struct seekable_istream *stream)
{
    buffer_t *memory;
    void *space;

    i_error("write(%s) failed: %m", stream->file_path);
    memory = buffer_create_dynamic(default_pool, (size_t)stream->kept + IO_BLOCK_SIZE);
    space = buffer_append_space_unsafe(memory, (size_t)stream->kept);
    if (pread_full(stream->file, space, (size_t)stream->kept, 0) <= 0) {
        fail(stream, EIO, t_strdup_printf("read(%s)", stream->file_path), strerror(errno));
        buffer_free(&memory);
        return FALSE;
    }
    stream->memory = memory;
    drop_file(stream);
    return TRUE;
}

static void move_to_file(struct seekable_istream *stream)
{
    const char *path = NULL;

    stream->file = stream->fd_callback(&path, stream->context);
    if (stream->file == -1) {
        stream->stay_in_memory = TRUE;
        return;
    }
    stream->file_path = i_strdup(path);
    if (write_full(stream->file, stream->memory->data, stream->memory->used) < 0) {
        i_error("write(%s) failed: %m", path);
        drop_file(stream);
        return;
    }
    buffer_free(&stream->memory);
}

static bool keep(struct seekable_istream *stream, const unsigned char *data, size_t size)
{
    if (stream->memory == NULL && pwrite_full(stream->file, data, size, (off_t)stream->kept) < 0 &&
        !return_to_memory(stream))
        return FALSE;
    if (stream->memory != NULL)
        buffer_append(stream->memory, data, size);
    stream->kept += size;
    if (stream->memory != NULL && stream->kept > stream->max_memory && !stream->stay_in_memory)
        move_to_file(stream);
    return TRUE;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Copies kept bytes into the window. */
static ssize_t read_kept(struct seekable_istream *stream, uoff_t offset, size_t room)
{
    size_t size = (size_t)I_MIN(stream->kept - offset, room);
    unsigned char *to = stream->istream.w_buffer + stream->istream.pos;

    if (stream->memory != NULL) {
        memcpy(to, CONST_PTR_OFFSET(stream->memory->data, offset), size);
    } else if (pread_full(stream->file, to, size, (off_t)offset) <= 0) {
        fail(stream, EIO, t_strdup_printf("read(%s)", stream->file_path), strerror(errno));
        return -1;
    }
    stream->istream.pos += size;
    return (ssize_t)size;
}

/* Reads from the inputs and keeps what they give, at most `limit` bytes. As read(). */
static int read_input(struct seekable_istream *stream, size_t limit)
{
    struct istream *istream = &stream->istream.istream;
    struct istream *input;
    const unsigned char *data;
    size_t size;

    while ((input = stream->inputs[stream->current]) != NULL) {
        int result = i_stream_read_more_memarea(input, &data, &size);

        if (result > 0) {
            size = I_MIN(size, limit);
            if (!keep(stream, data, size))
                return -1;
            i_stream_skip(input, size);
            return 1;
        }
        if (result == 0)
            return 0;
        if (input->stream_errno != 0) {
            fail(stream, input->stream_errno, t_strdup_printf("read(%s)", i_stream_get_name(input)),
                 i_stream_get_error(input));
            return -1;
        }
        stream->current++;
    }
    istream->eof = TRUE;
    return -1;
}

static ssize_t seekable_read(struct istream_private *_stream)
{
    struct seekable_istream *stream = seekable_of(_stream);
    uoff_t offset = _stream->istream.v_offset + (_stream->pos - _stream->skip);
    size_t room;
    int result;

    if (!i_stream_try_alloc(_stream, 1, &room))
        return -2;
    while (offset >= stream->kept) {
        result = read_input(stream, I_MAX(room, IO_BLOCK_SIZE));
        if (result <= 0)
            return result;
    }
    return read_kept(stream, offset, room);
}

static void seekable_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    stream->istream.v_offset = v_offset;
    stream->skip = stream->pos = stream->high_pos = 0;
}

/* The exact size is known once all has been read; a blocking input can be read for that. */
static int seekable_get_size(struct istream_private *_stream, bool exact, uoff_t *size_r)
{
    struct seekable_istream *stream = seekable_of(_stream);
    bool eof = _stream->istream.eof;
    int result = 1;

    if (exact && _stream->istream.blocking) {
        while (result > 0)
            result = read_input(stream, SIZE_MAX);
        if (_stream->istream.stream_errno != 0)
            return -1;
        _stream->istream.eof = eof;
    }
    if (stream->inputs[stream->current] != NULL)
        return 0;
    *size_r = stream->kept;
    return 1;
}

static int seekable_stat(struct istream_private *stream, bool exact)
{
    uoff_t size;
    int result = seekable_get_size(stream, exact, &size);

    if (result >= 0)
        stream->statbuf.st_size = result == 0 ? -1 : (off_t)size;
    return result < 0 ? -1 : 0;
}

/* ---- Life ------------------------------------------------------------------------------------ */

static void seekable_close(struct iostream_private *_stream, bool close_parent)
{
    struct seekable_istream *stream =
        seekable_of(container_of(_stream, struct istream_private, iostream));

    for (unsigned int i = 0; close_parent && stream->inputs[i] != NULL; i++)
        i_stream_close(stream->inputs[i]);
}

static void seekable_destroy(struct iostream_private *_stream)
{
    struct seekable_istream *stream =
        seekable_of(container_of(_stream, struct istream_private, iostream));

    for (unsigned int i = 0; stream->inputs[i] != NULL; i++)
        i_stream_unref(&stream->inputs[i]);
    i_free(stream->inputs);
    if (stream->memory != NULL)
        buffer_free(&stream->memory);
    i_close_fd(&stream->file);
    i_free(stream->file_path);
    i_free(stream->temp_prefix);
    i_stream_free_buffer(&stream->istream);
}

static struct seekable_istream *create(struct istream *input[], size_t max_buffer_size)
{
    struct seekable_istream *stream = i_new(struct seekable_istream, 1);
    unsigned int count = 0;

    while (input[count] != NULL)
        count++;
    i_assert(count > 0);
    stream->inputs = i_new(struct istream *, count + 1);
    stream->istream.istream.blocking = TRUE;
    for (unsigned int i = 0; i < count; i++) {
        stream->inputs[i] = input[i];
        i_stream_ref(input[i]);
        if (!input[i]->blocking)
            stream->istream.istream.blocking = FALSE;
    }
    stream->memory = buffer_create_dynamic(default_pool, IO_BLOCK_SIZE);
    stream->file = -1;
    stream->max_memory = max_buffer_size;
    stream->istream.max_buffer_size = I_MAX(max_buffer_size, 1);
    stream->istream.istream.seekable = TRUE;
    stream->istream.read = seekable_read;
    stream->istream.seek = seekable_seek;
    stream->istream.stat = seekable_stat;
    stream->istream.get_size = seekable_get_size;
    stream->istream.iostream.close = seekable_close;
    stream->istream.iostream.destroy = seekable_destroy;
    i_stream_create(&stream->istream, NULL, -1, 0);
    i_stream_set_name(&stream->istream.istream, i_stream_get_name(input[0]));
    return stream;
}

struct istream *i_streams_merge(struct istream *input[], size_t max_buffer_size,
                                int (*fd_callback)(const char **path_r, void *context),
                                void *context)
{
    struct seekable_istream *stream = create(input, max_buffer_size);

    stream->fd_callback = fd_callback;
    stream->context = context;
    return &stream->istream.istream;
}

static bool are_seekable(struct istream *input[])
{
    for (; *input != NULL; input++) {
        if (!(*input)->seekable)
            return FALSE;
    }
    return TRUE;
}

struct istream *i_stream_create_seekable(struct istream *input[], size_t max_buffer_size,
                                         int (*fd_callback)(const char **path_r, void *context),
                                         void *context)
{
    if (are_seekable(input))
        return i_stream_create_concat(input);
    return i_streams_merge(input, max_buffer_size, fd_callback, context);
}

static int make_temp_file(const char **path_r, void *context)
{
    struct seekable_istream *stream = context;
    string_t *path = t_str_new(128);
    int fd;

    str_append(path, stream->temp_prefix);
    fd = safe_mkstemp(path, 0600, (uid_t)-1, (gid_t)-1);
    if (fd == -1) {
        i_error("safe_mkstemp(%s) failed: %m", str_c(path));
        return -1;
    }
    if (i_unlink(str_c(path)) < 0) {
        i_close_fd(&fd);
        return -1;
    }
    *path_r = str_c(path);
    return fd;
}

struct istream *i_stream_create_seekable_path(struct istream *input[], size_t max_buffer_size,
                                              const char *temp_path_prefix)
{
    struct seekable_istream *stream;

    if (are_seekable(input))
        return i_stream_create_concat(input);
    stream = create(input, max_buffer_size);
    stream->temp_prefix = i_strdup(temp_path_prefix);
    stream->fd_callback = make_temp_file;
    stream->context = stream;
    return &stream->istream.istream;
}
