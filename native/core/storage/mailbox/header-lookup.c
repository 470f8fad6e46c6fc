/*
 * Lists of header names that someone is going to ask for.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "sort.h"

static struct mailbox_header_lookup_ctx *lookup_new(struct mailbox *box,
                                                    ARRAY_TYPE(const_string) * names)
{
    pool_t pool = pool_alloconly_create("header lookup", 1024);
    struct mailbox_header_lookup_ctx *ctx = p_new(pool, struct mailbox_header_lookup_ctx, 1);
    const char *const *name, **dest;
    unsigned int i, count;

    array_sort(names, i_strcasecmp_p);
    name = array_get(names, &count);
    ctx->box = box;
    ctx->pool = pool;
    ctx->refcount = 1;
    dest = p_new(pool, const char *, count + 1);
    for (i = 0; i < count; i++) {
        if (i == 0 || strcasecmp(name[i - 1], name[i]) != 0)
            dest[ctx->count++] = p_strdup(pool, name[i]);
    }
    ctx->name = dest;
    ctx->idx = p_new(pool, unsigned int, ctx->count + 1);
    for (i = 0; i < ctx->count; i++)
        ctx->idx[i] = i;
    return ctx;
}

struct mailbox_header_lookup_ctx *mailbox_header_lookup_init(struct mailbox *box,
                                                             const char *const headers[])
{
    struct mailbox_header_lookup_ctx *ctx;
    ARRAY_TYPE(const_string) names;

    T_BEGIN
    {
        t_array_init(&names, 32);
        for (; *headers != NULL; headers++)
            array_push_back(&names, headers);
        ctx = lookup_new(box, &names);
    }
    T_END;
    return ctx;
}

struct mailbox_header_lookup_ctx *
mailbox_header_lookup_merge(const struct mailbox_header_lookup_ctx *hdr1,
                            const struct mailbox_header_lookup_ctx *hdr2)
{
    struct mailbox_header_lookup_ctx *ctx;
    ARRAY_TYPE(const_string) names;

    i_assert(hdr1->box == hdr2->box);

    T_BEGIN
    {
        t_array_init(&names, hdr1->count + hdr2->count + 1);
        array_append(&names, hdr1->name, hdr1->count);
        array_append(&names, hdr2->name, hdr2->count);
        ctx = lookup_new(hdr1->box, &names);
    }
    T_END;
    return ctx;
}

void mailbox_header_lookup_ref(struct mailbox_header_lookup_ctx *ctx)
{
    i_assert(ctx->refcount > 0);

    ctx->refcount++;
}

void mailbox_header_lookup_unref(struct mailbox_header_lookup_ctx **_ctx)
{
    struct mailbox_header_lookup_ctx *ctx = *_ctx;
    pool_t pool;

    *_ctx = NULL;
    if (ctx == NULL)
        return;
    i_assert(ctx->refcount > 0);
    if (--ctx->refcount > 0)
        return;
    pool = ctx->pool;
    pool_unref(&pool);
}
