/*
 * The tree of MIME parts of a message: where each part lies and how large it is.
 */
#ifndef MESSAGE_PART_H
#define MESSAGE_PART_H

#include "message-size.h"

struct message_part_data;

/** Stored in caches: the numbers never change. */
enum message_part_flags {
    MESSAGE_PART_FLAG_MULTIPART = 0x01,
    MESSAGE_PART_FLAG_MULTIPART_DIGEST = 0x02,
    MESSAGE_PART_FLAG_MESSAGE_RFC822 = 0x04,
    MESSAGE_PART_FLAG_TEXT = 0x08,
    MESSAGE_PART_FLAG_UNUSED = 0x10,
    MESSAGE_PART_FLAG_HAS_NULS = 0x20, /**< in its header or its body */
    MESSAGE_PART_FLAG_IS_MIME = 0x40,  /**< there is a MIME-Version */
    MESSAGE_PART_FLAG_OVERFLOW = 0x80, /**< a limit was met: what is inside was not looked at */
};

struct message_part {
    struct message_part *parent;
    struct message_part *next;
    struct message_part *children;

    uoff_t physical_pos; /**< of its header, from the beginning of the message */
    struct message_size header_size;
    struct message_size body_size;

    struct message_part_data *data; /**< NULL until somebody parsed its headers into it */

    unsigned int children_count; /**< of all generations */
    enum message_part_flags flags;
    void *context; /**< free for whoever walks the tree */
};

DOVECOT_API_BEGIN

/** The number of a part when all are counted in the order of the message, the root being 0. */
unsigned int message_part_to_idx(const struct message_part *part);
/** The inverse; NULL when there are not that many. */
struct message_part *message_part_by_idx(struct message_part *parts, unsigned int idx);
/** Same shape, positions, sizes and flags; two NULLs are equal. */
bool message_part_is_equal(const struct message_part *p1, const struct message_part *p2)
    ATTR_NULL(1, 2);

DOVECOT_API_END

#endif
