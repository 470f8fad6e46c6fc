/*
 * Encoded words (RFC 2047), read leniently: they may stand anywhere, be longer than allowed, and hold
 * spaces; one that is broken is text.
 */
#include "message-header-decode.h"

#include "buffer.h"
#include "charset-utf8.h"
#include "format/charset.h"
#include "format/mime-encoding.h"
#include "quoted-printable.h"

/** The parts of `=?charset?encoding?text?=`. */
struct encoded_word {
    const unsigned char *charset, *text, *end;
    size_t charset_len, text_len;
    unsigned char encoding; /**< 'Q' or 'B' */
};

/** The longest charset name that is looked for. */
#define CHARSET_MAX 64

static bool is_lwsp(unsigned char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/**
 * Where the text of a word ends: at `?=` in the same line. A `?` alone in it happens. Where none was
 * found up to, `*no_end_before` remembers, so that nothing is searched twice.
 */
static const unsigned char *find_text_end(const unsigned char *text, const unsigned char *end,
                                          const unsigned char **no_end_before)
{
    const unsigned char *mark = text;

    if (text < *no_end_before)
        return NULL;
    for (; mark + 1 < end && *mark != '\n'; mark++) {
        if (mark[0] == '?' && mark[1] == '=')
            return mark;
    }
    *no_end_before = mark;
    return NULL;
}

/** Whether data, which begins with `=?`, is an encoded word. */
static bool is_word(const unsigned char *data, const unsigned char *end,
                    const unsigned char **no_end_before, struct encoded_word *word)
{
    const unsigned char *mark, *limit;

    word->charset = data + 2;
    limit = end - word->charset > CHARSET_MAX ? word->charset + CHARSET_MAX : end;
    mark = memchr(word->charset, '?', (size_t)(limit - word->charset));
    if (mark == NULL || mark == word->charset || end - mark < 4 || mark[2] != '?')
        return FALSE;
    word->charset_len = (size_t)(mark - word->charset);
    word->encoding = (unsigned char)i_toupper(mark[1]);
    if (word->encoding != 'Q' && word->encoding != 'B')
        return FALSE;
    word->text = mark + 3;
    mark = find_text_end(word->text, end, no_end_before);
    if (mark == NULL)
        return FALSE;
    word->text_len = (size_t)(mark - word->text);
    word->end = mark + 2;
    return TRUE;
}

/** The next encoded word: where it begins, or NULL. */
static const unsigned char *next_word(const unsigned char *pos, const unsigned char *end,
                                      const unsigned char **no_end_before,
                                      struct encoded_word *word)
{
    for (; pos < end && (pos = memchr(pos, '=', (size_t)(end - pos))) != NULL; pos++) {
        if (end - pos >= 2 && pos[1] == '?' && is_word(pos, end, no_end_before, word))
            return pos;
    }
    return NULL;
}

/** The charset without the language that RFC 2231 allows behind it. */
static void copy_charset(char *charset, const struct encoded_word *word)
{
    const unsigned char *language = memchr(word->charset, '*', word->charset_len);
    size_t length = language == NULL ? word->charset_len : (size_t)(language - word->charset);

    memcpy(charset, word->charset, length);
    charset[length] = '\0';
}

/** No frame of the data stack is opened here: the callback may write to a buffer that lies in it. */
static bool give_word(const struct encoded_word *word, buffer_t *decoded,
                      message_header_decode_callback_t *callback, void *context)
{
    char charset[CHARSET_MAX + 1];

    copy_charset(charset, word);
    buffer_set_used_size(decoded, 0);
    if (word->encoding == 'Q') {
        (void)quoted_printable_q_decode(word->text, word->text_len, decoded);
    } else {
        struct mime_base64 state = {0, 0};

        mime_base64_decode(&state, word->text, word->text_len, decoded);
        mime_base64_finish(&state, decoded);
    }
    return callback(decoded->data, decoded->used, charset, context);
}

static bool give_text(const unsigned char *data, const unsigned char *end,
                      message_header_decode_callback_t *callback, void *context)
{
    return data == end || callback(data, (size_t)(end - data), NULL, context);
}

static bool is_all_lwsp(const unsigned char *data, const unsigned char *end)
{
    while (data < end && is_lwsp(*data))
        data++;
    return data == end;
}

void message_header_decode(const unsigned char *data, size_t size,
                           message_header_decode_callback_t *callback, void *context)
{
    const unsigned char *end = data + size, *text = data, *no_end_before = data, *begin;
    buffer_t *decoded = buffer_create_dynamic(default_pool, 128);
    struct encoded_word word;
    bool after_word = FALSE, more = TRUE;

    while (more && (begin = next_word(text, end, &no_end_before, &word)) != NULL) {
        if (!after_word || !is_all_lwsp(text, begin))
            more = give_text(text, begin, callback, context);
        if (more)
            more = give_word(&word, decoded, callback, context);
        text = word.end;
        after_word = TRUE;
    }
    if (more)
        (void)give_text(text, end, callback, context);
    buffer_free(&decoded);
}

/* ---- As UTF-8 ----------------------------------------------------------------------------------- */

struct decode_utf8 {
    buffer_t *dest;
    normalizer_func_t *normalizer;
    char *charset; /**< of the words before, or NULL */
    struct charset_translation *translation;
    buffer_t *pending; /**< of a character that the next word may finish */
};

static void end_charset(struct decode_utf8 *ctx)
{
    if (ctx->translation == NULL)
        return;
    charset_to_utf8_end(&ctx->translation);
    i_free(ctx->charset);
    if (ctx->pending->used > 0)
        charset_append_valid(ctx->normalizer, utf8_replacement_char, UTF8_REPLACEMENT_CHAR_LEN,
                             ctx->dest);
    buffer_set_used_size(ctx->pending, 0);
}

static void begin_charset(struct decode_utf8 *ctx, const char *charset)
{
    if (ctx->charset != NULL && strcasecmp(ctx->charset, charset) == 0)
        return;
    end_charset(ctx);
    if (charset_to_utf8_begin(charset, ctx->normalizer, &ctx->translation) < 0)
        ctx->translation = charset_utf8_to_utf8_begin(ctx->normalizer);
    ctx->charset = i_strdup(charset);
}

/** Text outside of words: folding is undone by taking its line ends away. */
static void append_text(struct decode_utf8 *ctx, const unsigned char *data, size_t size)
{
    const unsigned char *end = data + size;

    while (data < end) {
        const unsigned char *line = data;

        while (data < end && *data != '\r' && *data != '\n')
            data++;
        charset_append_valid(ctx->normalizer, line, (size_t)(data - line), ctx->dest);
        while (data < end && (*data == '\r' || *data == '\n'))
            data++;
    }
}

static bool decode_utf8_callback(const unsigned char *data, size_t size, const char *charset,
                                 void *context)
{
    struct decode_utf8 *ctx = context;
    size_t taken;

    if (charset == NULL) {
        end_charset(ctx);
        append_text(ctx, data, size);
        return TRUE;
    }
    begin_charset(ctx, charset);
    buffer_append(ctx->pending, data, size);
    taken = ctx->pending->used;
    (void)charset_to_utf8(ctx->translation, ctx->pending->data, &taken, ctx->dest);
    buffer_delete(ctx->pending, 0, taken);
    return TRUE;
}

void message_header_decode_utf8(const unsigned char *data, size_t size, buffer_t *dest,
                                normalizer_func_t *normalizer)
{
    struct decode_utf8 ctx = {.dest = dest, .normalizer = normalizer};

    if (size < 2 || memmem(data, size, "=?", 2) == NULL) {
        append_text(&ctx, data, size);
        return;
    }
    ctx.pending = buffer_create_dynamic(default_pool, 64);
    message_header_decode(data, size, decode_utf8_callback, &ctx);
    end_charset(&ctx);
    buffer_free(&ctx.pending);
}
