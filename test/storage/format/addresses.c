/* Address lists: what RFC 5322 allows, what mails hold instead, and writing them again. */
#include "lib.h"

#include "message-address.h"
#include "str.h"
#include "tap.h"

static const char *show(const char *text)
{
    return text == NULL ? "-" : text;
}

/** `name,route,mailbox,domain` for each; `!` for invalid ones. */
static const char *parse_flags(const char *text, enum message_address_parse_flags flags)
{
    const struct message_address *addr = message_address_parse(
        pool_datastack_create(), (const unsigned char *)text, strlen(text), 100, flags);
    string_t *seen = t_str_new(128);

    for (; addr != NULL; addr = addr->next)
        str_printfa(seen, "%s%s,%s,%s,%s;", addr->invalid_syntax ? "!" : "", show(addr->name),
                    show(addr->route), show(addr->mailbox), show(addr->domain));
    return str_c(seen);
}

static const char *parse(const char *text)
{
    return parse_flags(text, 0);
}

static void test_valid(void)
{
    is_str(parse("a@b.c"), "-,-,a,b.c;", "an address alone");
    is_str(parse("<a@b>"), "-,-,a,b;", "in angle brackets");
    is_str(parse("John Q. Public <a@b>, \"Doe, \\\"J\\\"\" <c@d>"),
           "John Q. Public,-,a,b;Doe, \"J\",-,c,d;", "with names, quoted or not");
    is_str(parse("a@b (A (nested) comment)"), "A (nested) comment,-,a,b;", "a comment is a name");
    is_str(parse("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>"),
           "Pete,-,pete,silly.test;", "comments may stand anywhere");
    is_str(parse("\"a b\"@c"), "-,-,a b,c;", "local parts may be quoted");
    is_str(parse("a@[1.2.3.4]"), "-,-,a,[1.2.3.4];", "domains may be literals");
    is_str(parse("<@x,@y:a@b>"), "-,@x,@y,a,b;", "routes of old");
    is_str(parse("a . b @ c . d"), "-,-,a.b,c.d;", "white space around dots");
    is_str(parse("\n a@b ,\r\n\tc@d"), "-,-,a,b;-,-,c,d;", "folded");
    is_str(parse("=?utf-8?q?J=C3=BCrgen?= <a@b>"), "=?utf-8?q?J=C3=BCrgen?=,-,a,b;",
           "encoded words are not decoded here");
    is_str(parse("J\xc3\xbcrgen <j\xc3\xbc@\xc3\xbc.de>"), "J\xc3\xbcrgen,-,j\xc3\xbc,\xc3\xbc.de;",
           "UTF-8 is text");
}

static void test_groups(void)
{
    is_str(parse("friends: a@b, C <c@d>;, e@f"), "-,-,friends,-;-,-,a,b;C,-,c,d;-,-,-,-;-,-,e,f;",
           "a group between its marks");
    is_str(parse("undisclosed recipients:;"), "-,-,undisclosed recipients,-;-,-,-,-;",
           "an empty one");
    is_str(parse("g: a@b"), "-,-,g,-;-,-,a,b;-,-,-,-;", "one without an end");
}

static void test_invalid(void)
{
    is_str(parse(""), "", "no address");
    is_str(parse(", ,;"), "", "nor between commas");
    is_str(parse("root"), "!-,-,root,;", "no domain");
    is_str(parse("John Doe"), "!John Doe,-,,;", "only a name");
    is_str(parse("@b"), "-,-,,b;", "no local part");
    is_str(parse("<>"), "-,-,,;", "nothing in brackets");
    is_str(parse("a@"), "!-,-,a,;", "an @ and nothing");
    is_str(parse("A <a@b, c@d"), "!A,-,a,b;-,-,c,d;", "a missing bracket");
    is_str(parse("a@b>, c@d"), "!-,-,a,b;-,-,c,d;", "a bracket too many");
    is_str(parse("a@b c@d"), "-,-,a,b;-,-,c,d;", "a missing comma");
    is_str(parse("[list] A <a@b>"), "[list] A,-,a,b;", "brackets in names");
    is_str(parse("\"unclosed <a@b>"), "!unclosed <a@b>,-,,;", "a missing quote");
    is_str(parse("a@b (unclosed"), "!unclosed,-,a,b;", "a missing parenthesis");
    is_str(parse("a..b@c"), "-,-,a..b,c;", "dots where none may be are taken");
    is_str(parse_flags("a..b@c", MESSAGE_ADDRESS_PARSE_FLAG_STRICT_DOTS), "!-,-,a..b,c;",
           "unless asked to be strict");
    is_str(parse_flags("root", MESSAGE_ADDRESS_PARSE_FLAG_FILL_MISSING),
           "!-,-,root,MISSING_DOMAIN;", "what is missing can be named");
}

static void test_many(void)
{
    string_t *text = t_str_new(1024);
    struct message_address_list list;

    for (unsigned int i = 0; i < 200000; i++)
        str_append(text, i % 2 == 0 ? "a@b," : "((((\"<<");
    message_address_parse_full(pool_datastack_create(), str_data(text), str_len(text), 50, 0,
                               &list);
    ok(list.count <= 50, "no more than asked for");
    str_truncate(text, 0);
    for (unsigned int i = 0; i < 200000; i++)
        str_append(text, "a@b,");
    message_address_parse_full(pool_datastack_create(), str_data(text), str_len(text), 50, 0,
                               &list);
    is_int(list.count, 50, "and as many as asked for");
}

static const char *path(const char *text)
{
    struct message_address *addr;

    if (message_address_parse_path(pool_datastack_create(), (const unsigned char *)text,
                                   strlen(text), &addr) < 0)
        return "invalid";
    return t_strdup_printf("%s,%s", show(addr->mailbox), show(addr->domain));
}

static void test_paths(void)
{
    is_str(path("<a@b>"), "a,b", "a return path");
    is_str(path("<>"), "-,-", "an empty one");
    is_str(path("a@b"), "a,b", "one without brackets");
    is_str(path("A <a@b>"), "invalid", "a name is none of its parts");
    is_str(path("<a@b> x"), "invalid", "nothing may follow");
    is_str(path("<a>"), "invalid", "a domain is needed");
}

static const char *again(const char *text)
{
    return message_address_to_string(message_address_parse(
        pool_datastack_create(), (const unsigned char *)text, strlen(text), 100, 0));
}

static void test_writing(void)
{
    is_str(again("a@b"), "a@b", "an address alone");
    is_str(again("John Public <a@b>"), "John Public <a@b>", "with a name");
    is_str(again("\"John Q. \\\"P\\\"\" <a@b>"), "\"John Q. \\\"P\\\"\" <a@b>",
           "quoted where needed");
    is_str(again("\"a b\"@c"), "\"a b\"@c", "a quoted local part");
    is_str(again("<@x:a@b>"), "<@x:a@b>", "a route");
    is_str(again("<>"), "<>", "nothing");
    is_str(again("x@y, g: a@b, c@d;, h:;, z@z"), "x@y, g: a@b, c@d;, h:;, z@z", "groups");
    ok(message_header_is_address("cc") && !message_header_is_address("Subject"),
       "which headers hold addresses");
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_valid();
        test_groups();
        test_invalid();
        test_many();
        test_paths();
        test_writing();
    }
    T_END;
    lib_deinit();
    return done();
}
