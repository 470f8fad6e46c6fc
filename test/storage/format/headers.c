/* The header parser: names and values, folding, line ends, broken headers, streams of one byte at a time. */
#include "lib.h"

#include "istream.h"
#include "message-header-parser.h"
#include "message-size.h"
#include "str.h"
#include "tap.h"

/** One line for each header line: `name|middle|value|full_value` and letters for its bits. */
static const char *parse(struct istream *input, enum message_header_parser_flags flags,
                         struct message_size *size)
{
    struct message_header_parser_ctx *parser = message_parse_header_init(input, size, flags);
    struct message_header_line *hdr;
    string_t *seen = t_str_new(256);
    int ret;

    while ((ret = message_parse_header_next(parser, &hdr)) != -1) {
        if (ret == 0)
            continue;
        if (hdr->continues)
            hdr->use_full_value = TRUE;
        str_printfa(seen, "%s|%.*s|%.*s|", hdr->name, (int)hdr->middle_len,
                    (const char *)hdr->middle, (int)hdr->value_len, (const char *)hdr->value);
        if (!hdr->continues)
            str_append_data(seen, hdr->full_value, hdr->full_value_len);
        str_printfa(seen, "|%s%s%s%s%s/", hdr->continues ? "C" : "", hdr->continued ? "c" : "",
                    hdr->eoh ? "E" : "", hdr->no_newline ? "n" : "", hdr->crlf_newline ? "r" : "");
    }
    message_parse_header_deinit(&parser);
    return str_c(seen);
}

static const char *parse_text(const char *text, enum message_header_parser_flags flags)
{
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    const char *seen = parse(input, flags, NULL);

    i_stream_unref(&input);
    return seen;
}

static void test_lines(void)
{
    is_str(parse_text("A: b\nC:d\n\nbody", 0), "A|: |b|b|/C|:|d|d|/||||E/",
           "headers are names and values, and end at an empty line");
    is_str(parse_text("A: b\r\n\r\nbody", 0), "A|: |b|b|r/||||Er/", "with CRLF too");
    is_str(parse_text("A : b\n", 0), "A| : |b|b|/", "white space before the colon is no name");
    is_str(parse_text("A:   b\n", 0), "A|:   |b|b|/", "white space before the value is no value");
    is_str(parse_text("A:\nB: \nC:  \n", 0), "A|:|||/B|: |||/C|: | | |/",
           "values may be empty or blank");
    is_str(parse_text("no colon\nA: b\n", 0), "||no colon|no colon|/A|: |b|b|/",
           "a line without a colon has no name");
    is_str(parse_text(" x: y\nA: b\n", 0), "|| x: y| x: y|/A|: |b|b|/",
           "nothing is continued at the beginning");
    is_str(parse_text("A: b", 0), "A|: |b|b|n/", "the last line may lack its end");
    is_str(parse_text("", 0), "", "no bytes, no headers");
    is_str(parse_text("\n", 0), "||||E/", "the empty line alone");
    is_str(parse_text("A: x\r", 0), "A|: |x\r|x\r|n/", "a CR alone ends no line");
}

static void test_folding(void)
{
    const char *folded = "A: b\n c\n\td\nB: e\n\n";

    is_str(parse_text(folded, 0), "A|: |b||C/A|| c||Cc/A||\td|b\n c\n\td|c/B|: |e|e|/||||E/",
           "a folded value comes line by line, and whole at its end");
    is_str(parse_text(folded, MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE),
           "A|: |b||C/A|| c||Cc/A||\td|b c d|c/B|: |e|e|/||||E/",
           "on one line where that is asked for");
    is_str(parse_text("A: b\r\n c\r\n\r\n", 0), "A|: |b||Cr/A|| c|b\r\n c|cr/||||Er/",
           "its line ends are kept");
    is_str(parse_text("A: b\r\n c\r\n\r\n", MESSAGE_HEADER_PARSER_FLAG_DROP_CR),
           "A|: |b||Cr/A|| c|b\n c|cr/||||Er/", "or made LFs");
    is_str(parse_text("A:\n  b\n\n", MESSAGE_HEADER_PARSER_FLAG_SKIP_INITIAL_LWSP),
           "A|:|||C/A||b|b|c/||||E/",
           "a value that begins on the second line begins with its text");
    is_str(parse_text("A: b\n ", 0), "A|: |b||C/A|| |b\n |cn/", "folding at the very end");
}

static void test_offsets(void)
{
    struct istream *input = i_stream_create_from_data("A: b\nBcd: e\n\nx", 14);
    struct message_header_parser_ctx *parser = message_parse_header_init(input, NULL, 0);
    struct message_header_line *hdr;

    (void)message_parse_header_next(parser, &hdr);
    (void)message_parse_header_next(parser, &hdr);
    is_int((intmax_t)hdr->name_offset, 5, "the place of the name in the stream");
    is_int((intmax_t)hdr->full_value_offset, 10, "the place of the value");
    (void)message_parse_header_next(parser, &hdr);
    is_int(message_parse_header_next(parser, &hdr), -1, "nothing follows the empty line");
    is_int((intmax_t)input->v_offset, 13, "the stream stands at the body");
    message_parse_header_deinit(&parser);
    i_stream_unref(&input);
}

static void test_sizes(void)
{
    const char *text = "A: b\nC: d\r\n e\n\nbody";
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    struct message_size size, counted;
    bool nuls;

    (void)parse(input, 0, &size);
    is_int((intmax_t)size.physical_size, 15, "bytes of the headers");
    is_int((intmax_t)size.virtual_size, 18, "bytes with CRLF");
    is_int(size.lines, 4, "lines");
    i_stream_seek(input, 0);
    is_int(message_get_header_size(input, &counted, &nuls), 0, "counting without parsing");
    ok(memcmp(&size, &counted, sizeof(size)) == 0, "gives the same");
    is_int((intmax_t)input->v_offset, 15, "and leaves the stream at the body");
    is_int(message_get_body_size(input, &counted, &nuls), 0, "the body can be counted");
    is_int((intmax_t)counted.virtual_size, 4, "to its end");
    i_stream_unref(&input);
}

static void test_skip_virtual(void)
{
    const char *text = "ab\ncd\r\nef";
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    bool last_cr;

    (void)message_skip_virtual(input, 3, &last_cr);
    is_int((intmax_t)input->v_offset, 2, "a CR that is not there counts");
    ok(last_cr, "and it is told");
    i_stream_seek(input, 0);
    (void)message_skip_virtual(input, 8, &last_cr);
    is_int((intmax_t)input->v_offset, 7, "one that is there counts once");
    i_stream_unref(&input);
}

/** A stream of which each read gives one byte, in a buffer of `buffer` bytes. */
static const char *parse_slowly(const char *text, size_t buffer)
{
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    struct istream *slow = i_stream_create_limit(input, UOFF_T_MAX);
    const char *seen;

    i_stream_set_max_buffer_size(slow, buffer);
    seen = parse(slow, 0, NULL);
    i_stream_unref(&slow);
    i_stream_unref(&input);
    return seen;
}

static void test_many_headers(void)
{
    string_t *text = str_new(default_pool, 1024);
    struct istream *input;
    unsigned int count = 0;
    struct message_header_parser_ctx *parser;
    struct message_header_line *hdr;

    for (unsigned int i = 0; i < 200000; i++)
        str_append(text, "X:\n y\n");
    input = i_stream_create_from_data(str_data(text), str_len(text));
    parser = message_parse_header_init(input, NULL, 0);
    message_parse_header_set_limit(parser, 1000);
    while (message_parse_header_next(parser, &hdr) > 0) {
        hdr->use_full_value = TRUE;
        count++;
    }
    is_int(count, 400000, "any number of lines is parsed");
    message_parse_header_deinit(&parser);
    i_stream_unref(&input);
    str_free(&text);
}

static void test_limit(void)
{
    const char *text = "A: 0123456789\n 0123456789\n 0123456789\n\n";
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    struct message_header_parser_ctx *parser = message_parse_header_init(input, NULL, 0);
    struct message_header_line *hdr;

    message_parse_header_lower_limit(parser, 15);
    do {
        (void)message_parse_header_next(parser, &hdr);
        hdr->use_full_value = TRUE;
    } while (hdr->continues);
    is_int((intmax_t)hdr->full_value_len, 15, "of a long value only so much is kept");
    message_parse_header_deinit(&parser);
    i_stream_unref(&input);
}

static void test_nuls(void)
{
    static const char text[] = "A: b\0c\n\n";
    struct istream *input = i_stream_create_from_data(text, sizeof(text) - 1);
    struct message_header_parser_ctx *parser = message_parse_header_init(input, NULL, 0);
    struct message_header_line *hdr;

    (void)message_parse_header_next(parser, &hdr);
    is_int((intmax_t)hdr->value_len, 3, "a NUL is a byte of the value");
    is_str(message_header_strdup(pool_datastack_create(), hdr->value, hdr->value_len),
           "b\xEF\xBF\xBD"
           "c",
           "and U+FFFD in a string");
    ok(message_parse_header_has_nuls(parser), "the parser has seen it");
    message_parse_header_deinit(&parser);
    i_stream_unref(&input);
}

static void test_write(void)
{
    const char *text = "A : b\r\n c\nD:e\nbad\n\n";
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    struct message_header_parser_ctx *parser = message_parse_header_init(input, NULL, 0);
    struct message_header_line *hdr;
    buffer_t *copy = t_buffer_create(64);

    while (message_parse_header_next(parser, &hdr) > 0)
        message_header_line_write(copy, hdr);
    is_str(t_strndup(copy->data, copy->used), text, "lines are written as they were read");
    message_parse_header_deinit(&parser);
    i_stream_unref(&input);
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_lines();
        test_folding();
        test_offsets();
        test_sizes();
        test_skip_virtual();
        is_str(parse_slowly("A: b\r\n c\r\nLong-Name: value\r\n\r\n", 64),
               "A|: |b||Cr/A|| c|b\r\n c|cr/Long-Name|: |value|value|r/||||Er/",
               "a small buffer makes no difference");
        test_many_headers();
        test_limit();
        test_nuls();
        test_write();
        ok(message_header_name_is_valid("X-Foo"), "X-Foo is a name");
        ok(!message_header_name_is_valid("X Foo") && !message_header_name_is_valid("") &&
               !message_header_name_is_valid("X:"),
           "names hold neither spaces nor colons, and are not empty");
    }
    T_END;
    lib_deinit();
    return done();
}
