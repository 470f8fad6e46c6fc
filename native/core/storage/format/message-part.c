/*
 * Finding and comparing parts in the tree of a message.
 */
#include "message-part.h"

unsigned int message_part_to_idx(const struct message_part *part)
{
    const struct message_part *parent, *sibling;
    unsigned int idx = 0;

    for (parent = part->parent; parent != NULL; part = parent, parent = parent->parent) {
        idx++;
        for (sibling = parent->children; sibling != part; sibling = sibling->next)
            idx += 1 + sibling->children_count;
    }
    return idx;
}

struct message_part *message_part_by_idx(struct message_part *parts, unsigned int idx)
{
    struct message_part *part = parts;

    while (part != NULL && idx > 0) {
        idx--;
        if (idx < part->children_count) {
            part = part->children;
        } else {
            idx -= part->children_count;
            part = part->next;
        }
    }
    return part;
}

static bool sizes_equal(const struct message_size *s1, const struct message_size *s2)
{
    return s1->physical_size == s2->physical_size && s1->virtual_size == s2->virtual_size &&
           s1->lines == s2->lines;
}

bool message_part_is_equal(const struct message_part *p1, const struct message_part *p2)
{
    for (; p1 != NULL && p2 != NULL; p1 = p1->next, p2 = p2->next) {
        if (p1->physical_pos != p2->physical_pos || p1->flags != p2->flags ||
            p1->children_count != p2->children_count ||
            !sizes_equal(&p1->header_size, &p2->header_size) ||
            !sizes_equal(&p1->body_size, &p2->body_size) ||
            !message_part_is_equal(p1->children, p2->children))
            return FALSE;
    }
    return p1 == p2;
}
