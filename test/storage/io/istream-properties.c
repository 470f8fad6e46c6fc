/*
 * Input streams against a model: random trees of streams whose bytes are known, used at random. At
 * every moment the window must show the bytes at v_offset, and pointers must outlive reads that
 * bring nothing.
 */
#include "chunky.h"
#include "tap.h"

#include "buffer.h"
#include "istream-callback.h"
#include "istream-concat.h"
#include "istream-crlf.h"
#include "istream-seekable.h"
#include "istream-sized.h"
#include "istream-tee.h"
#include "str.h"
#include "write-full.h"

#include <fcntl.h>

enum { TREES = 1500, STEPS = 120 };

/* A stream and what must come out of it. */
struct tree {
    struct istream *stream;
    buffer_t *bytes;
    string_t *shape;
};

static struct tree make_tree(unsigned int depth, bool pauses, bool seekable);

static buffer_t *random_bytes(void)
{
    size_t size = random_below(4) == 0 ? random_below(20) : random_below(6000);
    buffer_t *bytes = buffer_create_dynamic(default_pool, size + 1);

    for (size_t i = 0; i < size; i++) /* many line ends, and CRs without LF */
        buffer_append_c(bytes, (unsigned char)"ab\r\n\r\ncdefgh\n"[random_below(13)]);
    return bytes;
}

static struct istream *file_of(const buffer_t *bytes)
{
    char name[] = "stream.XXXXXX";
    int fd = mkstemp(name);

    (void)unlink(name);
    (void)write_full(fd, bytes->data, bytes->used);
    return i_stream_create_fd_autoclose(&fd, 1 + random_below(2000));
}

static bool give_pieces(buffer_t *to, buffer_t *from)
{
    size_t most = 1 + random_below(500), piece = I_MIN(from->used, most);

    buffer_append(to, from->data, piece);
    buffer_delete(from, 0, piece);
    return from->used > 0;
}

static void free_buffer(buffer_t *buffer)
{
    buffer_free(&buffer);
}

static struct istream *callback_of(const buffer_t *bytes)
{
    buffer_t *rest = buffer_create_dynamic(default_pool, bytes->used + 1);
    struct istream *stream;

    buffer_append_buf(rest, bytes, 0, SIZE_MAX);
    stream = i_stream_create_callback(give_pieces, rest);
    i_stream_add_destroy_callback(stream, free_buffer, rest);
    return stream;
}

static struct tree make_leaf(bool pauses, bool seekable)
{
    struct tree tree = {.bytes = random_bytes(), .shape = str_new(default_pool, 64)};
    buffer_t *bytes = tree.bytes;

    switch (pauses ? 0 : random_below(seekable ? 3 : 4)) {
    case 0:
        tree.stream =
            chunky_create(bytes->data, bytes->used, 1 + random_below(300), pauses, seekable);
        str_append(tree.shape, "chunky");
        break;
    case 1:
        tree.stream = i_stream_create_from_data(bytes->data, bytes->used);
        str_append(tree.shape, "data");
        break;
    case 2:
        tree.stream = file_of(bytes);
        str_append(tree.shape, "file");
        break;
    default:
        tree.stream = callback_of(bytes);
        str_append(tree.shape, "callback");
        break;
    }
    return tree;
}

/* ---- Filters --------------------------------------------------------------------------------- */

/* The buffers that leaves show must live as long as the tree: they are freed with it. */
static void keep_bytes(struct tree *tree, buffer_t *bytes)
{
    i_stream_add_destroy_callback(tree->stream, free_buffer, bytes);
}

/* Puts `stream` in the place of the tree's, which it holds a reference of. */
static void wrap(struct tree *tree, struct istream *stream, const char *name)
{
    i_stream_unref(&tree->stream);
    tree->stream = stream;
    str_insert(tree->shape, 0, "(");
    str_insert(tree->shape, 0, name);
    str_append_c(tree->shape, ')');
}

static void replace_bytes(struct tree *tree, buffer_t *bytes)
{
    keep_bytes(tree, tree->bytes);
    tree->bytes = bytes;
}

static void add_range(struct tree *tree)
{
    size_t from = random_below((uint32_t)tree->bytes->used + 1);
    size_t size = random_below((uint32_t)(tree->bytes->used - from) + 200);
    buffer_t *bytes = buffer_create_dynamic(default_pool, size + 1);

    buffer_append_buf(bytes, tree->bytes, from, size);
    wrap(tree, i_stream_create_range(tree->stream, from, size), "range");
    replace_bytes(tree, bytes);
}

static void add_crlf(struct tree *tree)
{
    buffer_t *bytes = buffer_create_dynamic(default_pool, tree->bytes->used * 2 + 1);
    const unsigned char *data = tree->bytes->data;

    for (size_t i = 0; i < tree->bytes->used; i++) {
        if (data[i] == '\n' && (i == 0 || data[i - 1] != '\r'))
            buffer_append_c(bytes, '\r');
        buffer_append_c(bytes, data[i]);
    }
    wrap(tree, i_stream_create_crlf(tree->stream), "crlf");
    replace_bytes(tree, bytes);
}

static void add_lf(struct tree *tree)
{
    buffer_t *bytes = buffer_create_dynamic(default_pool, tree->bytes->used + 1);
    const unsigned char *data = tree->bytes->data;

    for (size_t i = 0; i < tree->bytes->used; i++) {
        if (data[i] != '\r' || i + 1 == tree->bytes->used || data[i + 1] != '\n')
            buffer_append_c(bytes, data[i]);
    }
    wrap(tree, i_stream_create_lf(tree->stream), "lf");
    replace_bytes(tree, bytes);
}

static void add_concat(struct tree *tree, unsigned int depth, bool pauses, bool seekable)
{
    struct tree other = make_tree(depth, pauses, seekable);
    struct istream *inputs[] = {tree->stream, other.stream, NULL};
    buffer_t *bytes = buffer_create_dynamic(default_pool, 128);

    buffer_append_buf(bytes, tree->bytes, 0, SIZE_MAX);
    buffer_append_buf(bytes, other.bytes, 0, SIZE_MAX);
    str_append_c(tree->shape, ',');
    str_append_str(tree->shape, other.shape);
    wrap(tree, i_stream_create_concat(inputs), "concat");
    replace_bytes(tree, bytes);
    keep_bytes(tree, other.bytes);
    i_stream_unref(&other.stream);
    str_free(&other.shape);
}

static void add_seekable(struct tree *tree)
{
    struct istream *inputs[] = {tree->stream, NULL};

    wrap(tree, i_stream_create_seekable_path(inputs, random_below(2000), "seekable."), "seekable");
}

static void add_tee(struct tree *tree)
{
    wrap(tree, tee_i_stream_create_child(tee_i_stream_create(tree->stream)), "tee");
}

static void add_filter(struct tree *tree, unsigned int depth, bool pauses, bool seekable)
{
    switch (random_below(seekable ? 6 : 7)) {
    case 0:
        add_range(tree);
        break;
    case 1:
        add_crlf(tree);
        break;
    case 2:
        add_lf(tree);
        break;
    case 3:
        add_concat(tree, depth, pauses, seekable);
        break;
    case 4:
        add_seekable(tree);
        break;
    case 5:
        wrap(tree, i_stream_create_sized(tree->stream, tree->bytes->used), "sized");
        break;
    default:
        add_tee(tree);
        break;
    }
}

static struct tree make_tree(unsigned int depth, bool pauses, bool seekable)
{
    struct tree tree = make_leaf(pauses, seekable);

    for (; depth > 0; depth--)
        add_filter(&tree, depth - 1, pauses, seekable);
    return tree;
}

static void free_tree(struct tree *tree)
{
    keep_bytes(tree, tree->bytes);
    i_stream_destroy(&tree->stream);
    str_free(&tree->shape);
}

/* ---- Use ------------------------------------------------------------------------------------- */

static bool window_is_right(const struct tree *tree)
{
    struct istream *stream = tree->stream;
    size_t size;
    const unsigned char *data = i_stream_get_data(stream, &size);

    if (stream->stream_errno != 0) {
        printf("# error: %s\n", i_stream_get_error(stream));
        return FALSE;
    }
    if (stream->v_offset > tree->bytes->used)
        return size == 0;
    if (stream->v_offset + size > tree->bytes->used ||
        memcmp(data, CONST_PTR_OFFSET(tree->bytes->data, stream->v_offset), size) != 0) {
        printf("# window of %zu bytes at %" PRIu64 " is wrong\n", size, stream->v_offset);
        return FALSE;
    }
    return TRUE;
}

/* A read after which old pointers must hold if it brought nothing. */
static bool read_and_compare(struct istream *stream)
{
    size_t size;
    const unsigned char *data = i_stream_get_data(stream, &size);
    unsigned char *copy = i_malloc(size + 1);
    ssize_t result;
    bool right = TRUE;

    memcpy(copy, data, size);
    result = i_stream_read(stream);
    if (result <= 0)
        right = memcmp(copy, data, size) == 0;
    if (result > 0)
        right = i_stream_get_data_size(stream) == size + (size_t)result;
    i_free(copy);
    if (!right)
        printf("# read returned %zd\n", result);
    return right;
}

static bool step(struct tree *tree, bool seekable)
{
    struct istream *stream = tree->stream;
    const unsigned char *data;
    size_t size;

    switch (random_below(8)) {
    case 0:
        (void)i_stream_read_more(stream, &data, &size);
        break;
    case 1:
        (void)i_stream_read_bytes(stream, &data, &size, 1 + random_below(400));
        break;
    case 2:
        i_stream_skip(stream, random_below(3000));
        break;
    case 3:
        i_stream_skip(stream, random_below((uint32_t)i_stream_get_data_size(stream) + 1));
        break;
    case 4:
        if (seekable)
            i_stream_seek(stream, random_below((uint32_t)tree->bytes->used + 1));
        break;
    case 5:
        (void)i_stream_read_limited(stream, &data, &size, 1 + random_below(100));
        break;
    default:
        if (!read_and_compare(stream))
            return FALSE;
        break;
    }
    return window_is_right(tree);
}

/* From here on every byte must come, and then the end. */
static bool read_to_the_end(struct tree *tree)
{
    struct istream *stream = tree->stream;
    const unsigned char *data;
    size_t size;
    int result;

    while ((result = i_stream_read_more(stream, &data, &size)) >= 0) {
        if (!window_is_right(tree))
            return FALSE;
        i_stream_skip(stream, size);
    }
    if (stream->stream_errno != 0 || !stream->eof || stream->v_offset < tree->bytes->used) {
        printf("# ended at %" PRIu64 " of %zu: %s\n", stream->v_offset, tree->bytes->used,
               i_stream_get_error(stream));
        return FALSE;
    }
    return TRUE;
}

static bool size_is_right(struct tree *tree)
{
    uoff_t size;
    int result = i_stream_get_size(tree->stream, TRUE, &size);

    return result == 0 || (result == 1 && size == tree->bytes->used);
}

static bool try_tree(bool pauses, bool seekable)
{
    struct tree tree = make_tree(random_below(5), pauses, seekable);
    bool right = size_is_right(&tree);

    for (unsigned int i = 0; i < STEPS && right; i++)
        right = step(&tree, seekable);
    if (right && seekable)
        i_stream_seek(tree.stream, 0);
    right = right && read_to_the_end(&tree);
    if (!right)
        printf("# in %s\n", str_c(tree.shape));
    free_tree(&tree);
    return right;
}

static void try_trees(bool pauses, bool seekable, const char *claim)
{
    unsigned int wrong = 0;

    for (unsigned int i = 0; i < TREES; i++) {
        T_BEGIN
        {
            if (!try_tree(pauses, seekable))
                wrong++;
        }
        T_END;
    }
    is_int(wrong, 0, "%s", claim);
}

/* ---- Several readers of one input ------------------------------------------------------------ */

enum { READERS = 3 };

static bool windows_are_right(struct istream *const readers[], buffer_t *bytes)
{
    for (unsigned int i = 0; i < READERS; i++) {
        struct tree tree = {readers[i], bytes, NULL};

        if (!window_is_right(&tree))
            return FALSE;
    }
    return TRUE;
}

/* One reader reads or skips: the windows of the others must stay right. */
static bool step_of_one(struct istream *const readers[], buffer_t *bytes)
{
    struct istream *reader = readers[random_below(READERS)];

    if (random_below(2) == 0)
        (void)i_stream_read(reader);
    else
        i_stream_skip(reader, random_below((uint32_t)i_stream_get_data_size(reader) + 1));
    return windows_are_right(readers, bytes);
}

/* All go on, each as far as the others let it. */
static bool all_come_to_the_end(struct istream *const readers[], buffer_t *bytes)
{
    bool ended = FALSE;

    while (!ended) {
        ended = TRUE;
        for (unsigned int i = 0; i < READERS; i++) {
            if (i_stream_read(readers[i]) != -1)
                ended = FALSE;
            if (!windows_are_right(readers, bytes))
                return FALSE;
            i_stream_skip(readers[i], i_stream_get_data_size(readers[i]));
        }
    }
    for (unsigned int i = 0; i < READERS; i++) {
        if (readers[i]->v_offset != bytes->used)
            return FALSE;
    }
    return TRUE;
}

static bool try_readers(void)
{
    struct tree tree = make_tree(random_below(3), TRUE, FALSE);
    struct tee_istream *tee = tee_i_stream_create(tree.stream);
    struct istream *readers[READERS];
    bool right = TRUE;

    for (unsigned int i = 0; i < READERS; i++)
        readers[i] = tee_i_stream_create_child(tee);
    for (unsigned int i = 0; i < STEPS && right; i++)
        right = step_of_one(readers, tree.bytes);
    right = right && all_come_to_the_end(readers, tree.bytes);
    if (!right)
        printf("# readers of %s\n", str_c(tree.shape));
    for (unsigned int i = 0; i < READERS; i++)
        i_stream_unref(&readers[i]);
    free_tree(&tree);
    return right;
}

static void try_many_readers(void)
{
    unsigned int wrong = 0;

    for (unsigned int i = 0; i < TREES; i++) {
        T_BEGIN
        {
            if (!try_readers())
                wrong++;
        }
        T_END;
    }
    is_int(wrong, 0, "readers of one input do not disturb each other");
}

int main(void)
{
    lib_init();
    try_many_readers();
    try_trees(FALSE, TRUE, "seekable streams show the right bytes wherever they are sought");
    try_trees(FALSE, FALSE, "streams that only flow show the right bytes");
    try_trees(TRUE, FALSE, "streams that pause show the right bytes");
    try_trees(TRUE, TRUE, "streams that pause and can be sought in show the right bytes");
    lib_deinit();
    return done();
}
