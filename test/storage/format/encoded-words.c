/* Encoded words (RFC 2047), both ways. */
#include "lib.h"

#include "message-header-decode.h"
#include "message-header-encode.h"
#include "quoted-printable.h"
#include "str.h"
#include "tap.h"

static const char *decode(const char *text)
{
    string_t *dest = t_str_new(128);

    message_header_decode_utf8((const unsigned char *)text, strlen(text), dest, NULL);
    return str_c(dest);
}

static void test_decoding(void)
{
    is_str(decode("plain"), "plain", "plain text stays");
    is_str(decode("=?utf-8?Q?a_b=3dc?="), "a b=c", "Q");
    is_str(decode("=?UTF-8?b?w6Q=?="), "\xc3\xa4", "B");
    is_str(decode("=?iso-8859-1?q?=E4?="), "\xc3\xa4", "charsets");
    is_str(decode("=?utf-8*de?q?x?="), "x", "with languages");
    is_str(decode("a =?utf-8?q?b?= c"), "a b c", "text around words stays");
    is_str(decode("=?utf-8?q?a?= \r\n =?utf-8?q?b?="), "ab", "space between words goes");
    is_str(decode("=?utf-8?q?a?= x =?utf-8?q?b?="), "a x b", "between a word and text it stays");
    is_str(decode("=?utf-8?q?a?==?utf-8?q?b?="), "ab", "words side by side");
    is_str(decode("=?utf-8?q?=E2=82?= =?utf-8?q?=AC?="), "\xe2\x82\xac",
           "a character divided between words");
    is_str(decode("=?utf-8?b?4g==?= =?utf-8?b?gqw=?="), "\xe2\x82\xac", "of B too");
    is_str(decode("=?utf-8?q?=E2=82?= x"), "\xef\xbf\xbd x", "half a character");
    is_str(decode("=?iso-2022-jp?b?GyRCRnwbKEI=?="), "\xe6\x97\xa5", "shift states");
    is_str(decode("a\r\n b\n\tc"), "a b\tc", "folding is undone");
    is_str(decode("=?x-unknown?q?=C3=A4?="), "\xc3\xa4", "an unknown charset is taken for UTF-8");
    is_str(decode("=?utf-8?q?who?wrote?this?="), "who?wrote?this", "question marks in words");
    is_str(decode("=?utf-8?q?a b?="), "a b", "spaces in words");
}

static void test_broken(void)
{
    string_t *text = str_new(default_pool, 1024);
    string_t *dest = str_new(default_pool, 1024);

    is_str(decode("=?"), "=?", "the beginning of a word alone");
    is_str(decode("=?utf-8?q?abc"), "=?utf-8?q?abc", "a word without an end");
    is_str(decode("=?utf-8?x?abc?="), "=?utf-8?x?abc?=", "an encoding that does not exist");
    is_str(decode("=??q?abc?="), "=??q?abc?=", "no charset");
    is_str(decode("=?utf-8?q?=ZZ=?="), "=ZZ=", "broken Q");
    is_str(decode("=?utf-8?b?!!!w6Q?="), "\xc3\xa4", "broken B");
    is_str(decode("\xe4"), "\xef\xbf\xbd", "bytes that are no UTF-8");
    is_str(decode("=?a/../b?q?x?="), "x", "a charset that is no name");
    for (unsigned int i = 0; i < 300000; i++)
        str_append(text, "=?a?q?x");
    message_header_decode_utf8(str_data(text), str_len(text), dest, NULL);
    is_int((intmax_t)str_len(dest), (intmax_t)str_len(text), "many beginnings of words");
    str_free(&text);
    str_free(&dest);
}

static const char *encode(const char *text)
{
    string_t *dest = t_str_new(128);

    message_header_encode(text, dest);
    return str_c(dest);
}

static void round_trip(const char *text, const char *what)
{
    const char *encoded = encode(text), *line;
    bool short_lines = TRUE;

    for (line = encoded; line != NULL;
         line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1)
        short_lines = short_lines && strcspn(line, "\n") <= 76;
    is_str(decode(encoded), text, "%s: decoded again it is the same", what);
    ok(short_lines, "%s: lines are short", what);
}

static void test_encoding(void)
{
    const char *umlauts = "", *many = "";

    is_str(encode("plain text"), "plain text", "plain text stays");
    is_str(encode("a \xc3\xa4 b"), "a =?utf-8?b?w6Q=?= b", "words that need it are encoded");
    is_str(encode("\xc3\xa4 \xc3\xa4"), "=?utf-8?b?w6Qgw6Q=?=", "with the space between them");
    is_str(encode("a\nb"), "a\n\tb", "a line end needs white space behind it");
    is_str(encode("a\r\n b"), "a\r\n b", "folding stays");
    is_str(encode("a\x01"), "=?utf-8?q?a=01?=", "control characters");
    is_str(encode("\xff\xfe x"), "=?utf-8?b?77+9?= x", "invalid bytes become one U+FFFD");
    is_str(encode("=?utf-8?q?a?="),
           "=?utf-8?b?PT91dGYtOD9xP2E/PQ==?=", "what looks like an encoded word");
    for (unsigned int i = 0; i < 60; i++) {
        umlauts = t_strconcat(umlauts, "\xc3\xa4", NULL);
        many = t_strconcat(many, "abcdefg\xe2\x82\xac", NULL);
    }
    round_trip(umlauts, "a long word of B");
    round_trip(many, "a long word of Q");
    round_trip(t_strconcat("some plain text that is long enough to fill much of the line ", umlauts,
                           " and more", NULL),
               "behind other text");
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_decoding();
        test_broken();
        test_encoding();
    }
    T_END;
    lib_deinit();
    return done();
}
