/*
 * Boundaries on a stack (mime-boundary.h). Their number is limited by the parser, so that finding
 * one takes bounded time.
 */
#include "format/mime-boundary.h"

void mime_boundary_push(struct mime_boundary **innermost, struct message_part *part,
                        const char *text)
{
    struct mime_boundary *boundary = i_new(struct mime_boundary, 1);

    boundary->outer = *innermost;
    boundary->part = part;
    boundary->length = strnlen(text, MIME_BOUNDARY_MAX);
    memcpy(boundary->text, text, boundary->length);
    *innermost = boundary;
}

void mime_boundary_pop(struct mime_boundary **innermost, struct mime_boundary *last)
{
    struct mime_boundary *boundary;

    while ((boundary = *innermost) != NULL) {
        bool done = boundary == last;

        *innermost = boundary->outer;
        i_free(boundary);
        if (done)
            break;
    }
}

struct mime_boundary *mime_boundary_find(struct mime_boundary *innermost, const unsigned char *line,
                                         size_t size, bool *closing_r)
{
    struct mime_boundary *boundary, *found = NULL;

    if (size < 2 || line[0] != '-' || line[1] != '-')
        return NULL;
    line += 2;
    size -= 2;
    for (boundary = innermost; boundary != NULL; boundary = boundary->outer) {
        if (boundary->length <= size && (found == NULL || boundary->length > found->length) &&
            memcmp(line, boundary->text, boundary->length) == 0)
            found = boundary;
    }
    if (found != NULL)
        *closing_r = size >= found->length + 2 && memcmp(line + found->length, "--", 2) == 0;
    return found;
}

/** Bytes of the newline that ends data[0..size), or of the CR that may become one. */
static size_t held_newline(const unsigned char *data, size_t size)
{
    if (size > 0 && data[size - 1] == '\n')
        return size > 1 && data[size - 2] == '\r' ? 2 : 1;
    return size > 0 && data[size - 1] == '\r' ? 1 : 0;
}

/** Whether so little of a line is there that it could still become a boundary. */
static bool may_become_boundary(const unsigned char *line, size_t size)
{
    return size < MIME_BOUNDARY_LINE_MAX && memcmp(line, "--", I_MIN(size, 2)) == 0 &&
           memchr(line, '\n', size) == NULL;
}

struct mime_scan mime_boundary_scan(struct mime_boundary *innermost, const unsigned char *data,
                                    size_t size, bool line_start, bool at_end)
{
    size_t pos = 0;
    bool closing;

    if (innermost == NULL)
        return (struct mime_scan){size, FALSE};
    for (;;) {
        const unsigned char *newline;

        if (line_start) {
            if (!at_end && may_become_boundary(data + pos, size - pos))
                return (struct mime_scan){pos - held_newline(data, pos), FALSE};
            if (mime_boundary_find(innermost, data + pos, size - pos, &closing) != NULL)
                return (struct mime_scan){pos - held_newline(data, pos), TRUE};
        }
        newline = memchr(data + pos, '\n', size - pos);
        if (newline == NULL)
            break;
        pos = (size_t)(newline - data) + 1;
        line_start = TRUE;
    }
    return (struct mime_scan){at_end ? size : size - held_newline(data, size), FALSE};
}
