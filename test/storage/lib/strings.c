/* Strings: string_t, copies, case, trimming, comparing, cutting and joining. */
#include "array.h"
#include "str-sanitize.h"
#include "str.h"
#include "tap.h"

static void test_string(void)
{
    string_t *str = str_new(default_pool, 1);
    const char chr = 'x';
    char *text;

    is_str(str_c(str), "", "a new string is empty");
    str_append(str, "hello");
    str_append_c(str, ' ');
    str_append_c(str, chr);
    str_append_max(str, "yz...", 2);
    str_append_data(str, "12", 2);
    is_str(str_c(str), "hello xyz12", "texts are appended");
    str_insert(str, 5, ",");
    str_delete(str, 6, 1);
    str_replace(str, 0, 5, "bye");
    is_str(str_c(str), "bye,xyz12", "inserted, deleted and replaced");
    str_truncate(str, 100);
    str_truncate(str, 3);
    is_str(str_c(str), "bye", "and cut off");
    str_printfa(str, " %d %s", 42, "more than what fits into the string as it is now");
    is_str(str_c(str), "bye 42 more than what fits into the string as it is now",
           "formatted texts make it grow");
    errno = ENOENT;
    str_truncate(str, 0);
    str_printfa(str, "%s: %s", "it", strerror(errno));
    is_str(str_c(str), "it: No such file or directory", "errno is kept");
    is_int(errno, ENOENT, "afterwards too");
    str_truncate(str, 0);
    str_append(str, "a\xc3\xa4z");
    str_truncate_utf8(str, 2);
    is_str(str_c(str), "a", "no character is cut in two");
    str_append_str(str, str);
    is_str(str_c(str), "aa", "a string is appended to itself");
    text = str_free_without_data(&str);
    is_str(text, "aa", "the text may outlive the string");
    i_free(text);
}

static void test_printfa_sizes(void)
{
    bool right = TRUE;

    for (size_t size = 0; size < 200; size++) {
        string_t *str = str_new(default_pool, 20);
        char wanted[256];

        str_append(str, "start:");
        str_printfa(str, "%0*d", (int)size, 7);
        (void)snprintf(wanted, sizeof(wanted), "start:%0*d", (int)size, 7);
        right = right && strcmp(str_c(str), wanted) == 0;
        str_free(&str);
    }
    ok(right, "formatted texts of every length are whole");
}

static void test_constant(void)
{
    string_t *str = str_new_const(default_pool, "text", 4);
    string_t *same = t_str_new_const("text", 4);
    const char *four = "text and more";
    buffer_t view;

    is_str(str_c(str), "text", "a constant string is its text");
    ok(str_equals(str, same), "equal to another one of the same text");
    buffer_create_from_const_data(&view, four, 4);
    is_str(str_c(&view), "text", "a view of a part of a text ends where the part does");
    str_free(&str);
}

static void test_copies(void)
{
    pool_t pool = pool_alloconly_create("copies", 64);
    const char *text = "some text", *none = NULL;
    char *copy;

    ok(p_strdup(pool, NULL) == NULL && t_strdup(NULL) == NULL && p_strndup(pool, NULL, 3) == NULL,
       "a copy of NULL is NULL");
    is_str(p_strdup(pool, text), text, "a copy is equal");
    is_str(p_strndup(pool, text, 4), "some", "a copy may end early");
    is_str(p_strndup(pool, text, 400), text, "but not late");
    is_str(p_strdup_until(pool, text + 5, text + 7), "te", "a part is copied");
    is_str(p_strdup_until(pool, text, text), "", "also none of it");
    ok(p_strdup_empty(pool, "") == NULL, "nothing becomes NULL if that is wanted");
    is_str(p_strdup_printf(pool, "%s %d", "x", 5), "x 5", "texts are formatted");
    is_str(p_strconcat(pool, "a", "", "bc", NULL), "abc", "texts are joined");
    ok(p_strconcat(pool, none, NULL) == NULL, "no texts joined are NULL");
    is_str(t_strconcat("a", "b", NULL), "ab", "on the data stack too");
    is_str(p_memdup(pool, "a\0b", 4), "a", "bytes are copied");
    copy = i_strdup_printf("%%%d", 1);
    is_str(copy, "%1", "in memory of their own");
    i_free(copy);
    copy = i_strdup_printf("%0500d", 7);
    ok(strlen(copy) == 500 && copy[499] == '7', "however long");
    i_free(copy);
    copy = i_strconcat("x", "y", NULL);
    is_str(copy, "xy", "joined there");
    i_free(copy);
    copy = i_strndup("abc", 2);
    is_str(copy, "ab", "a part of it");
    i_free(copy);
    errno = EACCES;
    is_str(t_strdup_printf("%s", strerror(errno)), "Permission denied", "errno is there to format");
    is_int(errno, EACCES, "and still there afterwards");
    pool_unref(&pool);
}

static void test_changing(void)
{
    char text[] = "MiXed 1\xc3\xa4";
    char small[4];

    is_str(str_ucase(text), "MIXED 1\xc3\xa4", "ASCII letters become upper case");
    is_str(str_lcase(text), "mixed 1\xc3\xa4", "and lower case");
    is_str(t_str_ucase("a"), "A", "in a copy");
    is_str(t_str_lcase("A"), "a", "both");
    is_str(t_strcut("user@host", '@'), "user", "a text is cut at a character");
    is_str(t_strcut("user", '@'), "user", "if it is there");
    is_str(t_str_replace("a.b.c", '.', '/'), "a/b/c", "characters are replaced");
    is_str(t_str_oneline("\n\r\na\r\n\nb\n"), "a b", "lines become one");
    is_str(t_str_trim("  a b ", " "), "a b", "both ends are trimmed");
    is_str(t_str_ltrim("  a ", " "), "a ", "the left one");
    is_str(t_str_rtrim("  a ", " "), "  a", "the right one");
    is_str(t_str_trim("   ", " "), "", "until nothing is left");
    is_int(i_snprintf(small, sizeof(small), "%d", 123), 0, "what fits is formatted");
    is_int(i_snprintf(small, sizeof(small), "%d", 12345), -1, "what does not is told");
    is_str(small, "123", "and cut");
    is_int(i_strocpy(small, "abcd", sizeof(small)), -1, "the same with copies");
    is_str(small, "abc", "which end with a NUL");
    is_int(i_strocpy(small, "ab", sizeof(small)), 0, "and may fit");
}

static void test_comparing(void)
{
    const char *const needles[] = {"needle", "hay", NULL};

    ok(null_strcmp(NULL, NULL) == 0 && null_strcmp(NULL, "") < 0 && null_strcmp("", NULL) > 0,
       "NULL sorts before every text");
    ok(null_strcasecmp("A", "a") == 0 && null_strcmp("A", "a") != 0, "with or without case");
    ok(i_memcasecmp("aB1", "Ab1", 3) == 0 && i_memcasecmp("a", "b", 1) < 0, "bytes too");
    ok(str_begins("haystack", "hay") && !str_begins("hay", "haystack") && str_begins("a", ""),
       "beginnings are found");
    is_int((intmax_t)str_match("abcd", "abxd"), 2, "and how far texts are equal");
    is_str(i_strstr_arr("a needle in hay", needles), "needle in hay", "the first of several texts");
    ok(i_strstr_arr("nothing", needles) == NULL, "if there is one");
    is_str(i_strchr_to_next("key=value", '='), "value", "what follows a character");
    ok(mem_equals_timing_safe("abc", "abc", 3) && !mem_equals_timing_safe("abc", "abd", 3),
       "secrets are compared");
    ok(str_equals_timing_almost_safe("abc", "abc") && !str_equals_timing_almost_safe("ab", "abc"),
       "also as texts");
    is_int((intmax_t)i_memspn("aab", 3, "a", 1), 2, "bytes of a set are counted");
    is_int((intmax_t)i_memcspn("aab", 3, "b", 1), 2, "or of none");
}

static void test_splitting(void)
{
    const char *const *fields = t_strsplit("a,b;;c", ",;");
    char **spaced = p_strsplit_spaces(default_pool, "  one two  three ", " ");
    const char *names[] = {"x", "y", "z", NULL};
    const char **copy = p_strarray_dup(default_pool, names);
    ARRAY_TYPE(const_string) array;

    is_int(str_array_length(fields), 4, "a text is split at each separator");
    is_str(fields[2], "", "into empty fields too");
    is_str(t_strarray_join(fields, "|"), "a|b||c", "fields are joined");
    is_int(str_array_length(t_strsplit("", ",")), 0, "no text has no fields");
    is_int(str_array_length((const char *const *)spaced), 3, "empty fields can be left out");
    is_str(spaced[2], "three", "at both ends");
    p_strsplit_free(default_pool, spaced);
    is_int(str_array_length(t_strsplit_spaces("   ", " ")), 0, "separators alone are no fields");
    fields = t_strsplit(
        t_strarray_join(t_strsplit("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", " "), ","), ",");
    is_int(str_array_length(fields), 17, "there may be many fields");
    is_str(fields[16], "17", "up to the last");

    ok(str_array_find(names, "y") && !str_array_find(names, "Y"), "a text is found in an array");
    ok(str_array_icase_find(names, "Y"), "in any case");
    ok(str_array_remove(names, "y") && !str_array_remove(names, "y"), "and removed");
    is_str(t_strarray_join(names, ""), "xz", "the others stay");
    is_str(t_strarray_join(copy, ""), "xyz", "a copy of an array is not touched");
    i_free(copy);

    t_array_init(&array, 2);
    is_str(t_array_const_string_join(&array, ","), "", "no texts make an empty one");
    array_push_back(&array, &names[0]);
    array_push_back(&array, &names[1]);
    is_str(t_array_const_string_join(&array, ", "), "x, z", "an array of texts is joined");
}

static void test_sanitizing(void)
{
    const char *clean = "clean \xc3\xa4";

    ok(str_sanitize(clean, 100) == clean, "a clean text is returned as it is");
    ok(str_sanitize(NULL, 10) == NULL, "so is NULL");
    is_str(str_sanitize("a\001\x7f\xff\xc2\x80z", 100), "a????z",
           "controls and bad bytes become '?'");
    is_str(str_sanitize("abcdef", 5), "ab...", "a long text is cut");
    is_str(str_sanitize("abcdef", 6), "abcdef", "a text that fits is not");
    is_str(str_sanitize("a\xc3\xa4\xc3\xa4\xc3\xa4", 5), "a...", "between characters");
    is_str(str_sanitize_utf8("a\001b", 10),
           "a\xef\xbf\xbd"
           "b",
           "or become U+FFFD");
    is_str(str_sanitize_utf8("\xc3\xa4\xc3\xa4\xc3\xa4", 2), "\xc3\xa4\xe2\x80\xa6",
           "and characters are counted");
}

static void free_full_string(void)
{
    char mem[4];
    buffer_t buf;

    buffer_create_from_data(&buf, mem, sizeof(mem));
    str_append(&buf, "1234");
    (void)str_c(&buf);
}

int main(void)
{
    lib_init();
    test_string();
    test_printfa_sizes();
    test_constant();
    test_copies();
    test_changing();
    test_comparing();
    test_splitting();
    test_sanitizing();
    ok(panics(free_full_string), "a fixed string without room for its NUL panics");
    lib_deinit();
    return done();
}
