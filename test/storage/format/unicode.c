/* UTF-8, the form for comparing, charsets. */
#include "lib.h"

#include "charset-utf8-private.h"
#include "str.h"
#include "tap.h"
#include "unichar.h"

static const char *fold(const char *text)
{
    string_t *dest = t_str_new(64);

    (void)uni_utf8_to_decomposed_titlecase(text, strlen(text), dest);
    return str_c(dest);
}

static void same(const char *text1, const char *text2, const char *what)
{
    is_str(fold(text1), fold(text2), "%s compare as equal", what);
}

static void test_comparing(void)
{
    is_str(fold("hello World 1"), "HELLO WORLD 1", "ASCII");
    same("\xc3\xa4\xc3\xb6", "\xc3\x84\xc3\x96", "Latin letters in either case");
    same("\xd0\xbf\xd1\x80", "\xd0\x9f\xd0\xa0", "Cyrillic ones");
    same("\xcf\x83", "\xcf\x82", "both small sigmas");
    same("\xc3\xa9", "e\xcc\x81", "composed and decomposed letters");
    same("\xef\xac\x81x", "FIX", "ligatures and letters");
    same("\xe1\xba\x9e", "\xc3\x9f", "both sharp s");
    same("\xe2\x84\xaa", "k", "the Kelvin sign and K");
    same("\xf0\x90\x90\xa8", "\xf0\x90\x90\x80", "Deseret, outside of the BMP");
    same("\xea\xad\xb0", "\xe1\x8e\xa0", "Cherokee");
    same("\xef\xbd\x81", "A", "wide letters");
    same("\xea\xb0\x81", "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", "Hangul syllables and letters");
    is_str(fold("a\xff\xfe\xff"
                "b"),
           "A\xef\xbf\xbd"
           "B",
           "invalid bytes become one U+FFFD");
    is_int(uni_utf8_to_decomposed_titlecase("\xff", 1, t_str_new(8)), -1, "and are told");
    is_int(uni_ucs4_to_titlecase(0xe4), 0xc4, "one character in titlecase");
    is_int(uni_ucs4_to_titlecase(0x1c6), 0x1c5, "a digraph");
    is_int(uni_ucs4_to_titlecase(0x101), 0x100, "every other one");
    is_int(uni_ucs4_to_titlecase(0x102), 0x102, "a capital stays");
    is_int(uni_ucs4_to_titlecase(0x4e00), 0x4e00, "and what has no case");
}

/** Every character through folding twice: the form of a form is itself. */
static void test_all_characters(void)
{
    string_t *chr = t_str_new(16), *once = t_str_new(64), *twice = t_str_new(64);
    unichar_t wrong = 0;

    for (unichar_t code = 1; code <= UNICHAR_T_MAX; code++) {
        if (!uni_is_valid_ucs4(code))
            continue;
        str_truncate(chr, 0);
        str_truncate(once, 0);
        str_truncate(twice, 0);
        uni_ucs4_to_utf8_c(code, chr);
        if (uni_utf8_to_decomposed_titlecase(str_data(chr), str_len(chr), once) < 0 ||
            uni_utf8_to_decomposed_titlecase(str_data(once), str_len(once), twice) < 0 ||
            !str_equals(once, twice))
            wrong = code;
    }
    is_int(wrong, 0, "the form of a form is itself, for every character");
}

static void test_utf8(void)
{
    unichar_t chr;
    string_t *dest = t_str_new(32);

    is_int(uni_utf8_get_char("\xe2\x82\xac", &chr), 3, "three bytes");
    is_int(chr, 0x20ac, "of a euro sign");
    is_int(uni_utf8_get_char_n("\xe2\x82", 2, &chr), 0, "two of them are not enough");
    is_int(uni_utf8_get_char("\xe2\x82", &chr), 0, "nor before a NUL");
    is_int(uni_utf8_get_char("\xc0\x80", &chr), -1, "overlong forms are invalid");
    is_int(uni_utf8_get_char("\xed\xa0\x80", &chr), -1, "so are surrogates");
    is_int(uni_utf8_get_char("\xf4\x90\x80\x80", &chr), -1, "and what is beyond Unicode");
    is_int(uni_utf8_strlen("a\xe2\x82\xac\xff"), 3, "characters are counted");
    is_int((intmax_t)uni_utf8_data_truncate((const unsigned char *)"a\xe2\x82\xac", 4, 3), 1,
           "none is cut");
    ok(!uni_utf8_get_valid_data((const unsigned char *)"a\xff\xff"
                                                       "b",
                                4, dest),
       "invalid data is seen");
    is_str(str_c(dest),
           "a\xef\xbf\xbd"
           "b",
           "and made valid");
    ok(uni_utf8_str_is_valid("\xf0\x9f\x98\x80 0123456789 \xc3\xa4"), "valid data is valid");
    is_int((intmax_t)uni_join_surrogate(0xd83d, 0xde00), 0x1f600, "surrogates are joined");
}

static const char *convert(const char *charset, const char *text, enum charset_result *result)
{
    string_t *dest = t_str_new(64);

    if (charset_to_utf8_str(charset, NULL, text, dest, result) < 0)
        return "unknown";
    return str_c(dest);
}

static void test_charsets(void)
{
    enum charset_result result;
    struct charset_translation *t;
    string_t *dest = t_str_new(64);
    size_t size = 1;

    is_str(convert("iso-8859-15", "\xa4", &result), "\xe2\x82\xac", "ISO-8859-15");
    is_str(convert("Windows-1252", "\x80", &result), "\xe2\x82\xac", "windows-1252");
    is_str(convert("koi8-r", "\xc0", &result), "\xd1\x8e", "KOI8-R");
    is_str(convert("gb2312", "\xc4\xe3", &result), "\xe4\xbd\xa0", "GB2312");
    is_str(convert("utf-8", "a\xff", &result), "a\xef\xbf\xbd", "invalid UTF-8");
    is_int(result, CHARSET_RET_INVALID_INPUT, "is told");
    is_str(convert("shift_jis", "\x93", &result), "\xef\xbf\xbd", "half a character");
    is_int(result, CHARSET_RET_INCOMPLETE_INPUT, "is told too");
    is_str(convert("no-such-charset", "a", &result), "unknown", "an unknown charset");
    is_str(convert("../../etc/passwd", "a", &result), "unknown", "what is no name of one");
    is_str(convert("utf-8//TRANSLIT", "a", &result), "unknown", "nor an option");
    is_str(convert("", "a", &result), "unknown", "nor nothing");
    ok(charset_is_utf8("US-ASCII") && !charset_is_utf8("iso-8859-1"), "ASCII is UTF-8");

    is_int(charset_to_utf8_begin("shift_jis", uni_utf8_to_decomposed_titlecase, &t), 0,
           "text in pieces");
    is_int(charset_to_utf8(t, (const unsigned char *)"\x93", &size, dest),
           CHARSET_RET_INCOMPLETE_INPUT, "the first byte of a character");
    is_int((intmax_t)size, 0, "is not taken");
    size = 3;
    is_int(charset_to_utf8(t,
                           (const unsigned char *)"\x93\xfa"
                                                  "a",
                           &size, dest),
           CHARSET_RET_OK, "until the second is there");
    is_str(str_c(dest),
           "\xe6\x97\xa5"
           "A",
           "and goes through the normalizer");
    charset_to_utf8_end(&t);
}

/* A translator that a plugin puts in the place of ours. */
static int alias_begin(const char *charset, normalizer_func_t *normalizer,
                       struct charset_translation **t_r)
{
    return charset_iconv.to_utf8_begin(strcmp(charset, "my-charset") == 0 ? "iso-8859-1" : charset,
                                       normalizer, t_r);
}

static void test_replacing(void)
{
    struct charset_utf8_vfuncs alias = charset_iconv;
    const struct charset_utf8_vfuncs *original = charset_utf8_vfuncs;
    enum charset_result result;

    alias.to_utf8_begin = alias_begin;
    charset_utf8_vfuncs = &alias;
    is_str(convert("my-charset", "\xe4", &result), "\xc3\xa4",
           "a plugin may replace the translator");
    charset_utf8_vfuncs = &charset_utf8only;
    is_str(convert("iso-8859-1", "\xe4", &result), "unknown", "by the one of UTF-8 only, too");
    charset_utf8_vfuncs = original;
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_comparing();
        test_all_characters();
        test_utf8();
        test_charsets();
        test_replacing();
    }
    T_END;
    lib_deinit();
    return done();
}
