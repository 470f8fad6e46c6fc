/* Writes the record, without a function that a handler may not call. Private to crash/. */
#ifndef CRASH_TEXT_H
#define CRASH_TEXT_H

#include <stdint.h>

/** What stands in front of a number. */
enum base { DECIMAL = 10, HEXADECIMAL = 16 };

/** Begins a line; the next ones add to it, and text_end makes it visible to readers. */
void text_begin(const char *key);
void text_string(const char *string);
/** Hexadecimal numbers begin with 0x. */
void text_number(uint64_t number, enum base base);
/** A line that does not fit is dropped. */
void text_end(void);

/** One whole line. */
void text_line(const char *key, const char *value);
void text_line_number(const char *key, uint64_t number, enum base base);

#endif
