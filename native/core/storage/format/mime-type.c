/*
 * Content-Type for the MIME parser (mime-type.h). Everything else that it says is read by
 * message-part-data.c.
 */
#include "format/mime-type.h"

#include "rfc2231-parser.h"
#include "rfc822-parser.h"
#include "str.h"

void mime_type_reset(struct mime_type *type)
{
    type->kind = MIME_TEXT;
    type->boundary[0] = '\0';
}

static enum mime_kind kind_of(const char *name)
{
    if (strncasecmp(name, "text/", 5) == 0)
        return MIME_TEXT;
    if (strcasecmp(name, "message/rfc822") == 0 || strcasecmp(name, "message/global") == 0)
        return MIME_MESSAGE;
    if (strcasecmp(name, "multipart/digest") == 0)
        return MIME_DIGEST;
    return strncasecmp(name, "multipart/", 10) == 0 ? MIME_MULTIPART : MIME_OTHER;
}

void mime_type_parse(struct mime_type *type, const unsigned char *value, size_t size)
{
    struct rfc822_parser_context parser;
    string_t *name = t_str_new(64);
    const char *const *params;

    mime_type_reset(type);
    rfc822_parser_init(&parser, value, size, NULL);
    (void)rfc822_skip_lwsp(&parser);
    if (rfc822_parse_content_type(&parser, name) >= 0) {
        type->kind = kind_of(str_c(name));
        (void)rfc2231_parse(&parser, &params);
        for (; *params != NULL; params += 2) {
            if (strcasecmp(params[0], "boundary") == 0) {
                size_t length = strnlen(params[1], MIME_BOUNDARY_MAX);

                memcpy(type->boundary, params[1], length);
                type->boundary[length] = '\0';
            }
        }
    }
    rfc822_parser_deinit(&parser);
}
