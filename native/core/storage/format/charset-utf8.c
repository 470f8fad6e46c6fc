/*
 * The face of charset translation, and the translator that knows UTF-8 only. The one that knows
 * every charset is in charset-iconv.c.
 */
#include "charset-utf8-private.h"
#include "format/charset.h"

#include "buffer.h"
#include "str.h"
#include "strfuncs.h"

#include <strings.h>

const struct charset_utf8_vfuncs *charset_utf8_vfuncs = &charset_iconv;

bool charset_is_utf8(const char *charset)
{
    static const char *const names[] = {
        "us-ascii",       "ascii",          "utf-8",     "utf8",   "646",
        "csascii",        "ansi_x3.4-1968", "iso646-us", "us",     "csutf8",
        "ansi_x3.4-1986", "iso-ir-6",       "cp367",     "ibm367", NULL};

    return str_array_icase_find(names, charset);
}

int charset_to_utf8_begin(const char *charset, normalizer_func_t *normalizer,
                          struct charset_translation **t_r)
{
    return charset_utf8_vfuncs->to_utf8_begin(charset, normalizer, t_r);
}

struct charset_translation *charset_utf8_to_utf8_begin(normalizer_func_t *normalizer)
{
    struct charset_translation *t;

    if (charset_to_utf8_begin("UTF-8", normalizer, &t) < 0)
        i_unreached();
    return t;
}

void charset_to_utf8_end(struct charset_translation **_t)
{
    struct charset_translation *t = *_t;

    *_t = NULL;
    charset_utf8_vfuncs->to_utf8_end(t);
}

void charset_to_utf8_reset(struct charset_translation *t)
{
    charset_utf8_vfuncs->to_utf8_reset(t);
}

enum charset_result charset_to_utf8(struct charset_translation *t, const unsigned char *src,
                                    size_t *src_size, buffer_t *dest)
{
    return charset_utf8_vfuncs->to_utf8(t, src, src_size, dest);
}

int charset_to_utf8_str(const char *charset, normalizer_func_t *normalizer, const char *input,
                        string_t *output, enum charset_result *result_r)
{
    struct charset_translation *t;
    size_t size = strlen(input), taken = size;

    if (charset_to_utf8_begin(charset, normalizer, &t) < 0)
        return -1;
    *result_r = charset_to_utf8(t, (const unsigned char *)input, &taken, output);
    if (taken < size)
        buffer_append(output, utf8_replacement_char, UTF8_REPLACEMENT_CHAR_LEN);
    charset_to_utf8_end(&t);
    return 0;
}

void charset_append_valid(normalizer_func_t *normalizer, const unsigned char *src, size_t size,
                          buffer_t *dest)
{
    if (normalizer != NULL)
        (void)normalizer(src, size, dest);
    else if (uni_utf8_get_valid_data(src, size, dest))
        buffer_append(dest, src, size);
}

/** How many bytes at the end could be the beginning of a character that continues. */
static size_t cut_character(const unsigned char *src, size_t size)
{
    for (size_t back = 1; back <= 3 && back <= size; back++) {
        unichar_t chr;

        if ((src[size - back] & 0xC0) == 0x80)
            continue;
        return uni_utf8_get_char_n(src + size - back, back, &chr) == 0 ? back : 0;
    }
    return 0;
}

enum charset_result charset_utf8_to_utf8(normalizer_func_t *normalizer, const unsigned char *src,
                                         size_t *src_size, buffer_t *dest)
{
    size_t cut = cut_character(src, *src_size);
    bool valid;

    *src_size -= cut;
    valid = uni_utf8_data_is_valid(src, *src_size);
    charset_append_valid(normalizer, src, *src_size, dest);
    if (!valid)
        return CHARSET_RET_INVALID_INPUT;
    return cut > 0 ? CHARSET_RET_INCOMPLETE_INPUT : CHARSET_RET_OK;
}

static int utf8only_begin(const char *charset, normalizer_func_t *normalizer,
                          struct charset_translation **t_r)
{
    struct charset_translation *t;

    if (!charset_is_utf8(charset))
        return -1;
    t = i_new(struct charset_translation, 1);
    t->normalizer = normalizer;
    *t_r = t;
    return 0;
}

static void utf8only_end(struct charset_translation *t)
{
    i_free(t);
}

static void utf8only_reset(struct charset_translation *t ATTR_UNUSED) {}

static enum charset_result utf8only_to_utf8(struct charset_translation *t, const unsigned char *src,
                                            size_t *src_size, buffer_t *dest)
{
    return charset_utf8_to_utf8(t->normalizer, src, src_size, dest);
}

const struct charset_utf8_vfuncs charset_utf8only = {utf8only_begin, utf8only_end, utf8only_reset,
                                                     utf8only_to_utf8};
