/*
 * Charsets by the C library's iconv(3).
 *
 * Names come from mails, so only what can be a name is passed on. Opening a converter reads files;
 * mails of one mailbox mostly share few charsets, so the last ones are kept open.
 */
#include "charset-utf8-private.h"
#include "format/charset.h"

#include "buffer.h"

#include <errno.h>
#include <strings.h>

#define IDLE_CONVERTERS 8
#define CHARSET_NAME_MAX 64

static struct idle_converter {
    char *charset;
    iconv_t iconv;
} idle[IDLE_CONVERTERS];
static unsigned int idle_next;

static bool is_charset_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-_.:+()";
    size_t length = strspn(name, allowed);

    return length > 0 && length <= CHARSET_NAME_MAX && name[length] == '\0';
}

static bool take_idle(const char *charset, struct charset_translation *t)
{
    for (unsigned int i = 0; i < IDLE_CONVERTERS; i++) {
        if (idle[i].charset == NULL || strcasecmp(idle[i].charset, charset) != 0)
            continue;
        t->charset = idle[i].charset;
        t->iconv = idle[i].iconv;
        idle[i].charset = NULL;
        return true;
    }
    return false;
}

static void give_idle(struct charset_translation *t)
{
    struct idle_converter *place = &idle[idle_next];

    idle_next = (idle_next + 1) % IDLE_CONVERTERS;
    if (place->charset != NULL) {
        iconv_close(place->iconv);
        i_free(place->charset);
    }
    place->charset = t->charset;
    place->iconv = t->iconv;
}

static int translation_begin(const char *charset, normalizer_func_t *normalizer,
                             struct charset_translation **t_r)
{
    struct charset_translation found = {.normalizer = normalizer};
    struct charset_translation *t;

    if (!charset_is_utf8(charset)) {
        if (!is_charset_name(charset))
            return -1;
        if (!take_idle(charset, &found)) {
            found.iconv = iconv_open("UTF-8", charset);
            if (found.iconv == (iconv_t)-1)
                return -1;
            found.charset = i_strdup(charset);
        }
    }
    t = i_new(struct charset_translation, 1);
    *t = found;
    *t_r = t;
    return 0;
}

static void translation_reset(struct charset_translation *t)
{
    if (t->charset != NULL)
        (void)iconv(t->iconv, NULL, NULL, NULL, NULL);
}

static void translation_end(struct charset_translation *t)
{
    translation_reset(t);
    if (t->charset != NULL)
        give_idle(t);
    i_free(t);
}

static enum charset_result translate(struct charset_translation *t, const unsigned char *src,
                                     size_t *src_size, buffer_t *dest)
{
    char *from = (char *)(uintptr_t)src;
    size_t left = *src_size;
    enum charset_result result = CHARSET_RET_OK;
    bool after_valid = true;

    if (t->charset == NULL)
        return charset_utf8_to_utf8(t->normalizer, src, src_size, dest);
    while (left > 0) {
        char block[8192], *to = block;
        size_t room = sizeof(block);
        size_t before = left;
        bool failed = iconv(t->iconv, &from, &left, &to, &room) == (size_t)-1;
        int error = errno;

        if (to > block) {
            charset_append_valid(t->normalizer, (unsigned char *)block, (size_t)(to - block), dest);
            after_valid = true;
        }
        if (!failed || (error == E2BIG && (to > block || left < before)))
            continue;
        if (error == EINVAL && left <= CHARSET_MAX_PENDING_BUF_SIZE) {
            *src_size -= left;
            return result == CHARSET_RET_OK ? CHARSET_RET_INCOMPLETE_INPUT : result;
        }
        if (after_valid)
            charset_append_valid(t->normalizer, utf8_replacement_char, UTF8_REPLACEMENT_CHAR_LEN,
                                 dest);
        after_valid = false;
        result = CHARSET_RET_INVALID_INPUT;
        from++;
        left--;
    }
    return result;
}

const struct charset_utf8_vfuncs charset_iconv = {translation_begin, translation_end,
                                                  translation_reset, translate};
