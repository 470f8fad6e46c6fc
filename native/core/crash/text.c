/*
 * Lines `key=value` in the marker. Its size grows by whole lines, so whoever reads it while, or
 * after, it is written finds no half ones.
 */
#include "crash/text.h"

#include <marker.h>
#include <stddef.h>

/** Where the next character goes; may run past the end of the room, where nothing is written. */
static size_t position;
/** The end of the whole lines. The marker has it too, but anybody may have written there. */
static size_t written;

static void put(char character)
{
    if (position < VSMTP_MARKER_CRASH_TEXT)
        vsmtp_marker_get()->crash_text[position] = character;
    position++;
}

void text_string(const char *string)
{
    for (; *string != '\0'; string++) {
        /* it would end the line */
        if (*string == '\n')
            put(' ');
        else
            put(*string);
    }
}

void text_number(uint64_t number, enum base base)
{
    char digits[24];
    size_t count = 0;

    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    if (base == HEXADECIMAL)
        text_string("0x");
    while (count > 0)
        put(digits[--count]);
}

void text_begin(const char *key)
{
    position = written;
    text_string(key);
    put('=');
}

void text_end(void)
{
    put('\n');
    if (position > VSMTP_MARKER_CRASH_TEXT)
        return;
    written = position;
    __atomic_store_n(&vsmtp_marker_get()->crash_size, (int32_t)written, __ATOMIC_RELEASE);
}

void text_line(const char *key, const char *value)
{
    text_begin(key);
    text_string(value);
    text_end();
}

void text_line_number(const char *key, uint64_t number, enum base base)
{
    text_begin(key);
    text_number(number, base);
    text_end();
}
