/*
 * Reading a stream or a file into a buffer, all of it or up to a limit.
 */
#include "buffer.h"
#include "istream.h"

enum buffer_append_result buffer_append_full_istream(buffer_t *buf, struct istream *is,
                                                     size_t max_read_size, const char **error_r)
{
    const unsigned char *data;
    size_t size;
    int ret;

    while ((ret = i_stream_read_more(is, &data, &size)) > 0) {
        if (max_read_size == 0)
            return BUFFER_APPEND_READ_MAX_SIZE;
        size = I_MIN(size, max_read_size);
        buffer_append(buf, data, size);
        i_stream_skip(is, size);
        max_read_size -= size;
    }
    if (ret == 0)
        return BUFFER_APPEND_READ_MORE;
    if (is->stream_errno != 0) {
        *error_r = i_stream_get_error(is);
        return BUFFER_APPEND_READ_ERROR;
    }
    return BUFFER_APPEND_OK;
}

enum buffer_append_result buffer_append_full_file(buffer_t *buf, const char *file,
                                                  size_t max_read_size, const char **error_r)
{
    struct istream *is = i_stream_create_file(file, IO_BLOCK_SIZE);
    const char *error = NULL;
    enum buffer_append_result result;

    result = buffer_append_full_istream(buf, is, max_read_size, &error);
    /* the text goes with the stream */
    if (result == BUFFER_APPEND_READ_ERROR)
        *error_r = t_strdup(error);
    i_stream_unref(&is);
    i_assert(result != BUFFER_APPEND_READ_MORE);
    return result;
}
