/*
 * The form in which texts are compared: nobody's locale has a say in it.
 */
#include "format/unicode-casemap.h"

#include "buffer.h"
#include "format/ascii-prefix.h"
#include "unichar.h"

/* Hangul syllables are made of their letters by arithmetic (The Unicode Standard, §3.12). */
#define HANGUL_FIRST 0xAC00
#define HANGUL_LAST 0xD7A3
#define HANGUL_LEADING 0x1100
#define HANGUL_VOWEL 0x1161
#define HANGUL_TRAILING 0x11A7
#define HANGUL_VOWELS 21
#define HANGUL_TRAILINGS 28

static void append_hangul(unichar_t chr, buffer_t *output)
{
    unsigned int syllable = chr - HANGUL_FIRST;
    unsigned int trailing = syllable % HANGUL_TRAILINGS;
    unsigned int vowel = syllable / HANGUL_TRAILINGS % HANGUL_VOWELS;

    uni_ucs4_to_utf8_c(HANGUL_LEADING + syllable / (HANGUL_TRAILINGS * HANGUL_VOWELS), output);
    uni_ucs4_to_utf8_c(HANGUL_VOWEL + vowel, output);
    if (trailing > 0)
        uni_ucs4_to_utf8_c(HANGUL_TRAILING + trailing, output);
}

static void append_mapped(unichar_t chr, const unsigned char *bytes, size_t size, buffer_t *output)
{
    unsigned int page = unicode_casemap_pages[chr / UNICODE_CASEMAP_PAGE];
    unsigned int entry =
        unicode_casemap_entries[page * UNICODE_CASEMAP_PAGE + chr % UNICODE_CASEMAP_PAGE];
    const uint32_t *mapped = &unicode_casemap_pool[entry];

    if (chr >= HANGUL_FIRST && chr <= HANGUL_LAST) {
        append_hangul(chr, output);
    } else if (entry == 0) {
        buffer_append(output, bytes, size);
    } else {
        for (uint32_t i = 1; i <= mapped[0]; i++)
            uni_ucs4_to_utf8_c(mapped[i], output);
    }
}

static size_t append_ascii(const unsigned char *bytes, size_t size, buffer_t *output)
{
    size_t length = ascii_prefix(bytes, size);
    unsigned char *dest;

    if (length == 0)
        return 0;
    dest = buffer_append_space_unsafe(output, length);
    for (size_t i = 0; i < length; i++)
        dest[i] = (unsigned char)(bytes[i] - ((unsigned char)(bytes[i] - 'a') < 26 ? 32 : 0));
    return length;
}

int uni_utf8_to_decomposed_titlecase(const void *input, size_t size, buffer_t *output)
{
    const unsigned char *bytes = input;
    size_t pos = 0;
    bool after_valid = true;
    int ret = 0;

    while (pos < size) {
        size_t ascii = append_ascii(bytes + pos, size - pos, output);
        unichar_t chr;
        int length;

        pos += ascii;
        if (ascii > 0)
            after_valid = true;
        if (pos == size)
            break;
        length = uni_utf8_get_char_n(bytes + pos, size - pos, &chr);
        if (length > 0) {
            append_mapped(chr, bytes + pos, (size_t)length, output);
            after_valid = true;
            pos += (size_t)length;
            continue;
        }
        if (after_valid)
            buffer_append(output, utf8_replacement_char, UTF8_REPLACEMENT_CHAR_LEN);
        after_valid = false;
        ret = -1;
        pos++;
    }
    return ret;
}

unichar_t uni_ucs4_to_titlecase(unichar_t chr)
{
    unsigned int low = 0, high = unicode_titlecase_runs_count;

    if (chr < 0x80)
        return chr >= 'a' && chr <= 'z' ? chr - 32 : chr;
    while (low < high) {
        unsigned int middle = (low + high) / 2;
        const struct unicode_titlecase_run *run = &unicode_titlecase_runs[middle];

        if (chr < run->first)
            high = middle;
        else if (chr > run->last)
            low = middle + 1;
        else
            return (chr - run->first) % run->step == 0 ? chr + (unichar_t)run->distance : chr;
    }
    return chr;
}
