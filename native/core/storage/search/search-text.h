/*
 * A search written as IMAP text: `seen from "x" (or larger 1000 uid 3:7)`.
 */
#ifndef STORAGE_SEARCH_SEARCH_TEXT_H
#define STORAGE_SEARCH_SEARCH_TEXT_H

#include "lib.h"

#include "mail-search.h"

/**
 * Reads the text of a SEARCH command, as RFC 9051 §6.4.4 has it and with the keys of its extensions:
 * `CHARSET x` may stand first, literals are `{size}` and a line end. Text is UTF-8 unless it says
 * otherwise; dates and sizes may also be written as people do (`2024-01-31`, `3 days`, `10M`). An
 * empty text means ALL. 0 and criteria to unref, or -1 and what is wrong.
 */
int search_text_parse(const char *text, struct mail_search_args **args_r, const char **error_r);

#endif
