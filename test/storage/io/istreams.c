/*
 * Input streams one by one: what each promises at its edges.
 */
#include "chunky.h"
#include "tap.h"

#include "istream-callback.h"
#include "istream-concat.h"
#include "istream-crlf.h"
#include "istream-seekable.h"
#include "istream-sized.h"
#include "istream-tee.h"
#include "str.h"
#include "write-full.h"

#include <fcntl.h>

static struct istream *from_text(const char *text)
{
    return i_stream_create_from_data(text, strlen(text));
}

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

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    (void)write_full(fd, text, strlen(text));
    i_close_fd(&fd);
}

static void test_data(void)
{
    struct istream *stream = from_text("hello");
    size_t size;

    is_int((intmax_t)i_stream_get_data_size(stream), 5, "data is in the window from the start");
    is_int(i_stream_read(stream), -1, "reading it says end");
    ok(stream->eof && stream->stream_errno == 0, "which is no error");
    i_stream_skip(stream, 2);
    ok(memcmp(i_stream_get_data(stream, &size), "llo", 3) == 0 && size == 3, "skip moves on");
    i_stream_seek(stream, 1);
    ok(!stream->eof, "seeking takes the end back");
    is_int(i_stream_read(stream), 4, "after a seek the bytes are read again");
    i_stream_seek(stream, 100);
    is_int(i_stream_read(stream), -1, "beyond the end there is nothing");
    is_int(i_stream_get_size(stream, TRUE, &(uoff_t){0}), 1, "the size is known");
    i_stream_unref(&stream);
    ok(stream == NULL, "unref forgets the pointer");
}

static void test_copied_data(void)
{
    char text[] = "copied";
    struct istream *stream = i_stream_create_copy_from_data(text, 6);

    memset(text, 'x', 6);
    is_str(rest_of(stream), "copied", "copied data outlives its source");
    i_stream_unref(&stream);
    stream = i_stream_create_copy_from_data(NULL, 0);
    ok(i_stream_read_eof(stream), "copied data may be empty");
    i_stream_unref(&stream);
}

static void test_file(void)
{
    const struct stat *st;
    struct istream *stream;
    uoff_t size;
    int fd;

    write_file("file", "one\ntwo\n");
    fd = open("file", O_RDONLY);
    (void)lseek(fd, 4, SEEK_SET);
    stream = i_stream_create_fd_autoclose(&fd, 1024);
    is_int(fd, -1, "an autoclosed descriptor is taken over");
    ok(stream->blocking && stream->seekable && stream->readable_fd, "a file blocks and can seek");
    is_str(i_stream_read_next_line(stream), "one", "a file is read from its beginning");
    ok(i_stream_stat(stream, TRUE, &st) == 0 && st->st_size == 8, "stat tells its size");
    ok(i_stream_get_size(stream, TRUE, &size) == 1 && size == 8, "and so does get_size");
    fd = i_stream_get_fd(stream);
    i_stream_destroy(&stream);
    ok(fcntl(fd, F_GETFD) < 0, "it closes the descriptor");

    stream = i_stream_create_file("file", 1024);
    is_int(i_stream_get_fd(stream), -1, "a file by name is not open yet");
    is_str(i_stream_get_name(stream), "file", "it is named after its path");
    write_file("file", "new text");
    is_str(rest_of(stream), "new text", "the first read opens it");
    write_file("file", "other text!");
    i_stream_seek(stream, 0);
    i_stream_sync(stream);
    is_str(rest_of(stream), "other text!", "sync shows what changed");
    i_stream_destroy(&stream);

    stream = i_stream_create_file("missing", 1024);
    is_int(i_stream_read(stream), -1, "a missing file is an error");
    is_int(stream->stream_errno, ENOENT, "which is ENOENT");
    is_str(i_stream_get_error(stream), "open(missing) failed: No such file or directory",
           "and has a text");
    i_stream_destroy(&stream);
}

static void test_pipe(void)
{
    struct istream *stream;
    int fds[2];

    (void)pipe(fds);
    fd_set_nonblock(fds[0], TRUE);
    stream = i_stream_create_fd(fds[0], 4);
    is_int(i_stream_read(stream), 0, "an empty pipe has nothing yet");
    (void)write_full(fds[1], "abcdef", 6);
    is_int(i_stream_read(stream), 4, "a buffer of 4 takes 4");
    is_int(i_stream_read(stream), -2, "and is full then");
    i_stream_skip(stream, 5);
    is_int(i_stream_read(stream), 1, "a skip beyond the window is carried out by the next read");
    is_int((intmax_t)stream->v_offset, 5, "and counts");
    i_stream_seek(stream, 0);
    is_int(stream->stream_errno, ESPIPE, "a pipe cannot go back");
    i_stream_unref(&stream);
    i_close_fd(&fds[0]);
    i_close_fd(&fds[1]);
}

static void test_seek_back_in_buffer(void)
{
    struct istream *stream = chunky_create("0123456789", 10, 100, FALSE, FALSE);

    i_stream_set_max_buffer_size(stream, 100);
    i_stream_set_init_buffer_size(stream, 16);
    (void)i_stream_read_bytes(stream, &(const unsigned char *){NULL}, &(size_t){0}, 10);
    i_stream_skip(stream, 8);
    i_stream_seek(stream, 3);
    is_int((intmax_t)i_stream_get_data_size(stream), 0, "after going back the window is empty");
    is_int(i_stream_read(stream), 7, "the next read gives the bytes again");
    is_str(rest_of(stream), "3456789", "from there on");
    i_stream_unref(&stream);
}

static void test_lines(void)
{
    struct istream *stream = from_text("one\r\n\ntwo\rtwo\nlast");
    char *line;

    is_str(i_stream_next_line(stream), "one", "a line ends before its CRLF");
    ok(i_stream_last_line_crlf(stream), "which can be asked for");
    line = i_stream_next_line(stream);
    is_str(line, "", "a line may be empty");
    ok(!i_stream_last_line_crlf(stream), "LF is not CRLF");
    is_str(i_stream_next_line(stream), "two\rtwo", "a CR within a line is kept");
    is_str(i_stream_read_next_line(stream), NULL, "without LF it is no line");
    i_stream_set_return_partial_line(stream, TRUE);
    is_str(i_stream_read_next_line(stream), "last", "unless one wants it to be");
    is_str(i_stream_read_next_line(stream), NULL, "then it is over");
    i_stream_seek(stream, 0);
    is_str(i_stream_read_next_line(stream), "one", "lines are read again after a seek");
    i_stream_unref(&stream);

    stream = chunky_create("too long a line\n", 16, 1, FALSE, FALSE);
    stream->real_stream->max_buffer_size = 8;
    stream->real_stream->init_buffer_size = 8;
    is_str(i_stream_read_next_line(stream), NULL, "a line longer than the buffer is not given");
    is_int(stream->stream_errno, ENOBUFS, "that is ENOBUFS");
    i_stream_unref(&stream);
}

static void test_limit(void)
{
    struct istream *parent = from_text("0123456789"), *stream;
    uoff_t size;

    i_stream_skip(parent, 2);
    stream = i_stream_create_limit(parent, 5);
    is_str(rest_of(stream), "23456", "a limit begins where its parent stands");
    i_stream_seek(stream, 3);
    is_str(rest_of(stream), "56", "it can be sought in");
    is_int((intmax_t)i_stream_get_absolute_offset(stream), 7, "and knows the absolute offset");
    ok(i_stream_get_size(stream, TRUE, &size) == 1 && size == 5, "and its size");
    i_stream_seek(stream, 1);
    i_stream_unref(&stream);
    is_int((intmax_t)parent->v_offset, 3, "its parent goes on where it stopped");
    stream = i_stream_create_range(parent, 4, UOFF_T_MAX);
    is_str(rest_of(stream), "789", "a range ends with its parent");
    i_stream_unref(&stream);
    i_stream_unref(&parent);
}

static void test_shared_parent(void)
{
    struct istream *parent = chunky_create("0123456789", 10, 3, FALSE, TRUE);
    struct istream *first = i_stream_create_limit(parent, 6);
    struct istream *second = i_stream_create_range(parent, 4, 6);
    const unsigned char *data;
    size_t size;

    i_stream_set_max_buffer_size(parent, 100);
    (void)i_stream_read_bytes(first, &data, &size, 6);
    ok(size >= 6 && memcmp(data, "012345", 6) == 0, "one child reads");
    is_str(rest_of(second), "456789", "another child of the same parent reads elsewhere");
    is_int((intmax_t)i_stream_get_data_size(first), 0,
           "the first one's window is not trusted then");
    is_str(rest_of(first), "012345", "but its bytes come back");
    i_stream_unref(&first);
    i_stream_unref(&second);
    i_stream_unref(&parent);
}

static void test_sized(void)
{
    struct istream *parent = from_text("12345"), *stream = i_stream_create_sized(parent, 5);

    is_str(rest_of(stream), "12345", "the right size is no error");
    i_stream_unref(&stream);
    i_stream_seek(parent, 0);
    stream = i_stream_create_sized(parent, 6);
    (void)rest_of(stream);
    is_int(stream->stream_errno, EPIPE, "too short is EPIPE");
    is_str(i_stream_get_error(stream), "The input ended after 5 of 6 bytes", "with a text");
    i_stream_unref(&stream);
    i_stream_seek(parent, 0);
    stream = i_stream_create_sized(parent, 4);
    (void)rest_of(stream);
    is_int(stream->stream_errno, EINVAL, "too long is EINVAL");
    is_int((intmax_t)stream->v_offset, 4, "after what was expected");
    i_stream_unref(&stream);
    i_stream_seek(parent, 0);
    stream = i_stream_create_min_sized(parent, 4);
    is_str(rest_of(stream), "12345", "a least size may be exceeded");
    i_stream_unref(&stream);
    i_stream_unref(&parent);
}

static const char *own_error(const struct istream_sized_error_data *data, char *what)
{
    return t_strdup_printf("%s is not %" PRIu64 " bytes", what, data->wanted_size);
}

static void test_sized_with_own_error(void)
{
    char what_text[] = "mail", *what = what_text;
    struct istream *parent = from_text("12");
    struct istream *stream = i_stream_create_sized_with_callback(parent, 3, own_error, what);

    is_str(rest_of(stream), "mail is not 3 bytes", "a sized stream may word its own error");
    i_stream_unref(&stream);
    i_stream_unref(&parent);
}

static void test_tee(void)
{
    struct istream *input = chunky_create("0123456789", 10, 4, FALSE, FALSE);
    struct tee_istream *tee;
    struct istream *fast, *slow;
    ssize_t result;

    input->real_stream->max_buffer_size = 4;
    input->real_stream->init_buffer_size = 4;
    input->blocking = FALSE;
    tee = tee_i_stream_create(input);
    fast = tee_i_stream_create_child(tee);
    slow = tee_i_stream_create_child(tee);
    i_stream_unref(&input);
    while ((result = i_stream_read(fast)) > 0)
        i_stream_skip(fast, (uoff_t)result);
    is_int(result, 0, "a reader that is ahead of a full buffer has to wait");
    ok(tee_i_stream_child_is_waiting(fast), "and says so");
    is_int((intmax_t)fast->v_offset, 4, "at the buffer's end");
    while ((result = i_stream_read(slow)) > 0)
        continue;
    is_int(result, -2, "the slow one sees a full buffer");
    i_stream_skip(slow, 3);
    ok(i_stream_read(fast) > 0, "when the slow one moves, the fast one can");
    is_str(rest_of(slow), "34567", "the slow one goes on until the other holds it up");
    ok(tee_i_stream_child_is_waiting(slow), "and waits in its turn");
    i_stream_unref(&slow);
    is_str(rest_of(fast), "456789", "a reader that is gone holds nobody back");
    i_stream_unref(&fast);
}

static bool fail_at_once(buffer_t *buf, struct istream **stream)
{
    buffer_append(buf, "x", 1);
    i_stream_callback_set_error(*stream, EIO, "callback is broken");
    return FALSE;
}

static void test_callback(void)
{
    struct istream *stream, **address = &stream;

    stream = i_stream_create_callback(fail_at_once, address);
    i_stream_callback_append_str(stream, "header ");
    ok(i_stream_read(stream) == 7, "what was put before comes first");
    i_stream_skip(stream, 7);
    (void)i_stream_read(stream);
    is_int(i_stream_read(stream), -1, "a callback can fail");
    is_str(i_stream_get_error(stream), "callback is broken", "with its own text");
    i_stream_unref(&stream);
}

static int no_file(const char **path_r, void *context)
{
    (void)path_r;
    (*(int *)context)++;
    return -1;
}

static int full_disk(const char **path_r, void *context)
{
    (void)context;
    *path_r = "/dev/full";
    return open("/dev/full", O_RDWR);
}

static void test_seekable(void)
{
    struct istream *inputs[] = {NULL, NULL};
    struct istream *stream;
    int asked = 0;

    inputs[0] = chunky_create("0123456789", 10, 3, FALSE, FALSE);
    stream = i_stream_create_seekable(inputs, 4, no_file, &asked);
    is_str(rest_of(stream), "0123456789", "without a temporary file it stays in memory");
    is_int(asked, 1, "and asks only once");
    i_stream_seek(stream, 2);
    is_str(rest_of(stream), "23456789", "it can be sought in");
    i_stream_unref(&stream);
    i_stream_unref(&inputs[0]);

    inputs[0] = chunky_create("0123456789", 10, 3, FALSE, FALSE);
    stream = i_streams_merge(inputs, 4, full_disk, NULL);
    is_str(rest_of(stream), "0123456789", "a full disk does no harm");
    i_stream_seek(stream, 7);
    is_str(rest_of(stream), "789", "and what was read is still there");
    i_stream_unref(&stream);
    i_stream_unref(&inputs[0]);

    inputs[0] = i_stream_create_error_str(EIO, "the disk is on fire");
    stream = i_streams_merge(inputs, 4, no_file, &asked);
    is_str(rest_of(stream), "read((error)) failed: the disk is on fire",
           "an error of an input is passed on");
    i_stream_unref(&stream);
    i_stream_unref(&inputs[0]);
}

static void add_letter(string_t *letters)
{
    str_append_c(letters, 'd');
}

static void test_life(void)
{
    string_t *letters = t_str_new(8);
    struct istream *parent = from_text("text"), *child = i_stream_create_limit(parent, 4);
    struct istream *last = child;

    i_stream_add_destroy_callback(child, add_letter, letters);
    i_stream_add_destroy_callback(parent, add_letter, letters);
    i_stream_ref(child);
    i_stream_unref(&child);
    is_str(str_c(letters), "", "a reference keeps a stream");
    (void)i_stream_read(last);
    i_stream_close(last);
    ok(parent->closed, "closing closes the parents");
    is_int(i_stream_read(last), -1, "a closed stream reads no more");
    is_int(last->stream_errno, EPIPE, "that is EPIPE");
    is_int((intmax_t)i_stream_get_data_size(last), 4, "its window stays");
    i_stream_unref(&last);
    is_str(str_c(letters), "d", "the last reference destroys");
    i_stream_remove_destroy_callback(parent, add_letter);
    i_stream_unref(&parent);
    is_str(str_c(letters), "d", "a callback can be taken back");
}

static void test_names_and_errors(void)
{
    struct istream *parent = from_text("text"), *child = i_stream_create_limit(parent, 4);

    i_stream_set_name(parent, "mother");
    is_str(i_stream_get_name(child), "mother", "a child has its parent's name");
    is_str(i_stream_get_error(child), "<no error>", "at first there is no error");
    (void)rest_of(child);
    is_str(i_stream_get_error(child), "EOF", "then the end");
    is_str(i_stream_get_disconnect_reason(child), "Connection closed", "which is a clean one");
    i_stream_unref(&child);
    i_stream_unref(&parent);
    parent = i_stream_create_error(EACCES);
    is_str(rest_of(parent), "Permission denied", "an error stream fails");
    is_str(i_stream_get_disconnect_reason(parent), "Connection closed: Permission denied",
           "and says so in the reason");
    i_stream_unref(&parent);
}

static void test_add_data(void)
{
    struct istream *stream = chunky_create("", 0, 1, FALSE, FALSE);

    i_stream_set_max_buffer_size(stream, 4);
    i_stream_set_init_buffer_size(stream, 4);
    ok(i_stream_add_data(stream, (const unsigned char *)"abc", 3), "bytes can be added");
    ok(!i_stream_add_data(stream, (const unsigned char *)"de", 2), "as far as there is room");
    is_int((intmax_t)i_stream_get_data_size(stream), 3, "or none are");
    i_stream_unref(&stream);
}

static void test_nonpersistent_buffers(void)
{
    struct istream *stream = chunky_create("0123", 4, 100, FALSE, FALSE);

    i_stream_set_persistent_buffers(stream, FALSE);
    i_stream_skip(stream, (uoff_t)i_stream_read(stream));
    ok(stream->real_stream->memarea == NULL, "an empty buffer is given back");
    i_stream_unref(&stream);
}

int main(void)
{
    lib_init();
    test_data();
    test_copied_data();
    test_file();
    test_pipe();
    test_seek_back_in_buffer();
    test_lines();
    test_limit();
    test_shared_parent();
    test_sized();
    test_sized_with_own_error();
    test_tee();
    test_callback();
    test_seekable();
    test_life();
    test_names_and_errors();
    test_add_data();
    test_nonpersistent_buffers();
    lib_deinit();
    return done();
}
