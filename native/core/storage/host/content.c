/*
 * Mails are not copied on their way to the storage thread: streams read the host's memory, or its
 * file.
 */
#include "host/operation.h"

#include "array.h"
#include "istream-concat.h"
#include "istream.h"

#include <poll.h>
#include <unistd.h>

#include "host/content.h"

/* Bytes that a stream over a file may keep. */
#define BUFFER ((size_t)128 << 10)

static struct istream *from_file(int fd)
{
    struct istream *file = i_stream_create_fd(fd, BUFFER);
    struct istream *rest;
    off_t place = lseek(fd, 0, SEEK_CUR);

    if (place <= 0)
        return file;
    i_stream_seek(file, (uoff_t)place);
    rest = i_stream_create_limit(file, UOFF_T_MAX);
    i_stream_unref(&file);
    return rest;
}

static struct istream *from_parts(vsmtp_storage_parts parts)
{
    ARRAY(struct istream *) streams;
    struct istream **pieces, *whole;

    if (parts.count == 0)
        return i_stream_create_from_data("", 0);
    if (parts.count == 1)
        return i_stream_create_from_data(parts.list->iov_base, parts.list->iov_len);
    t_array_init(&streams, (unsigned int)parts.count + 1);
    for (size_t i = 0; i < parts.count; i++) {
        struct istream *piece =
            i_stream_create_from_data(parts.list[i].iov_base, parts.list[i].iov_len);

        array_push_back(&streams, &piece);
    }
    array_append_zero(&streams);
    pieces = array_front_modifiable(&streams);
    whole = i_stream_create_concat(pieces);
    for (size_t i = 0; i < parts.count; i++)
        i_stream_unref(&pieces[i]);
    return whole;
}

struct istream *content_stream(const struct operation *operation)
{
    const vsmtp_storage_request *request = operation->request;

    return request->fd >= 0 ? from_file(request->fd) : from_parts(request->parts);
}

bool content_wait(struct istream *input)
{
    struct pollfd pipe = {.fd = i_stream_get_fd(input), .events = POLLIN};
    int ready;

    do
        ready = poll(&pipe, 1, -1);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}
