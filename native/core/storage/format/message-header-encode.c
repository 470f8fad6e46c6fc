/*
 * Encoded words (RFC 2047), written. A word is at most 75 characters and a line 76; a character of
 * UTF-8 is never divided between two words.
 */
#include "message-header-encode.h"

#include "base64.h"
#include "message-header-parser.h"
#include "str.h"
#include "unichar.h"

#define LINE_MAX_LENGTH 76
#define WORD_BEGIN_Q "=?utf-8?q?"
#define WORD_BEGIN_B "=?utf-8?b?"
#define WORD_END "?="
#define WORD_OVERHEAD (sizeof(WORD_BEGIN_Q) - 1 + sizeof(WORD_END) - 1)
/** What an encoded character may need: four bytes as `=XX`. */
#define CHAR_MAX_LENGTH 12

/** The next character, and how many bytes of input it takes: U+FFFD for a run of what is none. */
static size_t next_char(const unsigned char *input, size_t len, const unsigned char **chr_r,
                        size_t *chr_len_r)
{
    unichar_t chr;
    int size = uni_utf8_get_char_n(input, len, &chr);
    size_t skip = 0;

    if (size > 0) {
        *chr_r = input;
        *chr_len_r = (size_t)size;
        return (size_t)size;
    }
    while (skip < len && size <= 0) {
        skip++;
        size = skip < len ? uni_utf8_get_char_n(input + skip, len - skip, &chr) : 0;
    }
    *chr_r = utf8_replacement_char;
    *chr_len_r = UTF8_REPLACEMENT_CHAR_LEN;
    return skip;
}

static bool q_is_plain(unsigned char byte)
{
    /* Those that are allowed everywhere, phrases too (RFC 2047 §5.3). */
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || (byte != '\0' && strchr("!*+-/", byte) != NULL);
}

static void append_q(string_t *output, const unsigned char *chr, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (q_is_plain(chr[i]))
            str_append_c(output, chr[i]);
        else if (chr[i] == ' ')
            str_append_c(output, '_');
        else
            str_printfa(output, "=%02X", chr[i]);
    }
}

/** Folds the line if no more than the word's frame would fit; a space that is there already serves. */
static size_t begin_word(string_t *output, const char *begin, size_t line_len)
{
    size_t length = str_len(output);

    if (line_len + WORD_OVERHEAD + CHAR_MAX_LENGTH > LINE_MAX_LENGTH) {
        if (length > 0 && IS_LWSP(str_data(output)[length - 1]))
            str_insert(output, length - 1, "\n");
        else
            str_append(output, "\n\t");
        line_len = 1;
    }
    str_append(output, begin);
    return line_len + WORD_OVERHEAD;
}

void message_header_encode_q(const unsigned char *input, size_t len, string_t *output,
                             size_t first_line_len)
{
    size_t line_len = begin_word(output, WORD_BEGIN_Q, first_line_len);

    while (len > 0) {
        const unsigned char *chr;
        size_t chr_len, skip = next_char(input, len, &chr, &chr_len), before = str_len(output);

        append_q(output, chr, chr_len);
        line_len += str_len(output) - before;
        input += skip;
        len -= skip;
        if (len > 0 && line_len + CHAR_MAX_LENGTH > LINE_MAX_LENGTH) {
            str_append(output, WORD_END "\n\t" WORD_BEGIN_Q);
            line_len = 1 + WORD_OVERHEAD;
        }
    }
    str_append(output, WORD_END);
}

void message_header_encode_b(const unsigned char *input, size_t len, string_t *output,
                             size_t first_line_len)
{
    size_t line_len = begin_word(output, WORD_BEGIN_B, first_line_len);
    buffer_t *word = buffer_create_dynamic(default_pool, 64);

    while (len > 0) {
        const unsigned char *chr;
        size_t chr_len, skip = next_char(input, len, &chr, &chr_len);

        if (line_len + MAX_BASE64_ENCODED_SIZE(word->used + chr_len) > LINE_MAX_LENGTH) {
            base64_encode(word->data, word->used, output);
            buffer_set_used_size(word, 0);
            str_append(output, WORD_END "\n\t" WORD_BEGIN_B);
            line_len = 1 + WORD_OVERHEAD;
        }
        buffer_append(word, chr, chr_len);
        input += skip;
        len -= skip;
    }
    base64_encode(word->data, word->used, output);
    str_append(output, WORD_END);
    buffer_free(&word);
}

static bool is_line_end(const unsigned char *input, size_t len)
{
    return input[0] == '\n' || (input[0] == '\r' && len > 1 && input[1] == '\n');
}

/** Length of the word at `input`: up to white space or the end of a line. */
static size_t word_length(const unsigned char *input, size_t len)
{
    size_t length = 0;

    while (length < len && !IS_LWSP(input[length]) && !is_line_end(input + length, len - length))
        length++;
    return length;
}

static bool word_needs_encoding(const unsigned char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (word[i] < 0x20 || word[i] >= 0x7f)
            return TRUE;
    }
    /* It would be read as an encoded word. */
    return len > 4 && memcmp(word, "=?", 2) == 0 && memcmp(word + len - 2, "?=", 2) == 0;
}

/** The words from here on that need encoding, in one run with the spaces between them. */
static size_t encoded_run(const unsigned char *input, size_t len)
{
    size_t end = word_length(input, len);

    for (;;) {
        size_t next = end, length;

        while (next < len && IS_LWSP(input[next]))
            next++;
        length = word_length(input + next, len - next);
        if (length == 0 || !word_needs_encoding(input + next, length))
            return end;
        end = next + length;
    }
}

static void encode_run(const unsigned char *input, size_t len, string_t *output, size_t line_len)
{
    size_t q_length = 0;

    for (size_t i = 0; i < len; i++)
        q_length += q_is_plain(input[i]) || input[i] == ' ' ? 1 : 3;
    if (q_length <= MAX_BASE64_ENCODED_SIZE(len))
        message_header_encode_q(input, len, output, line_len);
    else
        message_header_encode_b(input, len, output, line_len);
}

/** A line end of the input; returns the bytes taken. */
static size_t append_newline(const unsigned char *input, size_t len, string_t *output)
{
    size_t taken = input[0] == '\r' ? 2 : 1;

    str_append_data(output, input, taken);
    if (taken == len || !IS_LWSP(input[taken]))
        str_append_c(output, '\t');
    return taken;
}

static size_t line_length(const string_t *output, size_t from)
{
    const unsigned char *data = str_data(output), *newline;

    newline = memrchr(data + from, '\n', str_len(output) - from);
    return newline == NULL ? str_len(output) - from
                           : (size_t)(data + str_len(output) - newline) - 1;
}

void message_header_encode_data(const unsigned char *input, size_t len, string_t *output)
{
    size_t begun = str_len(output), pos = 0;

    while (pos < len) {
        size_t length = word_length(input + pos, len - pos);

        if (length == 0 && !IS_LWSP(input[pos])) {
            pos += append_newline(input + pos, len - pos, output);
        } else if (length == 0) {
            str_append_c(output, input[pos++]);
        } else if (word_needs_encoding(input + pos, length)) {
            length = encoded_run(input + pos, len - pos);
            encode_run(input + pos, length, output, line_length(output, begun));
            pos += length;
        } else {
            str_append_data(output, input + pos, length);
            pos += length;
        }
    }
}

void message_header_encode(const char *input, string_t *output)
{
    message_header_encode_data((const unsigned char *)input, strlen(input), output);
}
