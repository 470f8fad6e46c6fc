/*
 * What a delivery needs to know of a uidlist: its header and its last record, whatever lies between.
 */
#include "maildir/uidlist.h"

#include "maildir/failure.h"
#include "maildir/uidlist-format.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than any record can have. */
enum { TAIL_SIZE = 8192 };

/* The last whole line among these bytes, NUL-terminated; NULL if its beginning is not there. */
static char *last_line(char *text, size_t *size)
{
    char *end = memrchr(text, '\n', *size), *before;

    if (end == NULL)
        return NULL;
    *size = (size_t)(end + 1 - text);
    *end = '\0';
    before = memrchr(text, '\n', (size_t)(end - text));
    return before == NULL ? NULL : before + 1;
}

static int parse_tail(struct maildir_uidlist *list, int fd, uoff_t file_size,
                      struct maildir_uidlist_tail *tail_r)
{
    size_t size = (size_t)I_MIN(file_size, TAIL_SIZE), head_size = size;
    char *text = t_malloc_no0(TAIL_SIZE + 1), *header_end, *line;
    uoff_t offset = file_size - size;
    struct maildir_uidlist_header header;
    uint32_t uid;

    if (maildir_uidlist_read_range(list, fd, text, 0, &head_size) < 0)
        return -1;
    header_end = memchr(text, '\n', head_size);
    if (header_end == NULL)
        return 0;
    *header_end = '\0';
    if (!maildir_uidlist_parse_header(text, &header) || header.version != 3 ||
        guid_128_is_empty(header.guid))
        return 0;
    tail_r->uid_validity = header.uid_validity;
    tail_r->next_uid = I_MAX(1, header.next_uid);
    *header_end = '\n';
    if (offset > 0 && maildir_uidlist_read_range(list, fd, text, offset, &size) < 0)
        return -1;
    if (offset == 0)
        size = head_size;
    line = last_line(text, &size);
    tail_r->size = offset + size;
    if (line == NULL) /* the header alone */
        return offset == 0 ? 1 : 0;
    if (str_parse_uint32(line, &uid, NULL) < 0)
        return 0;
    tail_r->next_uid = I_MAX(tail_r->next_uid, uid + 1);
    return 1;
}

int maildir_uidlist_read_tail(struct maildir_uidlist *list, struct maildir_uidlist_tail *tail_r)
{
    struct stat st;
    int fd = open(list->path, O_RDONLY | O_CLOEXEC), result;

    if (fd < 0)
        return errno == ENOENT ? 0 : maildir_failed(list->box, "open", list->path);
    if (fstat(fd, &st) < 0) {
        result = maildir_failed(list->box, "fstat", list->path);
    } else {
        T_BEGIN
        {
            result = parse_tail(list, fd, (uoff_t)st.st_size, tail_r);
        }
        T_END;
    }
    (void)close(fd);
    return result;
}
