/* Variables, units, masks, strings of JSON. */
#include "lib.h"

#include "json-parser.h"
#include "settings-parser.h"
#include "str.h"
#include "tap.h"
#include "var-expand.h"
#include "wildcard-match.h"

#include <stdlib.h>

static const struct var_expand_table table[] = {
    {'u', "John@Example.org", "user"}, {'n', "John", "username"}, {'d', NULL, "domain"},
    {'\0', "long only", "thing"},      {'\0', NULL, NULL},
};

static int ask(const char *data, void *context, const char **value_r, const char **error_r)
{
    if (strcmp(data, "bad") == 0) {
        *error_r = "no";
        return -1;
    }
    *value_r = t_strconcat(context, data, NULL);
    return 1;
}

static const char *expand(const char *text)
{
    static const struct var_expand_func_table functions[] = {{"ask", ask}, {NULL, NULL}};
    string_t *dest = t_str_new(64);
    const char *error;
    char context[] = "<";
    int ret = var_expand_with_funcs(dest, text, table, functions, context, &error);

    if (ret <= 0)
        str_printfa(dest, "!%d %s", ret, error);
    return str_c(dest);
}

static void test_variables(void)
{
    setenv("VAR_TEST", "value", 1);
    is_str(expand("a%ub"), "aJohn@Example.orgb", "a variable");
    is_str(expand("%{user}/%{thing}%%"), "John@Example.org/long only%", "by its long name");
    is_str(expand("[%d]"), "[]", "one without a value");
    is_str(expand("%Lu %Uu"), "john@example.org JOHN@EXAMPLE.ORG", "in small or capital letters");
    is_str(expand("%1u %2.3u %-3u %-4.2u %08n %0.2n"), "J hn@ John@Example. .o 0000John Jo",
           "parts");
    is_str(expand("%Rn %Mn"), "nhoJ 61409aa1fd47d4a5332de23cbf59a36f", "reversed, and its MD5");
    is_str(expand("%D{user}"), "John@Example,dc=org", "for LDAP");
    is_str(expand("%{env:VAR_TEST} %{env:NO_VAR_TEST}"), "value ", "from the environment");
    is_str(expand("%{ask:me}"), "<me", "from a function");
    is_str(expand("%{ask:bad}"), "!-1 %{ask:bad}: no", "that may fail");
    is_str(expand("%x"), "UNSUPPORTED_VARIABLE_x!0 Unknown variable '%x'", "an unknown one");
    is_str(expand("%{x}"), "UNSUPPORTED_VARIABLE_x!0 Unknown variable '%x'", "with a long name");
    is_str(expand("%{x"), "!0 Missing '}' in a variable", "without an end");
    is_str(expand("a%"), "a!0 Variable is missing after '%'", "a sign without a variable");
}

static void test_keys(void)
{
    static const struct var_expand_table more[] = {
        {'u', "other", "user"}, {'x', "new", NULL}, {'\0', NULL, NULL}};
    const struct var_expand_table *merged = t_var_expand_merge_tables(table, more);
    string_t *dest = t_str_new(64);
    unsigned int idx, size;
    const char *error;

    is_int(var_get_key("L5u"), 'u', "a key behind modifiers");
    var_get_key_range("L{user}", &idx, &size);
    ok(idx == 2 && size == 4, "a long one");
    ok(var_has_key("a%%%Lub", 'u', NULL) && !var_has_key("%%u", 'u', NULL), "a key is found");
    ok(var_has_key("%{user}", '\0', "user") && !var_has_key("%{username}", 'u', "user"),
       "a long one too");
    is_int((intmax_t)var_expand_table_size(merged), 5, "tables are merged");
    ok(var_expand(dest, "%u %x %n", merged, &error) == 1 &&
           strcmp(str_c(dest), "other new John") == 0,
       "the later wins");
}

static void test_units(void)
{
    unsigned int number = 0;
    uoff_t bytes = 0;
    const char *error;

    ok(settings_get_time("5 mins", &number, &error) == 0 && number == 300, "minutes");
    ok(settings_get_time("1w", &number, &error) == 0 && number == 604800, "weeks");
    ok(settings_get_time("30", &number, &error) == 0 && number == 30, "seconds");
    is_int(settings_get_time("5 parsecs", &number, &error), -1, "not parsecs");
    is_int(settings_get_time("999999999999 weeks", &number, &error), -1, "not eternity");
    is_int(settings_get_time("100 ms", &number, &error), -1, "not less than a second");
    ok(settings_get_time_msecs("100 ms", &number, &error) == 0 && number == 100,
       "unless asked for");
    is_int(settings_get_time_msecs("100", &number, &error), -1, "with a unit");
    ok(settings_get_size("10M", &bytes, &error) == 0 && bytes == 10485760, "sizes");
    ok(settings_get_size("1 GB", &bytes, &error) == 0 && bytes == 1073741824, "with a space");
    ok(settings_get_size("512", &bytes, &error) == 0 && bytes == 512, "of bytes");
    is_int(settings_get_size("x", &bytes, &error), -1, "and no others");
    is_int(settings_get_size("-1", &bytes, &error), -1, "nor negative ones");
}

struct example_settings {
    const char *name;
    unsigned int count;
    bool on;
};

#undef DEF
#define DEF(type, name) SETTING_DEFINE_STRUCT_##type(#name, name, struct example_settings)
static const struct setting_define example_defines[] = {
    DEF(STR, name), DEF(UINT, count), DEF(BOOL_HIDDEN, on), SETTING_DEFINE_LIST_END};

static void test_defines(void)
{
    is_str(example_defines[1].key, "count", "a setting is described");
    is_int((intmax_t)example_defines[1].offset, (intmax_t)offsetof(struct example_settings, count),
           "by its place");
    is_int(example_defines[2].flags, SET_FLAG_HIDDEN, "and its flags");
}

static void test_masks(void)
{
    string_t *data = t_str_new(1024), *mask = t_str_new(1024);

    ok(wildcard_match("text/plain", "text/*"), "a star");
    ok(wildcard_match("abc", "a?c") && !wildcard_match("ac", "a?c"), "a question mark");
    ok(wildcard_match("", "*") && !wildcard_match("", "?"), "nothing");
    ok(wildcard_match("aXbXc", "*X*c") && !wildcard_match("aXbX", "*X*c"), "several");
    ok(!wildcard_match("ABC", "abc") && wildcard_match_icase("ABC", "aB*"), "in either case");
    ok(wildcard_is_literal("abc") && !wildcard_is_literal("a*"), "or none");
    for (unsigned int i = 0; i < 20000; i++) {
        str_append_c(data, 'a');
        if (i < 1000)
            str_append(mask, "a*");
    }
    str_append_c(mask, 'b');
    ok(!wildcard_match(str_c(data), str_c(mask)), "many stars take no long time");
}

static void test_json(void)
{
    string_t *dest = t_str_new(64);

    json_append_escaped(dest, "a\"b\\c\n\t\x01/\xc3\xa4\xe2\x80\xa8\xff");
    is_str(str_c(dest), "a\\\"b\\\\c\\n\\t\\u0001/\xc3\xa4\\u2028\xef\xbf\xbd", "a string of JSON");
    str_truncate(dest, 0);
    json_append_escaped_data(dest, (const unsigned char *)"a\0b", 3);
    is_str(str_c(dest), "a\\u0000b", "with a NUL");
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_variables();
        test_keys();
        test_units();
        test_defines();
        test_masks();
        test_json();
    }
    T_END;
    lib_deinit();
    return done();
}
