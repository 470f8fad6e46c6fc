/*
 * Making output streams to descriptors, corking them, and waiting until a descriptor takes more.
 */
#include "io/file-output.h"

#include <fcntl.h>
#include <unistd.h>

/* What may wait if the maker of the stream has no opinion. */
enum { DEFAULT_MAX_BUFFER = 128 * 1024 };

/* ---- Waiting --------------------------------------------------------------------------------- */

static int call_back(struct file_ostream *stream)
{
    struct ostream_private *ostream = &stream->ostream;

    return ostream->callback != NULL ? ostream->callback(ostream->context)
                                     : o_stream_flush(&ostream->ostream);
}

static void descriptor_is_ready(struct file_ostream *stream)
{
    struct ostream *output = &stream->ostream.ostream;

    o_stream_ref(output); /* the callback may drop its own reference */
    stream->flush_pending = FALSE;
    if (call_back(stream) == 0)
        stream->flush_pending = TRUE;
    if (output->closed || output->stream_errno != 0 ||
        (!stream->flush_pending && stream->used == 0))
        io_remove(&stream->io);
    o_stream_unref(&output);
}

void file_output_wait(struct file_ostream *stream)
{
    struct ioloop *ioloop = io_stream_get_ioloop(&stream->ostream.iostream);

    if (stream->io != NULL || stream->ostream.corked || stream->ostream.ostream.closed ||
        stream->ostream.fd == -1 || ioloop == NULL)
        return;
    if (stream->flush_pending || stream->used > 0)
        stream->io = io_add_to(ioloop, stream->ostream.fd, IO_WRITE, descriptor_is_ready, stream);
}

static void set_flush_pending(struct ostream_private *_stream, bool set)
{
    struct file_ostream *stream = file_output_of(_stream);

    stream->flush_pending = set;
    file_output_wait(stream);
}

static void cork(struct ostream_private *_stream, bool set)
{
    struct file_ostream *stream = file_output_of(_stream);

    if (_stream->corked == set)
        return;
    _stream->corked = set;
    if (set) {
        io_remove(&stream->io);
        return;
    }
    (void)file_output_flush(_stream);
    _stream->last_errors_not_checked = TRUE;
    file_output_wait(stream);
}

static void switch_ioloop_to(struct ostream_private *_stream, struct ioloop *ioloop)
{
    struct file_ostream *stream = file_output_of(_stream);

    if (stream->io != NULL)
        stream->io = io_loop_move_io_to(ioloop, &stream->io);
}

/* ---- Making ---------------------------------------------------------------------------------- */

static size_t used_size(const struct ostream_private *_stream)
{
    return ((const struct file_ostream *)_stream)->used;
}

static void destroy(struct iostream_private *_stream)
{
    struct ostream_private *ostream = container_of(_stream, struct ostream_private, iostream);
    struct file_ostream *stream = file_output_of(ostream);

    i_free(stream->buffer);
    i_free(stream->path);
}

static struct ostream *create(struct file_ostream *stream, int fd, size_t max_buffer_size)
{
    stream->ostream.max_buffer_size = max_buffer_size == 0 ? DEFAULT_MAX_BUFFER : max_buffer_size;
    stream->ostream.ostream.blocking = stream->is_file;
    stream->ostream.sendv = file_output_sendv;
    stream->ostream.flush = file_output_flush;
    stream->ostream.seek = file_output_seek;
    stream->ostream.write_at = file_output_write_at;
    stream->ostream.cork = cork;
    stream->ostream.flush_pending = set_flush_pending;
    stream->ostream.get_buffer_used_size = used_size;
    stream->ostream.switch_ioloop_to = switch_ioloop_to;
    stream->ostream.iostream.close = file_output_close;
    stream->ostream.iostream.destroy = destroy;
    return o_stream_create(&stream->ostream, NULL, fd);
}

static struct ostream *create_fd(int fd, size_t max_buffer_size, bool autoclose)
{
    struct file_ostream *stream = i_new(struct file_ostream, 1);
    struct ostream *output;
    struct stat st;
    off_t offset = 0;

    stream->is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    stream->autoclose = autoclose;
    if (stream->is_file)
        offset = lseek(fd, 0, SEEK_CUR);
    stream->fd_offset = stream->write_offset = offset < 0 ? 0 : (uoff_t)offset;
    output = create(stream, fd, max_buffer_size);
    output->offset = stream->write_offset;
    o_stream_set_name(output, t_strdup_printf("(fd %d)", fd));
    return output;
}

struct ostream *o_stream_create_fd(int fd, size_t max_buffer_size)
{
    return create_fd(fd, max_buffer_size, FALSE);
}

struct ostream *o_stream_create_fd_autoclose(int *fd, size_t max_buffer_size)
{
    struct ostream *output = create_fd(*fd, max_buffer_size, TRUE);

    *fd = -1;
    return output;
}

struct ostream *o_stream_create_fd_blocking(int fd)
{
    struct ostream *output = create_fd(fd, 0, FALSE);

    fd_set_nonblock(fd, FALSE);
    output->blocking = TRUE;
    return output;
}

struct ostream *o_stream_create_fd_file(int fd, uoff_t offset, bool autoclose_fd)
{
    struct ostream *output = create_fd(fd, 0, autoclose_fd);
    struct file_ostream *stream = file_output_of(output->real_stream);

    stream->is_file = TRUE;
    output->blocking = TRUE;
    if (offset != UOFF_T_MAX)
        output->offset = stream->write_offset = offset;
    return output;
}

struct ostream *o_stream_create_fd_file_autoclose(int *fd, uoff_t offset)
{
    struct ostream *output = o_stream_create_fd_file(*fd, offset, TRUE);

    *fd = -1;
    return output;
}

struct ostream *o_stream_create_file(const char *path, uoff_t offset, mode_t mode,
                                     enum ostream_create_file_flags flags)
{
    struct file_ostream *stream = i_new(struct file_ostream, 1);
    struct ostream *output;

    stream->is_file = TRUE;
    stream->autoclose = TRUE;
    stream->path = i_strdup(path);
    stream->create_mode = mode;
    stream->create_flags = flags;
    stream->write_offset = offset;
    output = create(stream, -1, 0);
    output->offset = offset;
    o_stream_set_name(output, path);
    return output;
}
