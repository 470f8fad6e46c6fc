/*
 * Finding a key over the borders of pieces: the C library's memmem() inside each piece, and a small
 * buffer of the bytes around each border.
 */
#include "str-find.h"

struct str_find_context {
    pool_t pool;
    size_t key_len;
    size_t tail_len; /**< bytes of the pieces before, at the beginning of `border` */
    size_t match_end;
    unsigned char *key;
    unsigned char *border; /**< room for twice the key */
};

struct str_find_context *str_find_init(pool_t pool, const char *key)
{
    struct str_find_context *ctx = p_new(pool, struct str_find_context, 1);

    i_assert(key[0] != '\0');
    ctx->pool = pool;
    ctx->key_len = strlen(key);
    ctx->key = p_malloc(pool, ctx->key_len);
    memcpy(ctx->key, key, ctx->key_len);
    ctx->border = p_malloc(pool, ctx->key_len * 2);
    return ctx;
}

void str_find_deinit(struct str_find_context **_ctx)
{
    struct str_find_context *ctx = *_ctx;
    pool_t pool = ctx->pool;

    *_ctx = NULL;
    p_free(pool, ctx->key);
    p_free(pool, ctx->border);
    p_free(pool, ctx);
}

/** A match that began in an earlier piece. */
static bool find_over_border(struct str_find_context *ctx, const unsigned char *data, size_t size)
{
    size_t taken = I_MIN(size, ctx->key_len - 1);
    const unsigned char *found;

    if (ctx->tail_len == 0)
        return FALSE;
    memcpy(ctx->border + ctx->tail_len, data, taken);
    found = memmem(ctx->border, ctx->tail_len + taken, ctx->key, ctx->key_len);
    if (found == NULL)
        return FALSE;
    ctx->match_end = (size_t)(found - ctx->border) + ctx->key_len - ctx->tail_len;
    return TRUE;
}

/** Keeps the last bytes in which a match can begin. */
static void keep_tail(struct str_find_context *ctx, const unsigned char *data, size_t size)
{
    size_t wanted = ctx->key_len - 1;

    if (size >= wanted) {
        memcpy(ctx->border, data + size - wanted, wanted);
        ctx->tail_len = wanted;
        return;
    }
    if (ctx->tail_len + size > wanted) {
        size_t surplus = ctx->tail_len + size - wanted;

        memmove(ctx->border, ctx->border + surplus, ctx->tail_len - surplus);
        ctx->tail_len -= surplus;
    }
    memcpy(ctx->border + ctx->tail_len, data, size);
    ctx->tail_len += size;
}

bool str_find_more(struct str_find_context *ctx, const unsigned char *data, size_t size)
{
    const unsigned char *found;

    if (size == 0)
        return FALSE;
    if (find_over_border(ctx, data, size))
        return TRUE;
    found = memmem(data, size, ctx->key, ctx->key_len);
    if (found != NULL) {
        ctx->match_end = (size_t)(found - data) + ctx->key_len;
        return TRUE;
    }
    keep_tail(ctx, data, size);
    return FALSE;
}

size_t str_find_get_match_end_pos(struct str_find_context *ctx)
{
    return ctx->match_end;
}

void str_find_reset(struct str_find_context *ctx)
{
    ctx->tail_len = 0;
}
