/*
 * Writing gzip: what is sent is deflated and sent on. The last bytes leave when the stream is
 * finished, not when it is flushed: a flush in between would cost compression.
 */
#include "gzip.h"

#include <zlib.h>

#include "ostream-private.h"

enum { CHUNK = 16384, GZIP_WINDOW = MAX_WBITS + 16, MEMORY_LEVEL = 8 };

struct gzip_ostream {
    struct ostream_private ostream;
    z_stream z;
    bool ended; /* the checksum was written */
};

/* Deflates what z.next_in holds, with Z_FINISH to the very end. 0, or -1 and the parent's error. */
static int gzip_deflate(struct gzip_ostream *gzip, int mode)
{
    unsigned char chunk[CHUNK];
    size_t size;

    do {
        gzip->z.next_out = chunk;
        gzip->z.avail_out = sizeof chunk;
        (void)deflate(&gzip->z, mode);
        size = sizeof chunk - gzip->z.avail_out;
        if (size > 0 && o_stream_send(gzip->ostream.parent, chunk, size) != (ssize_t)size) {
            o_stream_copy_error_from_parent(&gzip->ostream);
            return -1;
        }
    } while (gzip->z.avail_out == 0);
    return 0;
}

static ssize_t gzip_sendv(struct ostream_private *stream, const struct const_iovec *iov,
                          unsigned int iov_count)
{
    struct gzip_ostream *gzip = container_of(stream, struct gzip_ostream, ostream);
    size_t sent = 0;

    for (unsigned int i = 0; i < iov_count; i++) {
        gzip->z.next_in = (unsigned char *)iov[i].iov_base;
        gzip->z.avail_in = (uInt)iov[i].iov_len;
        if (gzip_deflate(gzip, Z_NO_FLUSH) < 0)
            return -1;
        sent += iov[i].iov_len;
    }
    stream->ostream.offset += sent;
    return (ssize_t)sent;
}

static int gzip_flush(struct ostream_private *stream)
{
    struct gzip_ostream *gzip = container_of(stream, struct gzip_ostream, ostream);

    if (stream->finished && !gzip->ended) {
        gzip->z.avail_in = 0;
        if (gzip_deflate(gzip, Z_FINISH) < 0)
            return -1;
        gzip->ended = TRUE;
    }
    return o_stream_flush_parent(stream);
}

static void gzip_destroy(struct iostream_private *iostream)
{
    struct gzip_ostream *gzip = container_of(iostream, struct gzip_ostream, ostream.iostream);

    (void)deflateEnd(&gzip->z);
}

struct ostream *gzip_ostream_create(struct ostream *parent, int level)
{
    struct gzip_ostream *gzip = i_new(struct gzip_ostream, 1);

    if (deflateInit2(&gzip->z, level, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        i_fatal("compress: zlib cannot be started: %s", gzip->z.msg);
    gzip->ostream.iostream.destroy = gzip_destroy;
    gzip->ostream.sendv = gzip_sendv;
    gzip->ostream.flush = gzip_flush;
    return o_stream_create(&gzip->ostream, parent, o_stream_get_fd(parent));
}
