/* Quoting with backslashes, fields separated by TABs, hex digits and base64. */
#include "base64.h"
#include "hex-binary.h"
#include "str.h"
#include "strescape.h"
#include "tap.h"

static void test_backslashes(void)
{
    char text[] = "a\\\\b\\\"c\\";
    string_t *str = t_str_new(10);
    const char *input = "one\\\"two\" rest", *part;

    is_str(str_escape("a\"b\\c'd"), "a\\\"b\\\\c\\'d", "quotes and backslashes get backslashes");
    is_str(str_nescape("a\"b", 2), "a\\\"", "in a part of a text");
    is_str(str_unescape(text), "a\\b\"c", "which are taken away again");
    str_append(str, "x");
    str_append_unescaped(str, "\\'y", 3);
    is_str(str_c(str), "x'y", "while appending too");
    is_int(str_unescape_next(&input, &part), 0, "a quoted text is read");
    is_str(part, "one\"two", "without its backslashes");
    is_str(input, " rest", "up to its quote");
    is_int(str_unescape_next(&input, &part), -1, "if there is one");
}

static void test_tabs(void)
{
    const char *hard = "a\tb\nc\rd\001e", *plain = "plain";
    const char *const *fields;
    string_t *str = t_str_new(10);
    char line[] = "one\t\001ttwo\t\tlast\001";

    ok(str_tabescape(plain) == plain, "a text without special characters stays as it is");
    is_str(str_tabescape(hard), "a\001tb\001nc\001rd\0011e", "special characters get codes");
    is_str(t_str_tabunescape(str_tabescape(hard)), hard, "which can be read again");
    str_append_tabescaped_n(str, (const unsigned char *)"\0x", 2);
    is_str(str_c(str), "\0010x", "a NUL too");
    str_append_tabunescaped(str, "\0010y", 3);
    ok(str_len(str) == 5 && memcmp(str_data(str), "\0010x\0y", 5) == 0, "both ways");

    fields = t_strsplit_tabescaped_inplace(line);
    is_int(str_array_length(fields), 4, "a line has fields");
    is_str(fields[1], "\ttwo", "with any characters");
    is_str(fields[2], "", "or none");
    is_str(fields[3], "last", "a code that is cut off stands for nothing");
    ok(fields[0] == line, "in the line itself");
    is_int(str_array_length(t_strsplit_tabescaped("")), 0, "no line has no fields");
    is_str(t_strsplit_tabescaped("a\tb")[1], "b", "or in a copy");
}

static void test_hex(void)
{
    const unsigned char bytes[] = {0x00, 0x7f, 0xff, 0xa5};
    buffer_t *buf = t_buffer_create(4);

    is_str(binary_to_hex(bytes, 4), "007fffa5", "bytes become digits");
    is_str(binary_to_hex_ucase(bytes, 4), "007FFFA5", "in either case");
    is_int(hex_to_binary("007FffA5", buf), 0, "digits become bytes");
    ok(buf->used == 4 && memcmp(buf->data, bytes, 4) == 0, "the same ones");
    is_int(hex_to_binary("abc", buf), -1, "only whole bytes");
    is_int(hex_to_binary("ag", buf), -1, "of hex digits");
}

static const char *encoded(const char *text)
{
    return str_c(t_base64_encode_str((enum base64_encode_flags)0, 0, text));
}

static void is_decoded(const char *text, enum base64_decode_flags flags, int result,
                       const char *wanted, const char *sentence)
{
    string_t *str = t_str_new(16);

    is_int(base64_scheme_decode(&base64_scheme, flags, text, strlen(text), str), result, "%s",
           sentence);
    is_str(str_c(str), wanted, "it says '%s'", wanted);
}

static void test_base64(void)
{
    const enum base64_decode_flags none = (enum base64_decode_flags)0;

    is_str(encoded(""), "", "nothing is nothing in base64");
    is_str(encoded("f"), "Zg==", "one byte");
    is_str(encoded("fo"), "Zm8=", "two bytes");
    is_str(encoded("foo"), "Zm9v", "three bytes");
    is_str(encoded("foobar"), "Zm9vYmFy", "six bytes");
    is_str(str_c(t_base64url_encode(BASE64_ENCODE_FLAG_NO_PADDING, 0, "\xfb\xff", 2)), "-_8",
           "URLs have their own alphabet");
    is_str(str_c(t_base64_encode(BASE64_ENCODE_FLAG_CRLF, 4, "foobar!", 7)),
           "Zm9v\r\nYmFy\r\nIQ==", "lines have a length");
    is_str(str_c(t_base64_encode((enum base64_encode_flags)0, 3, "foo", 3)), "Zm9\nv",
           "any length");

    is_decoded("Zm9v", none, 1, "foo", "whole groups may go on");
    is_decoded(" Z m\r\n8=\n", none, 0, "fo", "white space is skipped, padding ends it");
    is_decoded("Zg==", none, 0, "f", "one byte comes back");
    is_decoded("Zg=", none, -1, "f", "half a padding is none");
    is_decoded("Zg", none, -1, "f", "nor is no padding");
    is_decoded("Zg", BASE64_DECODE_FLAG_IGNORE_PADDING, 1, "f", "unless it does not matter");
    is_decoded("Zg==", BASE64_DECODE_FLAG_IGNORE_PADDING, 0, "f", "whether it is there");
    is_decoded("Zg==", BASE64_DECODE_FLAG_NO_PADDING, -1, "f", "or must not be");
    is_decoded("Z", none, -1, "", "one character is no byte");
    is_decoded("Zm9v!", none, -1, "foo", "other characters are errors");
    is_decoded("Zm9v:rest", BASE64_DECODE_FLAG_EXPECT_BOUNDARY, 0, "foo", "or the end");
    is_decoded("Zg==Zg==", none, -1, "f", "nothing follows padding");
    is_decoded("Zm 9v", BASE64_DECODE_FLAG_NO_WHITESPACE, -1, "f", "white space can be forbidden");
    ok(base64_is_valid_char('+') && !base64_is_valid_char('=') && base64url_is_valid_char('_'),
       "characters of the alphabets are known");
}

/* Every split of every length, through buffers of few bytes. */
static void test_base64_pieces(void)
{
    unsigned char input[64];
    bool same = TRUE, sizes = TRUE;

    for (unsigned int i = 0; i < sizeof(input); i++)
        input[i] = (unsigned char)(i * 37);
    for (size_t size = 0; size <= sizeof(input); size++) {
        for (size_t line = 1; line < 12; line++) {
            struct base64_encoder enc;
            string_t *whole = t_base64_encode(BASE64_ENCODE_FLAG_CRLF, line, input, size);
            string_t *pieces = t_str_new(64);
            unsigned char little[2];
            size_t pos = 0, taken;
            buffer_t buf;

            base64_encode_init(&enc, &base64_scheme, BASE64_ENCODE_FLAG_CRLF, line);
            sizes = sizes && base64_get_full_encoded_size(&enc, size) == str_len(whole);
            sizes = sizes && base64_encode_get_full_space(&enc, str_len(whole)) >= size / 3 * 3;
            do {
                buffer_create_from_data(&buf, little, sizeof(little));
                (void)base64_encode_more(&enc, input + pos, size - pos, &taken, &buf);
                pos += taken;
                buffer_append_buf(pieces, &buf, 0, SIZE_MAX);
            } while (pos < size);
            do {
                buffer_create_from_data(&buf, little, sizeof(little));
                (void)base64_encode_finish(&enc, &buf);
                buffer_append_buf(pieces, &buf, 0, SIZE_MAX);
            } while (!base64_encode_is_finished(&enc));
            same = same && str_equals(whole, pieces);
        }
    }
    ok(same, "base64 in pieces is the same as at once");
    ok(sizes, "its size is known before");
}

static void test_base64_space(void)
{
    bool right = TRUE;

    for (size_t line = 0; line < 9; line++) {
        for (size_t space = 0; space < 60; space++) {
            struct base64_encoder enc;
            size_t most;

            base64_encode_init(&enc, &base64_scheme, BASE64_ENCODE_FLAG_CRLF, line);
            most = base64_encode_get_full_space(&enc, space);
            right = right && base64_get_full_encoded_size(&enc, most) <= space &&
                    base64_get_full_encoded_size(&enc, most + 1) > space;
        }
    }
    ok(right, "what fits into a space is the most that does");
}

static void test_base64_in_place(void)
{
    string_t *str = str_new(default_pool, 0);

    str_append(str, "Zm9vYmFy");
    is_int(base64_decode(str_data(str), str_len(str), NULL, str), 1, "a buffer decodes itself");
    is_str(str_c(str), "Zm9vYmFyfoobar", "behind what is read");
    str_free(&str);
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_backslashes();
        test_tabs();
        test_hex();
        test_base64();
        test_base64_pieces();
        test_base64_space();
        test_base64_in_place();
    }
    T_END;
    lib_deinit();
    return done();
}
