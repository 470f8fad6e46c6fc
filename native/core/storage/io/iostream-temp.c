/*
 * Output that is read again afterwards.
 */
#include "lib.h"

#include "buffer.h"
#include "iostream-temp.h"
#include "istream.h"
#include "ostream-private.h"
#include "safe-mkstemp.h"
#include "str.h"
#include "write-full.h"

#include <unistd.h>

enum { MAX_MEMORY = 128 * 1024 };

struct temp_ostream {
    struct ostream_private ostream;
    char *prefix;
    size_t max_memory;
    buffer_t *memory; /* NULL: the bytes are in the file */
    int file;
};

static struct temp_ostream *temp_of(struct ostream_private *stream)
{
    return container_of(stream, struct temp_ostream, ostream);
}

static ssize_t fail(struct temp_ostream *stream, const char *call)
{
    int error = errno;

    io_stream_set_error(&stream->ostream.iostream, "%s(%s) failed: %s", call, stream->prefix,
                        strerror(error));
    stream->ostream.ostream.stream_errno = error;
    return -1;
}

static int open_temp(struct temp_ostream *stream)
{
    string_t *path = t_str_new(128);
    int fd;

    str_append(path, stream->prefix);
    fd = safe_mkstemp_hostpid(path, 0600, (uid_t)-1, (gid_t)-1);
    if (fd != -1)
        (void)i_unlink(str_c(path));
    return fd;
}

static bool move_to_file(struct temp_ostream *stream)
{
    T_BEGIN
    {
        stream->file = open_temp(stream);
    }
    T_END;
    if (stream->file == -1) {
        (void)fail(stream, "safe_mkstemp");
        return FALSE;
    }
    if (write_full(stream->file, stream->memory->data, stream->memory->used) < 0) {
        (void)fail(stream, "write");
        return FALSE;
    }
    buffer_free(&stream->memory);
    return TRUE;
}

static ssize_t temp_sendv(struct ostream_private *_stream, const struct const_iovec *iov,
                          unsigned int iov_count)
{
    struct temp_ostream *stream = temp_of(_stream);
    ssize_t sent = 0;

    for (unsigned int i = 0; i < iov_count; i++) {
        if (stream->memory != NULL && stream->memory->used + iov[i].iov_len > stream->max_memory &&
            !move_to_file(stream))
            return -1;
        if (stream->memory != NULL)
            buffer_append(stream->memory, iov[i].iov_base, iov[i].iov_len);
        else if (write_full(stream->file, iov[i].iov_base, iov[i].iov_len) < 0)
            return fail(stream, "write");
        sent += (ssize_t)iov[i].iov_len;
    }
    _stream->ostream.offset += (uoff_t)sent;
    return sent;
}

static int temp_write_at(struct ostream_private *_stream, const void *data, size_t size,
                         uoff_t offset)
{
    struct temp_ostream *stream = temp_of(_stream);

    i_assert(offset + size <= _stream->ostream.offset);
    if (stream->memory != NULL)
        buffer_write(stream->memory, (size_t)offset, data, size);
    else if (pwrite_full(stream->file, data, size, (off_t)offset) < 0)
        return (int)fail(stream, "pwrite");
    return 0;
}

static void temp_destroy(struct iostream_private *_stream)
{
    struct temp_ostream *stream = temp_of(container_of(_stream, struct ostream_private, iostream));

    buffer_free(&stream->memory);
    i_close_fd(&stream->file);
    i_free(stream->prefix);
}

struct ostream *iostream_temp_create_sized(const char *temp_path_prefix,
                                           enum iostream_temp_flags flags ATTR_UNUSED,
                                           const char *name, size_t max_mem_size)
{
    struct temp_ostream *stream = i_new(struct temp_ostream, 1);
    struct ostream *output;

    stream->prefix = i_strdup(temp_path_prefix);
    stream->max_memory = max_mem_size;
    stream->memory = buffer_create_dynamic(default_pool, IO_BLOCK_SIZE);
    stream->file = -1;
    stream->ostream.max_buffer_size = SIZE_MAX;
    stream->ostream.ostream.blocking = TRUE;
    stream->ostream.sendv = temp_sendv;
    stream->ostream.write_at = temp_write_at;
    stream->ostream.iostream.destroy = temp_destroy;
    output = o_stream_create(&stream->ostream, NULL, -1);
    o_stream_set_name(output, name);
    return output;
}

struct ostream *iostream_temp_create_named(const char *temp_path_prefix,
                                           enum iostream_temp_flags flags, const char *name)
{
    return iostream_temp_create_sized(temp_path_prefix, flags, name, MAX_MEMORY);
}

struct ostream *iostream_temp_create(const char *temp_path_prefix, enum iostream_temp_flags flags)
{
    return iostream_temp_create_named(temp_path_prefix, flags, temp_path_prefix);
}

static void free_memory(buffer_t *memory)
{
    buffer_free(&memory);
}

/* The bytes, which become the input's. */
static struct istream *take_bytes(struct temp_ostream *stream, size_t max_buffer_size)
{
    struct istream *input;
    buffer_t *memory = stream->memory;

    if (memory == NULL)
        return i_stream_create_fd_autoclose(&stream->file, max_buffer_size);
    stream->memory = NULL;
    input = i_stream_create_from_buffer(memory);
    i_stream_add_destroy_callback(input, free_memory, memory);
    return input;
}

struct istream *iostream_temp_finish(struct ostream **output, size_t max_buffer_size)
{
    struct temp_ostream *stream = temp_of((*output)->real_stream);
    struct istream *input;

    i_assert((*output)->real_stream->sendv == temp_sendv);
    if (o_stream_finish(*output) < 0)
        input =
            i_stream_create_error_str((*output)->stream_errno, "%s", o_stream_get_error(*output));
    else
        input = take_bytes(stream, max_buffer_size);
    i_stream_set_name(input, o_stream_get_name(*output));
    o_stream_destroy(output);
    return input;
}
