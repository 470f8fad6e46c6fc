/* The MIME parser: parts, sizes, boundaries of all kinds, limits, and the same result for any way of reading. */
#include "lib.h"

#include "istream.h"
#include "message-parser.h"
#include "str.h"
#include "tap.h"

static void show_part(string_t *seen, const struct message_part *part)
{
    for (; part != NULL; part = part->next) {
        str_printfa(seen, "[%d@%d %d+%d/%d %d", (int)part->flags, (int)part->physical_pos,
                    (int)part->header_size.physical_size, (int)part->body_size.physical_size,
                    (int)part->body_size.virtual_size, (int)part->body_size.lines);
        if (part->children != NULL) {
            str_append_c(seen, ' ');
            show_part(seen, part->children);
        }
        str_append_c(seen, ']');
    }
}

struct parsed {
    const char *blocks; /* of bodies, each part's after the number of the part */
    const char *tree;
    struct message_part *parts;
};

static struct parsed parse_stream(struct istream *input, const struct message_parser_settings *set)
{
    struct message_parser_ctx *parser = message_parser_init(pool_datastack_create(), input, set);
    struct message_block block;
    struct message_part *last = NULL;
    string_t *blocks = t_str_new(256), *tree = t_str_new(256);
    struct parsed parsed;
    int ret;

    while ((ret = message_parser_parse_next_block(parser, &block)) != -1) {
        if (ret == 0 || block.hdr != NULL)
            continue;
        if (block.size > 0 && block.part != last) {
            str_printfa(blocks, "%u<", message_part_to_idx(block.part));
            last = block.part;
        }
        str_append_data(blocks, block.data, block.size);
    }
    message_parser_deinit(&parser, &parsed.parts);
    show_part(tree, parsed.parts);
    parsed.blocks = str_c(blocks);
    parsed.tree = str_c(tree);
    return parsed;
}

static struct parsed parse(const char *text, enum message_parser_flags flags)
{
    struct message_parser_settings set = {.flags = flags};
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    struct parsed parsed = parse_stream(input, &set);

    i_stream_unref(&input);
    return parsed;
}

#define MIXED                                         \
    "MIME-Version: 1.0\n"                             \
    "Content-Type: multipart/mixed; boundary=\"b\"\n" \
    "\n"                                              \
    "preamble\n"                                      \
    "--b\n"                                           \
    "\n"                                              \
    "one\n"                                           \
    "\n"                                              \
    "--b\n"                                           \
    "Content-Type: image/png\n"                       \
    "\n"                                              \
    "two\n"                                           \
    "--b--\n"                                         \
    "epilogue\n"

static void test_multipart(void)
{
    struct parsed parsed = parse("Subject: x\n\nbody\n", 0);

    is_str(parsed.tree, "[8@0 12+5/6 1]", "a message without MIME is one part of text");
    is_str(parsed.blocks, "0<body\n", "whose body is given");
    parsed = parse(MIXED, 0);
    is_str(parsed.blocks, "1<one\n2<two", "the newline before a boundary is not the part's");
    is_str(parsed.tree, "[65@0 63+67/78 11 [8@76 1+4/5 1][0@86 25+3/3 0]]",
           "sizes of parts, and of the multipart with all that is in it");
    is_str(parse(MIXED, MESSAGE_PARSER_FLAG_INCLUDE_MULTIPART_BLOCKS).blocks,
           "0<preamble1<one\n2<two0<epilogue\n", "preamble and epilogue on demand");
    is_str(parse(MIXED, MESSAGE_PARSER_FLAG_INCLUDE_BOUNDARIES).blocks,
           "0<\n--b\n1<one\n0<\n--b\n2<two0<\n--b--\n", "boundaries on demand");
    is_str(parse(MIXED, MESSAGE_PARSER_FLAG_SKIP_BODY_BLOCK).blocks, "", "or no bodies at all");
    is_int(message_part_to_idx(message_part_by_idx(parsed.parts, 2)), 2, "parts have numbers");
    ok(message_part_by_idx(parsed.parts, 3) == NULL, "as many as there are");
    ok(message_part_is_equal(parsed.parts, parse(MIXED, 0).parts), "parsing again gives the same");
    ok(!message_part_is_equal(parsed.parts, parse("\n", 0).parts), "another message does not");
}

static void test_nesting(void)
{
    struct parsed parsed = parse("Content-Type: multipart/mixed; boundary=out\n\n"
                                 "--out\n"
                                 "Content-Type: message/rfc822\n\n"
                                 "Subject: inner\n"
                                 "Content-Type: multipart/alternative; boundary=out-in\n\n"
                                 "--out-in\n\ntext\n"
                                 "--out-in\nContent-Type: text/html\n\nhtml\n"
                                 "--out\n\nlast\n"
                                 "--out--\n",
                                 0);

    is_str(parsed.blocks, "3<text4<html5<last",
           "an outer boundary ends inner multiparts that lack their end");
    is_int((int)parsed.parts->children_count, 5, "parts of all generations are counted");
    parsed = parse("Content-Type: multipart/digest; boundary=d\n\n"
                   "--d\n\nSubject: a\n\nfirst\n--d\n\nSubject: b\n\nsecond\n--d--\n",
                   0);
    is_str(parsed.blocks, "2<first4<second", "parts of a digest are messages");
    parsed = parse("Content-Type: multipart/mixed; boundary=inner-more\n\n"
                   "--inner-more\n"
                   "Content-Type: multipart/mixed; boundary=inner\n\n"
                   "--inner\n\na\n--inner--\n"
                   "--inner-more\n\nb\n--inner-more--\n",
                   0);
    is_str(parsed.blocks, "2<a3<b", "one boundary may begin with another");
}

static void test_broken(void)
{
    is_str(parse("Content-Type: multipart/mixed\n\n--x\n\ntext\n", 0).tree, "[0@0 31+10/13 3]",
           "a multipart without a boundary has no parts");
    is_str(parse("Content-Type: multipart/mixed; boundary=x\n\n", 0).tree, "[1@0 43+0/0 0]",
           "one without a body neither");
    is_str(parse("Content-Type: multipart/mixed; boundary=x\n\ntext\n", 0).tree, "[1@0 43+5/6 1]",
           "nor one without boundary lines");
    is_str(parse("Content-Type: multipart/mixed; boundary=x\n\n--x", 0).tree, "[1@0 43+3/3 0]",
           "a boundary without its line end begins nothing");
    is_str(
        parse("Content-Type: multipart/mixed; boundary=x\n\n--x\nA: b\n--x\n\nc\n--x--", 0).blocks,
        "2<c", "headers end at a boundary");
    is_str(
        parse(
            "Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--xyz\n\nb\n--x--\n--x\n\nc\n",
            0)
            .blocks,
        "1<a2<b", "what follows a boundary on its line does not matter; after its end it is text");
    is_str(parse("Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\r--x\n-x\n\n--x--\n", 0)
               .blocks,
           "1<a\r--x\n-x\n", "a CR alone ends no line");
    is_str(parse("A: b", 0).tree, "[8@0 4+0/0 0]", "a header without an end");
    is_str(parse("", 0).tree, "[8@0 0+0/0 0]", "nothing at all");
    is_str(parse("Content-Type: text\n\nx", 0).tree, "[8@0 20+1/1 0]",
           "an invalid type is text/plain");
    is_str(parse("Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n",
                 MESSAGE_PARSER_FLAG_MIME_VERSION_STRICT)
               .tree,
           "[8@0 43+7/10 3]", "strictly, nothing is MIME that does not say so");
}

/** Parts inside parts, or after each other. */
static struct parsed parse_many(unsigned int count, bool nested,
                                const struct message_parser_settings *set)
{
    string_t *text = str_new(default_pool, 1024);
    struct istream *input;
    struct parsed parsed;

    if (!nested)
        str_append(text, "Content-Type: multipart/mixed; boundary=x\n\n");
    for (unsigned int i = 0; i < count; i++) {
        if (nested)
            str_printfa(text, "Content-Type: multipart/mixed; boundary=b%06u\n\n--b%06u\n", i, i);
        else
            str_append(text, "--x\n\nx\n");
    }
    input = i_stream_create_from_data(str_data(text), str_len(text));
    parsed = parse_stream(input, set);
    i_stream_unref(&input);
    str_free(&text);
    return parsed;
}

static void test_limits(void)
{
    struct message_parser_settings set = {.max_nested_mime_parts = 3};
    struct parsed parsed = parse_many(10, TRUE, &set);
    struct message_part *part = parsed.parts;

    is_int((int)parsed.parts->children_count, 3, "nesting has a limit");
    while (part->children != NULL)
        part = part->children;
    ok((part->flags & MESSAGE_PART_FLAG_OVERFLOW) != 0, "the last part says so");
    parsed = parse_many(100000, TRUE, &(struct message_parser_settings){.flags = 0});
    is_int((int)parsed.parts->children_count, 100, "a default one, too");

    set = (struct message_parser_settings){.max_total_mime_parts = 5};
    parsed = parse_many(10, FALSE, &set);
    is_int((int)parsed.parts->children_count, 4, "the number of parts has a limit");
    ok((message_part_by_idx(parsed.parts, 4)->flags & MESSAGE_PART_FLAG_OVERFLOW) != 0,
       "and the last one takes the rest");
    parsed = parse_many(300000, FALSE, &(struct message_parser_settings){.flags = 0});
    is_int((int)parsed.parts->children_count, 9999, "a default one, too");
    is_int((int)parse_many(1000, FALSE,
                           &(struct message_parser_settings){.max_total_mime_parts = 100000})
               .parts->children_count,
           1000, "which can be raised");
}

static void test_any_buffer(void)
{
    struct parsed whole = parse(MIXED, 0);
    bool same = TRUE;

    for (size_t buffer = 300; buffer < 320; buffer++) {
        struct istream *input = i_stream_create_from_data(MIXED, sizeof(MIXED) - 1);
        struct istream *filtered = i_stream_create_limit(input, UOFF_T_MAX);
        const struct message_parser_settings set = {.flags = 0};
        struct parsed parsed;

        i_stream_set_max_buffer_size(filtered, buffer);
        parsed = parse_stream(filtered, &set);
        same = same && strcmp(parsed.tree, whole.tree) == 0 &&
               strcmp(parsed.blocks, whole.blocks) == 0;
        i_stream_unref(&filtered);
        i_stream_unref(&input);
    }
    ok(same, "the size of the stream's buffer makes no difference");
}

static void count_headers(struct message_part *part ATTR_UNUSED, struct message_header_line *hdr,
                          unsigned int *count)
{
    *count += hdr != NULL ? 1 : 1000;
}

static void test_callbacks(void)
{
    const struct message_parser_settings set = {.flags = 0};
    struct istream *input = i_stream_create_from_data(MIXED, sizeof(MIXED) - 1);
    struct message_parser_ctx *parser = message_parser_init(pool_datastack_create(), input, &set);
    struct message_size size;
    struct message_part *parts;
    unsigned int count = 0;

    message_parser_parse_header(parser, &size, count_headers, &count);
    is_int(count, 1002, "the message's own headers");
    is_int((intmax_t)size.physical_size, 63, "their size");
    message_parser_parse_body(parser, count_headers, &count);
    is_int(count, 1002 + 1000 + 1001, "those of the parts");
    message_parser_deinit(&parser, &parts);
    i_stream_unref(&input);
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_multipart();
        test_nesting();
        test_broken();
        test_limits();
        test_any_buffer();
        test_callbacks();
    }
    T_END;
    lib_deinit();
    return done();
}
