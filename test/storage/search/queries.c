/*
 * Criteria as objects: reading queries and what is wrong with them, writing them, making them simpler,
 * comparing and copying them, and what they need to see of a mail.
 */
#include "lib.h"

#include "array.h"
#include "mail-search-build.h"
#include "mail-search-parser.h"
#include "search/search-text.h"
#include "str.h"
#include "tap.h"

/** A query read, made simpler if asked for, and written again. */
static const char *again(const char *query, bool simplify)
{
    struct mail_search_args *args;
    string_t *text = t_str_new(128);
    const char *error;

    if (search_text_parse(query, &args, &error) < 0)
        return t_strconcat("wrong: ", error, NULL);
    if (simplify)
        mail_search_args_simplify(args);
    if (!mail_search_args_to_imap(text, args->args, &error)) {
        str_truncate(text, 0);
        str_append(text, error);
    }
    mail_search_args_unref(&args);
    return str_c(text);
}

static void reads(const char *query, const char *wanted)
{
    is_str(again(query, FALSE), wanted, "%.*s", (int)strcspn(query, "\r\n"), query);
}

static void becomes(const char *query, const char *wanted)
{
    is_str(again(query, TRUE), wanted, "%s becomes %s", query, wanted);
}

static void test_reading(void)
{
    reads("", "ALL");
    reads("seen from x", "SEEN FROM \"x\"");
    reads("SUBJECT \"a \\\"b\\\"\" body {5}\r\nc\nd e text x",
          "SUBJECT \"a \\\"b\\\"\" BODY {5}\r\nc\nd e TEXT \"x\"");
    reads("1,3:5,9:* uid 7", "1,3:5,9:* UID 7");
    reads("$", "$");
    reads("not (or seen (deleted draft))", "NOT (OR SEEN (DELETED DRAFT))");
    reads("header X-Foo bar header from x", "HEADER X-Foo \"bar\" FROM \"x\"");
    reads("since 1-Feb-2024 sentbefore 2024-03-01",
          "SINCE \"1-Feb-2024\" SENTBEFORE \"1-Mar-2024\"");
    reads("larger 2k smaller 10", "LARGER 2048 SMALLER 10");
    reads("keyword $x unkeyword y", "KEYWORD $x NOT KEYWORD y");
    reads("new", "(RECENT NOT SEEN)");
    reads("inthread refs from a", "INTHREAD REFS (FROM \"a\")");
    reads("fuzzy text a modseq 5 x-guid b", "FUZZY TEXT \"a\" MODSEQ 5 X-GUID \"b\"");
    reads("older 60", "A time of day cannot be written in an IMAP search");
    reads("mailbox a*", "A mailbox pattern cannot be written in an IMAP search");
}

static void test_mistakes(void)
{
    string_t *deep = t_str_new(1024);

    reads("foo", "wrong: Unknown search key FOO");
    reads("from", "wrong: Missing parameter for a search key");
    reads("from (a)", "wrong: Invalid parameter for a search key");
    reads("not", "wrong: Missing search key");
    reads("or seen", "wrong: Missing search key");
    reads("(seen", "wrong: Missing ')'");
    reads("seen)", "wrong: Unexpected ')'");
    reads("()", "wrong: Empty list");
    reads("\"seen\"", "wrong: Expected a search key");
    reads("on yesterday", "wrong: Invalid date yesterday");
    reads("larger big", "wrong: Invalid size: big");
    reads("younger x", "wrong: Invalid number of seconds x");
    reads("uid 0", "wrong: Invalid set of messages 0");
    reads("1:x", "wrong: Invalid set of messages 1:X");
    reads("keyword \\Foo", "wrong: Unknown system flag \\Foo");
    reads("charset x-none all", "wrong: Unknown charset x-none");
    reads("charset x-none from a", "wrong: Unknown charset x-none");
    reads("from \"\xff\"", "wrong: Search text is not valid UTF-8");
    reads("inthread foo all", "wrong: Unknown thread algorithm foo");
    reads("modseq x", "wrong: Invalid MODSEQ x");
    for (unsigned int i = 0; i < 100000; i++)
        str_append(deep, "not ");
    is_str(again(str_c(deep), FALSE), "wrong: Too many search keys inside each other",
           "keys are nested only so deep");
    str_truncate(deep, 0);
    for (unsigned int i = 0; i < 100000; i++)
        str_append(deep, "or ");
    is_str(again(str_c(deep), FALSE), "wrong: Too many search keys inside each other",
           "in any way");
    str_truncate(deep, 0);
    for (unsigned int i = 0; i < 20000; i++)
        str_append(deep, "or seen ");
    str_append(deep, "draft");
    ok(strncmp(again(str_c(deep), TRUE), "OR SEEN", 7) == 0,
       "but a list of ORs is as long as it is");
}

static void test_simplifying(void)
{
    becomes("not not seen", "SEEN");
    becomes("not (seen deleted)", "NOT (DELETED SEEN)");
    becomes("not (or seen from a)", "NOT SEEN NOT FROM \"a\"");
    becomes("not (seen from a)", "OR NOT SEEN NOT FROM \"a\"");
    becomes("(seen (deleted (from a)))", "(DELETED SEEN) FROM \"a\"");
    becomes("or from a (or from b from c)", "OR FROM \"a\" OR FROM \"b\" FROM \"c\"");
    becomes("or seen (from a to b)", "OR SEEN (FROM \"a\" TO \"b\")");
    becomes("not (not (from a to b))", "FROM \"a\" TO \"b\"");
    becomes("or (seen) (seen)", "OR SEEN SEEN");
    becomes("unseen undeleted", "NOT SEEN NOT DELETED");
}

static struct mail_search_args *parse(const char *query)
{
    struct mail_search_args *args;
    const char *error;

    if (search_text_parse(query, &args, &error) < 0)
        i_fatal("%s: %s", query, error);
    return args;
}

static bool equal(const char *query1, const char *query2)
{
    struct mail_search_args *args1 = parse(query1), *args2 = parse(query2), *copy;
    bool result = mail_search_args_equal(args1, args2);

    copy = mail_search_args_dup(args1);
    if (mail_search_args_equal(copy, args2) != result)
        i_fatal("%s: its copy is another", query1);
    mail_search_args_unref(&copy);
    mail_search_args_unref(&args1);
    mail_search_args_unref(&args2);
    return result;
}

static void test_comparing(void)
{
    const char *all =
        "seen (from a) or uid 1:3 keyword x since 2024-01-01 larger 5 body b modseq 3 "
        "inthread refs all x-guid c header d e";

    ok(equal(all, all), "a query is equal to itself, and to its copy");
    ok(!equal("seen", "unseen"), "not to its opposite");
    ok(!equal("seen", "seen draft"), "nor to a part of it");
    ok(!equal("from a", "from b") && !equal("from a", "to a"), "nor with another text or header");
    ok(!equal("uid 1", "uid 2") && !equal("larger 1", "larger 2"), "or number");
    ok(!equal("since 2024-01-01", "sentsince 2024-01-01"), "or date");
    ok(!equal("1:3", "1:3"), "sequence numbers are never equal: they change");
}

static const char *needs(const char *query)
{
    struct mail_search_args *args = parse(query);
    bool have_headers, have_body;
    const char *const *headers = mail_search_args_analyze(args->args, &have_headers, &have_body);
    const char *text =
        t_strdup_printf("%s%s%s", headers == NULL ? "-" : t_strarray_join(headers, ","),
                        have_headers ? " headers" : "", have_body ? " body" : "");

    mail_search_args_unref(&args);
    return text;
}

static void test_needs(void)
{
    is_str(needs("seen larger 5"), "-", "flags and sizes need no mail");
    is_str(needs("from a (or subject b from c) senton 2024-01-01"), "From,Subject,Date headers",
           "headers by name");
    is_str(needs("body x"), "- body", "a body");
    is_str(needs("text x from a"), "- headers body", "all of it");
}

static bool fits(const char *query, const char *vname)
{
    struct mail_search_args *args = parse(query);
    bool result = mail_search_args_match_mailbox(args, vname, '/');

    mail_search_args_unref(&args);
    return result;
}

static void test_mailboxes(void)
{
    ok(fits("seen", "a"), "most queries fit any mailbox");
    ok(fits("mailbox a", "a") && !fits("mailbox a", "b"), "one that names a mailbox fits that");
    ok(fits("mailbox inbox", "INBOX"), "INBOX in either case");
    ok(fits("mailbox a/%", "a/b") && !fits("mailbox a/%", "a/b/c"), "patterns");
    ok(!fits("not mailbox a", "a") && fits("not mailbox a", "b"), "all but one");
    ok(fits("or mailbox a mailbox b", "b") && !fits("mailbox a mailbox b", "a"), "several");
}

static int parse_words(const char *const *words, const char **result)
{
    struct mail_search_parser *parser = mail_search_parser_init_cmdline(words);
    const char *charset = "UTF-8", *error;
    struct mail_search_args *args;
    string_t *text = t_str_new(64);
    int ret = mail_search_build(mail_search_register_get_human(), parser, &charset, &args, &error);

    mail_search_parser_deinit(&parser);
    *result = error;
    if (ret < 0)
        return ret;
    (void)mail_search_args_to_imap(text, args->args, &error);
    mail_search_args_unref(&args);
    *result = str_c(text);
    return ret;
}

static void test_command_lines(void)
{
    const char *const words[] = {"from", "a b", "(", "or", "seen", "not", "draft", ")", NULL};
    const char *const open[] = {"(", "seen", NULL};
    const char *const closed[] = {"seen", ")", NULL};
    const char *result;

    is_int(parse_words(words, &result), 0, "words of a command line");
    is_str(result, "FROM \"a b\" (OR SEEN NOT DRAFT)", "are a query");
    is_int(parse_words(open, &result), -1, "with all its parentheses");
    is_str(result, "Missing ')'", "closed");
    is_int(parse_words(closed, &result), -1, "and opened");
}

static struct mail_search_arg *build_spam(struct mail_search_build_context *ctx)
{
    struct mail_search_arg *arg = mail_search_build_str(ctx, SEARCH_HEADER);

    if (arg != NULL)
        arg->hdr_field_name = "X-Spam";
    return arg;
}

static void test_registers(void)
{
    static const struct mail_search_register_arg spam = {"SPAM", build_spam};
    struct mail_search_register *reg = mail_search_register_init();
    mail_search_register_fallback_t *fallback;

    mail_search_register_add(reg, &spam, 1);
    ok(mail_search_register_find(reg, "SPAM") != NULL, "a plugin may make keys");
    ok(mail_search_register_find(reg, "HAM") == NULL, "and only those are there");
    ok(!mail_search_register_get_fallback(reg, &fallback), "without any for the others");
    mail_search_register_deinit(&reg);
    mail_search_register_add(mail_search_register_get_human(), &spam, 1);
    reads("spam yes", "HEADER X-Spam \"yes\"");
}

static void test_building(void)
{
    struct mail_search_args *args = mail_search_build_init();
    string_t *text = t_str_new(64);
    struct mail_search_arg *arg;
    const char *error;

    mail_search_build_add_all(args);
    mail_search_build_add_seqset(args, 2, 5);
    arg = mail_search_build_add(args, SEARCH_FLAGS);
    arg->value.flags = MAIL_SEEN;
    arg->match_not = TRUE;
    ok(mail_search_args_to_imap(text, args->args, &error), "criteria made one by one");
    is_str(str_c(text), "NOT SEEN 2:5 ALL", "are a query");
    mail_search_args_unref(&args);
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_reading();
        test_mistakes();
        test_simplifying();
        test_comparing();
        test_needs();
        test_mailboxes();
        test_command_lines();
        test_registers();
        test_building();
    }
    T_END;
    lib_deinit();
    return done();
}
