/*
 * The parts of an iteration that the core adds to a list's own methods.
 */
#ifndef STORAGE_MODEL_ITERATIONS_H
#define STORAGE_MODEL_ITERATIONS_H

#include "lib.h"

#include "array.h"
#include "mailbox-list-private.h"

/**
 * The mailboxes that the configuration has created on use, as if they were there: sets
 * ctx->autocreate_ctx.
 */
void list_auto_begin(struct mailbox_list_iterate_context *ctx, const char *const *patterns);
const struct mailbox_info *list_auto_next(struct mailbox_list_iterate_context *ctx);
void list_auto_end(struct mailbox_list_iterate_context *ctx);

/** The next name above `vname`: shortens *length, its length so far. False when there is none. */
bool vname_parent(const char *vname, char sep, size_t *length);
/** Whether `vname` is somewhere below `parent`. */
bool vname_is_below(const char *vname, const char *parent, char sep);

#endif
