/*
 * The boundaries of the multiparts that are open while a message is parsed, and which of them a
 * line is.
 */
#ifndef STORAGE_FORMAT_MIME_BOUNDARY_H
#define STORAGE_FORMAT_MIME_BOUNDARY_H

#include "lib.h"

/** Longer boundaries are compared up to here; RFC 2046 allows 70. */
#define MIME_BOUNDARY_MAX 200
/** How much of a line has to be seen to know: hyphens, boundary, hyphens. */
#define MIME_BOUNDARY_LINE_MAX (2 + MIME_BOUNDARY_MAX + 2)

struct message_part;

struct mime_boundary {
    struct mime_boundary *outer;
    struct message_part *part;       /**< the multipart */
    struct message_part *last_child; /**< the part of it that began last, or NULL */
    size_t length;
    char text[MIME_BOUNDARY_MAX];
};

/** Opens one inside the others. */
void mime_boundary_push(struct mime_boundary **innermost, struct message_part *part,
                        const char *text);
/** Closes the innermost ones up to `last`; with NULL, all. */
void mime_boundary_pop(struct mime_boundary **innermost, struct mime_boundary *last);

/**
 * Which boundary the line is, or NULL. Where several begin it, the longest: generators make outer
 * boundaries that inner ones begin with, and the other way round.
 */
struct mime_boundary *mime_boundary_find(struct mime_boundary *innermost, const unsigned char *line,
                                         size_t size, bool *closing_r);

/** What was found in a piece of a body. */
struct mime_scan {
    size_t body;   /**< bytes that are certainly body; what is behind has to be seen again */
    bool boundary; /**< behind them stands a boundary, with the newline that belongs to it */
};

/**
 * Looks for the first boundary. `line_start`: the data begins a line; `at_end`: no more data will
 * come. Without the latter, a newline at the end and what may become a boundary do not count yet.
 */
struct mime_scan mime_boundary_scan(struct mime_boundary *innermost, const unsigned char *data,
                                    size_t size, bool line_start, bool at_end);

#endif
