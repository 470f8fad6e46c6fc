/*
 * The words of a search, one after the other, wherever they come from.
 */
#ifndef MAIL_SEARCH_PARSER_H
#define MAIL_SEARCH_PARSER_H

#include "lib.h"

struct imap_arg;
struct mail_search_parser;

/** mail_search_parse_key() returns it where a list begins. */
#define MAIL_SEARCH_PARSER_KEY_LIST "("

DOVECOT_API_BEGIN

/** Both keep a pointer to `args`. */
struct mail_search_parser *mail_search_parser_init_imap(const struct imap_arg *args);
struct mail_search_parser *mail_search_parser_init_cmdline(const char *const args[]);
void mail_search_parser_deinit(struct mail_search_parser **parser);

/** 1 and a key in upper case or a list, 0 the list or the query has ended, -1 error. */
int mail_search_parse_key(struct mail_search_parser *parser, const char **key_r);
/** 0 and a string, -1 error. */
int mail_search_parse_string(struct mail_search_parser *parser, const char **value_r);
/** Takes the next word if it is this one. */
bool mail_search_parse_skip_next(struct mail_search_parser *parser, const char *str);

const char *mail_search_parser_get_error(struct mail_search_parser *parser);

DOVECOT_API_END

#endif
