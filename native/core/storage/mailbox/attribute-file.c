/*
 * Attributes in a file: a line with the key, a line with the value, both tab-escaped. The file is
 * replaced as a whole, under a lock; readers need none.
 */
#include "attributes.h"

#include <fcntl.h>
#include <unistd.h>

#include "file-dotlock.h"
#include "istream.h"
#include "str.h"
#include "strescape.h"
#include "write-full.h"

enum { LINE_MAX_SIZE = 64 * 1024 * 1024, LOCK_SECS = 30, STALE_SECS = 120 };

static int pair_compare(const struct attribute_pair *pair1, const struct attribute_pair *pair2)
{
    return strcmp(pair1->key, pair2->key);
}

static void read_pairs(pool_t pool, struct istream *input, ARRAY_TYPE(attribute_pairs) * pairs)
{
    const char *line;
    char *key;
    struct attribute_pair *pair;

    while ((line = i_stream_read_next_line(input)) != NULL) {
        key = p_strdup(pool, str_tabunescape(t_strdup_noconst(line)));
        line = i_stream_read_next_line(input);
        if (line == NULL)
            return; /* a key without a value: a writer that replaced nothing never leaves one */
        pair = array_append_space(pairs);
        pair->key = key;
        pair->value = p_strdup(pool, str_tabunescape(t_strdup_noconst(line)));
    }
}

int attribute_file_read(pool_t pool, const char *path, ARRAY_TYPE(attribute_pairs) * pairs,
                        const char **error_r)
{
    struct istream *input = i_stream_create_file(path, LINE_MAX_SIZE);
    int result = 0;

    read_pairs(pool, input, pairs);
    if (input->stream_errno != 0 && input->stream_errno != ENOENT) {
        *error_r = t_strdup_printf("read(%s) failed: %s", path, i_stream_get_error(input));
        result = -1;
    }
    i_stream_unref(&input);
    array_sort(pairs, pair_compare);
    return result;
}

static void apply(ARRAY_TYPE(attribute_pairs) * pairs, const struct attribute_pair *change)
{
    const struct attribute_pair *pair;
    unsigned int i, count = array_count(pairs);

    for (i = 0; i < count; i++) {
        pair = array_idx(pairs, i);
        if (strcmp(pair->key, change->key) == 0) {
            array_delete(pairs, i, 1);
            break;
        }
    }
    if (change->value != NULL)
        array_push_back(pairs, change);
}

static string_t *pairs_to_text(ARRAY_TYPE(attribute_pairs) * pairs)
{
    const struct attribute_pair *pair;
    string_t *text = t_str_new(1024);

    array_sort(pairs, pair_compare);
    array_foreach(pairs, pair)
    {
        str_append_tabescaped(text, pair->key);
        str_append_c(text, '\n');
        str_append_tabescaped(text, pair->value);
        str_append_c(text, '\n');
    }
    return text;
}

static int write_file(int fd, const char *path, const string_t *text, const char **error_r)
{
    if (write_full(fd, str_data(text), str_len(text)) == 0 && fdatasync(fd) == 0)
        return 0;
    *error_r = t_strdup_printf("write(%s) failed: %s", path, strerror(errno));
    return -1;
}

static int change_locked(const char *path, int fd, const ARRAY_TYPE(attribute_pairs) * changes,
                         const char **error_r)
{
    const struct attribute_pair *change;
    ARRAY_TYPE(attribute_pairs) pairs;

    t_array_init(&pairs, 32);
    if (attribute_file_read(pool_datastack_create(), path, &pairs, error_r) < 0)
        return -1;
    array_foreach(changes, change)
    {
        apply(&pairs, change);
    }
    return write_file(fd, path, pairs_to_text(&pairs), error_r);
}

int attribute_file_change(const char *path, const ARRAY_TYPE(attribute_pairs) * changes,
                          const char **error_r)
{
    const struct dotlock_settings settings = {.timeout = LOCK_SECS, .stale_timeout = STALE_SECS};
    struct dotlock *lock;
    int fd;

    fd = file_dotlock_open(&settings, path, 0, &lock);
    if (fd == -1) {
        *error_r = errno == EAGAIN
                       ? t_strdup_printf("Timeout while waiting for the lock of %s", path)
                       : t_strdup_printf("file_dotlock_open(%s) failed: %s", path, strerror(errno));
        return -1;
    }
    if (change_locked(path, fd, changes, error_r) < 0) {
        file_dotlock_delete(&lock);
        return -1;
    }
    if (file_dotlock_replace(&lock, DOTLOCK_REPLACE_FLAG_VERIFY_OWNER) > 0)
        return 0;
    *error_r = t_strdup_printf("file_dotlock_replace(%s) failed: %s", path, strerror(errno));
    return -1;
}
