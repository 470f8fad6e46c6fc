/* IMAP as text: mailbox names and patterns, strings, sets, flags, arguments. */
#include "lib.h"

#include "array.h"
#include "format/imap-arg-text.h"
#include "imap-match.h"
#include "imap-quote.h"
#include "imap-seqset.h"
#include "imap-utf7.h"
#include "imap-util.h"
#include "str.h"
#include "tap.h"

/* ---- Modified UTF-7 ----------------------------------------------------------------------------- */

static void name_is(const char *utf8, const char *utf7)
{
    string_t *dest = t_str_new(64);

    is_int(imap_utf8_to_utf7(utf8, dest), 0, "%s is a name", utf8);
    is_str(str_c(dest), utf7, "%s in UTF-7", utf8);
    str_truncate(dest, 0);
    is_int(imap_utf7_to_utf8(utf7, dest), 0, "%s is a name", utf7);
    is_str(str_c(dest), utf8, "%s in UTF-8", utf7);
}

static void invalid_name(const char *utf7)
{
    string_t *escaped = t_str_new(64), *back = t_str_new(64);

    ok(!imap_utf7_is_valid(utf7), "%s is no UTF-7", utf7);
    imap_utf7_to_utf8_escaped(utf7, "%/", escaped);
    (void)imap_escaped_utf8_to_utf7(str_c(escaped), '%', back);
    is_str(str_c(back), utf7, "%s comes back from %s", utf7, str_c(escaped));
}

static void test_utf7(void)
{
    string_t *dest = t_str_new(64);

    name_is("INBOX", "INBOX");
    name_is("A&B", "A&-B");
    name_is("Entw\xc3\xbcrfe", "Entw&APw-rfe");
    name_is("\xe5\x8f\xb0\xe5\x8c\x97", "&U,BTFw-");
    name_is("~peter/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "~peter/&ZeVnLIqe-");
    name_is("\xf0\x9f\x98\x80!", "&2D3eAA-!");
    name_is("\xc3\xa4&", "&AOQ-&-");
    name_is("a\x01", "a&AAE-");
    is_int(imap_utf8_to_utf7("\xff", dest), -1, "invalid UTF-8 is no name");
    invalid_name("&");
    invalid_name("&AOQ");
    invalid_name("&AOQ!-");
    invalid_name("&AGE-");
    invalid_name("&AOQ-&AOQ-");
    invalid_name("&2D0-");
    invalid_name("&3gA-");
    invalid_name("&AOR-x");
    invalid_name("a\xc3\xa4");
    invalid_name("a/b%c&");
}

/* ---- Patterns ----------------------------------------------------------------------------------- */

static void match_is(const char *pattern, const char *name, enum imap_match_result wanted)
{
    struct imap_match_glob *glob = imap_match_init(default_pool, pattern, TRUE, '/');

    is_int(imap_match(glob, name), wanted, "pattern %s, name %s", pattern, name);
    imap_match_deinit(&glob);
}

static void test_match(void)
{
    const char *const patterns[] = {"a", "b/*", NULL};
    struct imap_match_glob *glob, *copy;
    string_t *stars = t_str_new(1024);

    match_is("*", "a/b/c", IMAP_MATCH_YES);
    match_is("%", "a", IMAP_MATCH_YES);
    match_is("%", "a/b", IMAP_MATCH_PARENT);
    match_is("a/%", "a", IMAP_MATCH_CHILDREN);
    match_is("a/%", "a/b", IMAP_MATCH_YES);
    match_is("a/%", "a/b/c", IMAP_MATCH_PARENT);
    match_is("a/%/c", "a/b", IMAP_MATCH_CHILDREN);
    match_is("foo*bar", "foobar/baz", IMAP_MATCH_CHILDREN | IMAP_MATCH_PARENT);
    match_is("a*b", "ab", IMAP_MATCH_YES);
    match_is("a*b", "acb/b", IMAP_MATCH_YES);
    match_is("a", "b", IMAP_MATCH_NO);
    match_is("a", "ab", IMAP_MATCH_NO);
    match_is("ab", "a", IMAP_MATCH_NO);
    match_is("inbox", "INBOX", IMAP_MATCH_YES);
    match_is("inBOX/a", "InBox/a", IMAP_MATCH_YES);
    match_is("inbox/a", "INBOX/A", IMAP_MATCH_NO);
    match_is("inboxes", "INBOXES", IMAP_MATCH_NO);
    match_is("", "", IMAP_MATCH_YES);
    match_is("%%*%*", "a/b", IMAP_MATCH_YES);
    for (unsigned int i = 0; i < 500; i++)
        str_append(stars, "a*");
    glob = imap_match_init(default_pool, str_c(stars), FALSE, '/');
    str_truncate(stars, 0);
    for (unsigned int i = 0; i < 5000; i++)
        str_append_c(stars, 'a');
    str_append_c(stars, 'b');
    is_int(imap_match(glob, str_c(stars)), IMAP_MATCH_YES, "many stars take no long time");
    imap_match_deinit(&glob);
    glob = imap_match_init_multiple(default_pool, patterns, FALSE, '/');
    copy = imap_match_dup(default_pool, glob);
    is_int(imap_match(copy, "b/c"), IMAP_MATCH_YES, "several patterns");
    is_int(imap_match(copy, "a/c"), IMAP_MATCH_PARENT, "the best counts");
    ok(imap_match_globs_equal(glob, copy), "a copy is equal");
    imap_match_deinit(&glob);
    imap_match_deinit(&copy);
}

/* ---- Strings, sets, flags ----------------------------------------------------------------------- */

static const char *write_with(void (*write)(string_t *, const char *), const char *text)
{
    string_t *dest = t_str_new(64);

    write(dest, text);
    return str_c(dest);
}

static void test_strings(void)
{
    string_t *dest = t_str_new(64);

    is_str(write_with(imap_append_string, "a \"b\" \\"), "\"a \\\"b\\\" \\\\\"", "quoted");
    is_str(write_with(imap_append_string, "a\nb"), "{3}\r\na\nb", "a literal for line ends");
    is_str(write_with(imap_append_string, "\xc3\xa4"), "{2}\r\n\xc3\xa4", "and for 8-bit text");
    is_str(write_with(imap_append_astring, "abc]"), "abc]", "an atom");
    is_str(write_with(imap_append_astring, "nil"), "\"nil\"", "NIL is none");
    is_str(write_with(imap_append_astring, ""), "\"\"", "nor nothing");
    is_str(write_with(imap_append_nstring, NULL), "NIL", "NULL is NIL");
    is_str(write_with(imap_append_nstring_nolf, "a\r\n b"), "\"a b\"", "without line ends");
    is_str(write_with(imap_append_quoted, "a\xc3\xa4\n\"b"), "\"a\\\"b\"", "quoted whatever it is");
    imap_append_string_for_humans(dest, (const unsigned char *)" a \t b\r\n", 8);
    is_str(str_c(dest), "\"a b\"", "for people");
}

static const char *set_again(const char *text)
{
    ARRAY_TYPE(seq_range) set;
    string_t *dest = t_str_new(64);

    t_array_init(&set, 8);
    if (imap_seq_set_parse(text, &set) < 0)
        return "invalid";
    imap_write_seq_range(dest, &set);
    return str_c(dest);
}

static void test_sets(void)
{
    ARRAY_TYPE(seq_range) set;
    uint32_t seq1, seq2;

    is_str(set_again("1,5:3,4,9"), "1,3:5,9", "numbers and ranges in any order");
    is_str(set_again("5:*"), "5:*", "a range without an end");
    is_str(set_again("*:5"), "5:*", "from its end");
    is_str(set_again("*"), "4294967295", "the last one");
    is_str(set_again("4294967295"), "4294967295", "the highest number");
    is_str(set_again("0"), "invalid", "zero is no number");
    is_str(set_again("1,"), "invalid", "nothing behind a comma");
    is_str(set_again("1:"), "invalid", "nor behind a colon");
    is_str(set_again("4294967296"), "invalid", "numbers have an end");
    is_str(set_again(""), "invalid", "a set has something in it");
    is_str(set_again("1x"), "invalid", "and nothing else");
    t_array_init(&set, 8);
    is_int(imap_seq_set_nostar_parse("1:*", &set), -1, "without a star");
    ok(imap_seq_range_parse("7:3", &seq1, &seq2) == 0 && seq1 == 3 && seq2 == 7, "one range");
    is_int(imap_seq_range_parse("1,2", &seq1, &seq2), -1, "not two");
}

static void test_flags(void)
{
    const char *const keywords[] = {"$Junk", "work", NULL};
    string_t *dest = t_str_new(64);

    imap_write_flags(dest, MAIL_SEEN | MAIL_ANSWERED, keywords);
    is_str(str_c(dest), "\\Answered \\Seen $Junk work", "flags and keywords");
    str_truncate(dest, 0);
    imap_write_flags(dest, 0, NULL);
    is_str(str_c(dest), "", "none");
    is_int(imap_parse_system_flag("\\SEEN"), MAIL_SEEN, "a flag is read");
    is_int(imap_parse_system_flag("Seen"), 0, "without its backslash it is none");
}

/* ---- Arguments ---------------------------------------------------------------------------------- */

static const char *args_again(const char *text)
{
    const struct imap_arg *args;
    const char *error;

    if (imap_args_from_text(pool_datastack_create(), text, strlen(text), &args, &error) < 0)
        return t_strconcat("error: ", error, NULL);
    return imap_args_to_str(args);
}

static void test_args(void)
{
    string_t *deep = t_str_new(1024), *human = t_str_new(128);
    const struct imap_arg *args, *list;
    const char *error;

    is_str(args_again("a \"b \\\" c\" (d (e) ()) NIL"), "a \"b \\\" c\" (d (e) ()) NIL",
           "atoms, strings, lists");
    is_str(args_again("{3}\r\na b {2+}\nxy"), "{3}\r\na b {2}\r\nxy", "literals");
    is_str(args_again("  a   b "), "a b", "with any space");
    is_str(args_again(""), "", "none");
    is_str(args_again("BODY[TEXT]<0.5> \\Seen 1:*"), "BODY[TEXT]<0.5> \\Seen 1:*",
           "atoms of all kinds");
    is_str(args_again("(a"), "error: Missing ')'", "an open list");
    is_str(args_again("a)"), "error: Unexpected ')'", "one closed too often");
    is_str(args_again("\"a"), "error: Missing '\"'", "an open string");
    is_str(args_again("{9}\r\na"), "error: Invalid literal", "a literal that is too short");
    is_str(args_again("{99999999999999999999}\r\na"), "error: Invalid literal", "or too long");
    for (unsigned int i = 0; i < 100000; i++)
        str_append_c(deep, '(');
    is_str(args_again(str_c(deep)), "error: Too many nested lists", "lists nest only so deep");
    (void)imap_args_from_text(pool_datastack_create(), "a (b {3}\nc\nd \x01\xff)", 16, &args,
                              &error);
    imap_write_args_for_human(human, args);
    is_str(str_c(human), "a (b <3 byte multi-line literal> ?\xef\xbf\xbd)", "for people");
    ok(imap_arg_atom_equals(args, "A"), "an atom's case does not matter");
    ok(imap_arg_get_list(&args[1], &list) && list->parent == &args[1], "lists know where they are");
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_utf7();
        test_match();
        test_strings();
        test_sets();
        test_flags();
        test_args();
    }
    T_END;
    lib_deinit();
    return done();
}
