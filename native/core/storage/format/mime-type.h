/*
 * As much of a Content-Type as dividing a message into parts needs.
 */
#ifndef STORAGE_FORMAT_MIME_TYPE_H
#define STORAGE_FORMAT_MIME_TYPE_H

#include "format/mime-boundary.h"

enum mime_kind { MIME_TEXT, MIME_MULTIPART, MIME_DIGEST, MIME_MESSAGE, MIME_OTHER };

struct mime_type {
    enum mime_kind kind;
    char boundary[MIME_BOUNDARY_MAX + 1]; /**< "" when it has none */
};

/** text/plain, which a part without a type is. */
void mime_type_reset(struct mime_type *type);
/** Reads a header's value; one that is invalid leaves text/plain (RFC 2045 §5.2). */
void mime_type_parse(struct mime_type *type, const unsigned char *value, size_t size);

#endif
