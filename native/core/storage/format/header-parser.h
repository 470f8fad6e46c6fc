/*
 * What the MIME parser needs of the header parser beyond message-header-parser.h.
 */
#ifndef STORAGE_FORMAT_HEADER_PARSER_H
#define STORAGE_FORMAT_HEADER_PARSER_H

#include "message-header-parser.h"

/**
 * Takes the line given last back: it is no header, the headers have ended before it. The stream
 * stands at its first byte, and the parser gives no more lines.
 */
void message_parse_header_unread(struct message_header_parser_ctx *ctx);

#endif
