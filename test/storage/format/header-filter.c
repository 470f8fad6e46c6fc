/* Mails with some of their headers. */
#include "lib.h"

#include "istream-header-filter.h"
#include "istream.h"
#include "message-header-parser.h"
#include "str.h"
#include "tap.h"

static const char *read_all(struct istream *input)
{
    string_t *seen = t_str_new(128);
    const unsigned char *data;
    size_t size;

    while (i_stream_read_more(input, &data, &size) > 0) {
        str_append_data(seen, data, size);
        i_stream_skip(input, size);
    }
    return str_c(seen);
}

#define MAIL "Aa: 1\nBb: 2\n 3\nCc: 4\nbb: 5\n\nbody\n"

static const char *const names[] = {"aa", "bb"};

static const char *filter_with(const char *mail, enum header_filter_flags flags,
                               header_filter_callback *callback)
{
    struct istream *input = i_stream_create_from_data(mail, strlen(mail));
    struct istream *filter =
        (i_stream_create_header_filter)(input, flags, names, 2, callback, NULL);
    const char *first, *again;

    i_stream_set_max_buffer_size(filter, 16);
    first = read_all(filter);
    i_stream_seek(filter, 0);
    again = read_all(filter);
    i_stream_unref(&filter);
    i_stream_unref(&input);
    return strcmp(first, again) == 0 ? first : "differs when read again";
}

static const char *filter(const char *mail, enum header_filter_flags flags)
{
    return filter_with(mail, flags, *null_header_filter_callback);
}

static void test_filters(void)
{
    is_str(filter(MAIL, HEADER_FILTER_INCLUDE | HEADER_FILTER_NO_CR),
           "Aa: 1\nBb: 2\n 3\nbb: 5\n\nbody\n", "only some headers");
    is_str(filter(MAIL, HEADER_FILTER_EXCLUDE | HEADER_FILTER_NO_CR), "Cc: 4\n\nbody\n",
           "all but some");
    is_str(filter(MAIL, HEADER_FILTER_INCLUDE | HEADER_FILTER_HIDE_BODY),
           "Aa: 1\r\nBb: 2\r\n 3\r\nbb: 5\r\n\r\n", "with CRLF, without the body");
    is_str(filter("Aa: 1\r\nCc: 2\n\r\nx", HEADER_FILTER_INCLUDE | HEADER_FILTER_CRLF_PRESERVE),
           "Aa: 1\r\n\r\nx", "with line ends as they were");
    is_str(filter("Aa: 1",
                  HEADER_FILTER_INCLUDE | HEADER_FILTER_ADD_MISSING_EOH | HEADER_FILTER_NO_CR),
           "Aa: 1\n\n", "an empty line that was missing");
    is_str(filter("Aa: 1", HEADER_FILTER_INCLUDE), "Aa: 1", "or not");
    is_str(filter("\nbody",
                  HEADER_FILTER_EXCLUDE | HEADER_FILTER_END_BODY_WITH_LF | HEADER_FILTER_NO_CR),
           "\nbody\n", "a line end that was missing");
    is_str(filter("", HEADER_FILTER_EXCLUDE), "", "nothing");
}

static void edit(struct header_filter_istream *input, struct message_header_line *hdr,
                 bool *matched, void *context ATTR_UNUSED)
{
    if (hdr != NULL && hdr->eoh)
        i_stream_header_filter_add(input, "New: x\n", 7);
    else if (hdr != NULL && strcasecmp(hdr->name, "Cc") == 0)
        *matched = FALSE;
}

static void test_callbacks(void)
{
    is_str(filter_with(MAIL, HEADER_FILTER_EXCLUDE | HEADER_FILTER_NO_CR, edit),
           "Cc: 4\nNew: x\n\nbody\n", "a callback adds a header");
    is_str(filter_with(MAIL, HEADER_FILTER_INCLUDE | HEADER_FILTER_NO_CR, edit),
           "Aa: 1\nBb: 2\n 3\nbb: 5\nNew: x\n\nbody\n", "wherever");
}

static void test_limit(void)
{
    struct istream *input = i_stream_create_from_data(MAIL, sizeof(MAIL) - 1);
    struct istream *limited =
        (i_stream_create_header_filter)(input, HEADER_FILTER_INCLUDE | HEADER_FILTER_NO_CR, names,
                                        2, *null_header_filter_callback, NULL);

    i_stream_header_filter_set_max_header_block_size(limited, 6);
    is_str(read_all(limited), "Aa: 1\nBb: 2\n \nbb: 5\n\nbody\n", "a header has a largest size");
    i_stream_unref(&limited);
    i_stream_unref(&input);
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_filters();
        test_callbacks();
        test_limit();
    }
    T_END;
    lib_deinit();
    return done();
}
