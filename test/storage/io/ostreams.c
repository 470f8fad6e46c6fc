/*
 * Output streams: what is sent arrives, what does not fit waits, and nobody can overlook an error.
 */
#include "chunky.h"
#include "tap.h"

#include "buffer.h"
#include "iostream-temp.h"
#include "net.h"
#include "ostream-null.h"
#include "ostream-private.h"
#include "read-full.h"
#include "str.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* All that is left of a stream, or the error. */
static const char *rest_of(struct istream *stream)
{
    string_t *text = t_str_new(64);
    const unsigned char *data;
    size_t size;

    while (i_stream_read_more(stream, &data, &size) > 0) {
        str_append_data(text, data, size);
        i_stream_skip(stream, size);
    }
    return stream->stream_errno == 0 ? str_c(text) : i_stream_get_error(stream);
}

static const char *contents(const char *path)
{
    struct istream *stream = i_stream_create_file(path, 1 << 20);
    const char *text = rest_of(stream);

    i_stream_unref(&stream);
    return text;
}

static int new_file(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

static void test_file(void)
{
    int fd = new_file("file");
    struct ostream *stream = o_stream_create_fd_file(fd, 0, FALSE);

    ok(stream->blocking, "a file stream blocks");
    is_int(o_stream_send_str(stream, "hello "), 6, "send tells how much it took");
    is_str(contents("file"), "hello ", "uncorked, it is written at once");
    o_stream_cork(stream);
    o_stream_nsend_str(stream, "wor");
    o_stream_nsend(stream, "ld", 2);
    is_str(contents("file"), "hello ", "corked, it waits");
    is_int((intmax_t)o_stream_get_buffer_used_size(stream), 5, "in the buffer");
    is_int((intmax_t)stream->offset, 11, "where it counts as sent");
    is_int(o_stream_uncork_flush(stream), 1, "until it is flushed");
    is_str(contents("file"), "hello world", "and then all of it is there");
    is_int(o_stream_pwrite(stream, "W", 1, 6), 0, "earlier bytes can be overwritten");
    is_int(o_stream_seek(stream, 8), 1, "and sought to");
    o_stream_nsend_str(stream, "RLD!");
    is_int(o_stream_finish(stream), 1, "finish flushes");
    is_str(contents("file"), "hello WoRLD!", "each is where it belongs");
    o_stream_unref(&stream);
    ok(fcntl(fd, F_GETFD) >= 0, "the descriptor is not ours to close");
    i_close_fd(&fd);

    fd = open("file", O_RDWR);
    stream = o_stream_create_fd_file_autoclose(&fd, 5);
    is_int(fd, -1, "an autoclosed descriptor is taken over");
    o_stream_nsend_str(stream, "_");
    (void)o_stream_finish(stream);
    fd = o_stream_get_fd(stream);
    o_stream_destroy(&stream);
    ok(fcntl(fd, F_GETFD) < 0, "and closed");
    is_str(contents("file"), "hello_WoRLD!", "writing begins at the offset given");
}

static void test_file_by_name(void)
{
    struct ostream *stream = o_stream_create_file("named", 0, 0640, 0);
    struct stat st;

    ok(stat("named", &st) < 0, "a file by name is made with the first bytes");
    o_stream_nsend_str(stream, "first");
    is_int(o_stream_finish(stream), 1, "which can be sent");
    ok(stat("named", &st) == 0 && (st.st_mode & 0777) == (0640 & ~022), "with the mode given");
    o_stream_destroy(&stream);
    stream = o_stream_create_file("named", 0, 0640, OSTREAM_CREATE_FILE_FLAG_APPEND);
    o_stream_nsend_str(stream, " second");
    (void)o_stream_finish(stream);
    o_stream_destroy(&stream);
    is_str(contents("named"), "first second", "appending appends");
    stream = o_stream_create_file("named", 0, 0640, 0);
    (void)o_stream_finish(stream);
    o_stream_destroy(&stream);
    is_str(contents("named"), "", "otherwise it is truncated, even if nothing is sent");
    stream = o_stream_create_file("no/such/directory", 0, 0600, 0);
    is_int(o_stream_send_str(stream, "x"), -1, "what cannot be opened is an error");
    is_int(stream->stream_errno, ENOENT, "of the open");
    is_str(o_stream_get_error(stream), "open(no/such/directory) failed: No such file or directory",
           "with a text");
    o_stream_destroy(&stream);
}

static void test_vectors(void)
{
    enum { COUNT = 3000 };
    struct const_iovec *iov = i_new(struct const_iovec, COUNT);
    int fd = new_file("vectors");
    struct ostream *stream = o_stream_create_fd_autoclose(&fd, 100);
    struct stat st;

    for (unsigned int i = 0; i < COUNT; i++) {
        iov[i].iov_base = "0123456789";
        iov[i].iov_len = i % 11;
    }
    is_int(o_stream_sendv(stream, iov, COUNT), 14988, "more pieces than one call takes are sent");
    o_stream_cork(stream);
    is_int(o_stream_sendv(stream, iov, COUNT), 14988, "corked too, beyond the buffer's size");
    is_int(o_stream_uncork_flush(stream), 1, "and flushed");
    ok(stat("vectors", &st) == 0 && st.st_size == 2 * 14988, "all are there");
    o_stream_destroy(&stream);
    i_free(iov);
}

static void test_full_disk(void)
{
    int fd = open("/dev/full", O_WRONLY);
    struct ostream *stream = o_stream_create_fd_file_autoclose(&fd, 0);

    o_stream_set_name(stream, "mailbox");
    o_stream_nsend_str(stream, "x");
    o_stream_nsend_str(stream, "y");
    is_int(o_stream_finish(stream), -1, "a full disk shows when finishing");
    is_int(stream->stream_errno, ENOSPC, "as ENOSPC");
    is_str(o_stream_get_error(stream), "write(mailbox) failed: No space left on device",
           "with a text");
    is_str(o_stream_get_disconnect_reason(stream),
           "Connection closed: write(mailbox) failed: No space left on device", "or as a reason");
    o_stream_destroy(&stream);
}

/* ---- Not blocking ---------------------------------------------------------------------------- */

static void make_pair(int fds[2])
{
    int size = 4096;

    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds);
    (void)setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

static void test_overflow(void)
{
    char *block = i_malloc(1 << 20);
    struct ostream *stream;
    int fds[2];

    make_pair(fds);
    stream = o_stream_create_fd(fds[0], 1000);
    ok(o_stream_send(stream, block, 1 << 20) < 1 << 20, "a socket takes only so much");
    ok(stream->overflow, "which is an overflow");
    is_int((intmax_t)o_stream_get_buffer_used_size(stream), 1000, "the buffer is full then");
    is_int((intmax_t)o_stream_get_buffer_avail_size(stream), 0, "and has no room");
    o_stream_nsend(stream, block, 10);
    is_int(o_stream_flush(stream), -1, "nsend's overflow is an error of the next flush");
    is_int(stream->stream_errno, ENOBUFS, "ENOBUFS");
    o_stream_destroy(&stream);
    i_close_fd(&fds[0]);
    i_close_fd(&fds[1]);
    i_free(block);
}

struct sender {
    struct ostream *output;
    struct istream *input;
    unsigned int calls;
};

static int send_more(struct sender *sender)
{
    sender->calls++;
    switch (o_stream_send_istream(sender->output, sender->input)) {
    case OSTREAM_SEND_ISTREAM_RESULT_FINISHED:
        break;
    case OSTREAM_SEND_ISTREAM_RESULT_WAIT_OUTPUT:
        return 0;
    default:
        return -1;
    }
    if (o_stream_finish(sender->output) == 0)
        return 0;
    io_loop_stop(current_ioloop);
    return 1;
}

struct receiver {
    int fd;
    size_t received;
    bool right;
};

static void receive(struct receiver *receiver)
{
    unsigned char bytes[1000];
    ssize_t got = net_receive(receiver->fd, bytes, sizeof bytes);

    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] != (unsigned char)(receiver->received++ % 251))
            receiver->right = FALSE;
    }
}

static void test_flush_callback(void)
{
    enum { SIZE = 300000 };
    struct ioloop *ioloop = io_loop_create();
    unsigned char *bytes = i_malloc(SIZE);
    struct sender sender = {.calls = 0};
    struct receiver receiver = {.right = TRUE};
    struct io *io;
    int fds[2];

    for (unsigned int i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i % 251);
    make_pair(fds);
    receiver.fd = fds[1];
    sender.output = o_stream_create_fd(fds[0], 2000);
    sender.input = chunky_create(bytes, SIZE, 3000, FALSE, FALSE);
    io = io_add(fds[1], IO_READ, receive, &receiver);
    o_stream_set_flush_callback(sender.output, send_more, &sender);
    is_int(send_more(&sender), 0, "a large stream does not fit into a socket");
    o_stream_set_flush_pending(sender.output, TRUE);
    io_loop_run(ioloop);
    ok(sender.calls > 2, "the flush callback is called until all is sent");
    while (receiver.received < SIZE && receiver.right)
        receive(&receiver);
    ok(receiver.right, "and every byte arrives in its place");
    io_remove(&io);
    o_stream_destroy(&sender.output);
    i_stream_destroy(&sender.input);
    i_close_fd(&fds[0]);
    i_close_fd(&fds[1]);
    io_loop_destroy(&ioloop);
    i_free(bytes);
}

static void test_blocking_pipe(void)
{
    char byte;
    struct ostream *stream;
    int fds[2];

    (void)pipe(fds);
    fd_set_nonblock(fds[1], TRUE);
    stream = o_stream_create_fd_blocking(fds[1]);
    ok((fcntl(fds[1], F_GETFL) & O_NONBLOCK) == 0, "a blocking stream makes its descriptor block");
    is_int(o_stream_send_str(stream, "b"), 1, "it sends");
    is_int(read_full(fds[0], &byte, 1), 1, "and the byte arrives");
    o_stream_destroy(&stream);
    i_close_fd(&fds[0]);
    i_close_fd(&fds[1]);
}

/* Sends pieces of a known sequence of bytes; what was not taken is sent again. */
static void send_piece(struct ostream *stream)
{
    unsigned char bytes[3000];
    uint32_t size = random_below(sizeof bytes);

    for (uint32_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)((stream->offset + i) % 251);
    if (o_stream_send(stream, bytes, size) < 0)
        i_fatal("send failed: %s", o_stream_get_error(stream));
}

static void test_random_sends(void)
{
    struct receiver receiver = {.right = TRUE};
    struct ostream *stream;
    uint64_t sent;
    int fds[2];

    make_pair(fds);
    receiver.fd = fds[1];
    stream = o_stream_create_fd(fds[0], 5000);
    for (unsigned int i = 0; i < 20000; i++) {
        switch (random_below(8)) {
        case 0:
            o_stream_cork(stream);
            break;
        case 1:
            o_stream_uncork(stream);
            break;
        case 2:
            (void)o_stream_flush(stream);
            break;
        case 3:
            send_piece(stream);
            break;
        default:
            receive(&receiver);
            break;
        }
        if (o_stream_get_buffer_used_size(stream) > 5000)
            receiver.right = FALSE;
    }
    sent = stream->offset;
    o_stream_uncork(stream);
    while (o_stream_flush(stream) == 0)
        receive(&receiver);
    while (receiver.received < sent)
        receive(&receiver);
    ok(receiver.right && sent > 100000, "bytes arrive in their order, however they are sent");
    o_stream_destroy(&stream);
    i_close_fd(&fds[0]);
    i_close_fd(&fds[1]);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static void test_buffer(void)
{
    buffer_t *buffer = buffer_create_dynamic_max(default_pool, 4, 10);
    struct ostream *stream = o_stream_create_buffer(buffer);

    is_int(o_stream_send_str(stream, "hello"), 5, "a buffer takes bytes");
    is_int((intmax_t)o_stream_get_buffer_avail_size(stream), 5, "up to its maximum");
    is_int(o_stream_send_str(stream, "wonderful"), 5, "and no more");
    ok(stream->overflow, "which is an overflow");
    is_int(o_stream_seek(stream, 1), 1, "one can seek in it");
    is_int(o_stream_send_str(stream, "E"), 1, "and overwrite");
    is_int(o_stream_pwrite(stream, "H", 1, 0), 0, "in two ways");
    ok(buffer->used == 10 && memcmp(buffer->data, "HEllowonde", 10) == 0, "the bytes are there");
    o_stream_destroy(&stream);
    buffer_free(&buffer);
}

static void test_null_and_error(void)
{
    struct ostream *stream = o_stream_create_null();

    is_int(o_stream_send_str(stream, "gone"), 4, "the null stream takes everything");
    is_int((intmax_t)stream->offset, 4, "and counts it");
    o_stream_destroy(&stream);
    stream = o_stream_create_error_str(EDQUOT, "%s is full", "mailbox");
    is_int(o_stream_send_str(stream, "x"), -1, "the error stream takes nothing");
    is_str(o_stream_get_error(stream), "mailbox is full", "and says why");
    is_int(stream->stream_errno, EDQUOT, "in both ways");
    o_stream_destroy(&stream);
}

static void test_passthrough(void)
{
    buffer_t *buffer = buffer_create_dynamic(default_pool, 16);
    struct ostream *parent = o_stream_create_buffer(buffer), *stream;

    stream = o_stream_create_passthrough(parent);
    o_stream_unref(&parent);
    o_stream_nsend_str(stream, "through");
    is_int((intmax_t)o_stream_get_buffer_used_size(stream), 7, "what waits is the parent's");
    is_int(o_stream_finish(stream), 1, "finishing finishes the parent");
    ok(buffer->used == 7 && stream->offset == 7, "bytes pass through");
    ok(stream->real_stream->parent->real_stream->finished, "it is finished too");
    o_stream_destroy(&stream);
    buffer_free(&buffer);
}

static void test_temp(void)
{
    struct ostream *output = iostream_temp_create_sized("temp.", 0, "a mail", 10);
    struct istream *input;

    o_stream_nsend_str(output, "in memory");
    is_int(o_stream_pwrite(output, "IN", 2, 0), 0, "temporary output can be changed");
    input = iostream_temp_finish(&output, 1024);
    ok(output == NULL, "until it is read");
    is_str(rest_of(input), "IN memory", "from memory");
    is_str(i_stream_get_name(input), "a mail", "under its name");
    i_stream_unref(&input);

    output = iostream_temp_create_sized("temp.", 0, "a mail", 10);
    o_stream_nsend_str(output, "more than");
    o_stream_nsend_str(output, " memory shall hold");
    is_int(o_stream_pwrite(output, "MORE", 4, 0), 0, "a file can be changed too");
    input = iostream_temp_finish(&output, 1024);
    is_str(rest_of(input), "MORE than memory shall hold", "and read");
    i_stream_seek(input, 5);
    is_str(rest_of(input), "than memory shall hold", "again and again");
    i_stream_unref(&input);

    output = iostream_temp_create_sized("no/such/temp.", 0, "a mail", 2);
    o_stream_nsend_str(output, "more");
    input = iostream_temp_finish(&output, 1024);
    is_str(rest_of(input), "safe_mkstemp(no/such/temp.) failed: No such file or directory",
           "an error is the reader's");
    i_stream_unref(&input);
    output = iostream_temp_create("temp.", 0);
    o_stream_nsend_str(output, "nobody wants it");
    o_stream_abort(output);
    o_stream_destroy(&output);
}

/* ---- Errors nobody looked at ----------------------------------------------------------------- */

static void forget_errors(void)
{
    int fd = open("/dev/full", O_WRONLY);
    struct ostream *stream = o_stream_create_fd_file_autoclose(&fd, 0);

    o_stream_nsend_str(stream, "x");
    o_stream_destroy(&stream);
}

static void send_after_finish(void)
{
    struct ostream *stream = o_stream_create_null();

    (void)o_stream_finish(stream);
    o_stream_nsend_str(stream, "x");
}

static void close_with_bytes_left(void)
{
    static char block[1 << 20];
    struct ostream *stream;
    int fds[2];

    make_pair(fds);
    stream = o_stream_create_fd(fds[0], 1000);
    if (o_stream_send(stream, block, sizeof block) > 0)
        o_stream_destroy(&stream);
}

static void test_forgotten_errors(void)
{
    struct ostream *stream = o_stream_create_error(EIO);

    ok(panics(forget_errors), "an error that nobody looked for is a panic");
    ok(panics(send_after_finish), "and so is sending after the finish");
    ok(panics(close_with_bytes_left), "and closing with bytes that nobody waited for");
    o_stream_abort(stream);
    is_int(stream->stream_errno, EIO, "giving up keeps the error there was");
    o_stream_destroy(&stream);
    stream = o_stream_create_null();
    o_stream_abort(stream);
    is_str(o_stream_get_error(stream), "sending was given up", "or makes one");
    o_stream_destroy(&stream);
}

static void test_send_istream_errors(void)
{
    struct ostream *null = o_stream_create_null(), *broken = o_stream_create_error(EIO);
    struct istream *pausing = chunky_create("ab", 2, 1, TRUE, FALSE);
    struct istream *failing = i_stream_create_error_str(EINVAL, "gzip is corrupt");
    struct istream *data = i_stream_create_from_data("x", 1);
    enum ostream_send_istream_result result;

    is_int(o_stream_send_istream(null, failing), OSTREAM_SEND_ISTREAM_RESULT_ERROR_INPUT,
           "an error of the input is told");
    is_int(o_stream_send_istream(broken, data), OSTREAM_SEND_ISTREAM_RESULT_ERROR_OUTPUT,
           "and one of the output");
    do
        result = o_stream_send_istream(null, pausing);
    while (result == OSTREAM_SEND_ISTREAM_RESULT_WAIT_INPUT);
    is_int(result, OSTREAM_SEND_ISTREAM_RESULT_FINISHED, "an input may pause");
    o_stream_set_no_error_handling(null, FALSE);
    o_stream_nsend_istream(null, failing);
    is_int(o_stream_flush(null), -1, "nsend_istream keeps the error for the flush");
    is_int(null->stream_errno, EINVAL, "its number");
    is_str(o_stream_get_error(null), "read((error)) failed: gzip is corrupt", "and its text");
    o_stream_ignore_last_errors(null);
    o_stream_unref(&null);
    o_stream_unref(&broken);
    i_stream_unref(&pausing);
    i_stream_unref(&failing);
    i_stream_unref(&data);
}

int main(void)
{
    (void)umask(022);
    lib_init();
    test_file();
    test_file_by_name();
    test_vectors();
    test_full_disk();
    test_overflow();
    test_flush_callback();
    test_random_sends();
    test_blocking_pipe();
    test_buffer();
    test_null_and_error();
    test_passthrough();
    test_temp();
    test_forgotten_errors();
    test_send_istream_errors();
    lib_deinit();
    return done();
}
