/*
 * The second stage: dates and sizes that need no reading of the mail, and where it is.
 */
#include "search/search-context.h"

#include "array.h"
#include "guid.h"
#include "imap-match.h"

/* ---- Sizes and places --------------------------------------------------------------------------- */

static int match_size(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    uoff_t size;

    if (mail_get_virtual_size(ctx->mail, &size) < 0)
        return -1;
    if (arg->type == SEARCH_SMALLER)
        return size < arg->value.size ? 1 : 0;
    return size > arg->value.size ? 1 : 0;
}

static int match_guid(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    const char *guid;

    if (mail_get_special(ctx->mail, MAIL_FETCH_GUID, &guid) < 0)
        return -1;
    return strcmp(guid, arg->value.str) == 0 ? 1 : 0;
}

static int match_mailbox(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    const char *name;

    if (mail_get_special(ctx->mail, MAIL_FETCH_MAILBOX_NAME, &name) < 0)
        return -1;
    if (arg->type == SEARCH_MAILBOX_GLOB)
        return imap_match(arg->initialized.mailbox_glob, name) == IMAP_MATCH_YES ? 1 : 0;
    if (strcasecmp(name, "INBOX") == 0)
        return strcasecmp(arg->value.str, "INBOX") == 0 ? 1 : 0;
    return strcmp(name, arg->value.str) == 0 ? 1 : 0;
}

static int match_mailbox_guid(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    struct mailbox_metadata metadata;

    if (mailbox_get_metadata(ctx->box, MAILBOX_METADATA_GUID, &metadata) < 0)
        return -1;
    return strcmp(guid_128_to_string(metadata.guid), arg->value.str) == 0 ? 1 : 0;
}

static int match_real_uid(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    struct mail *real;

    if (mail_get_backend_mail(ctx->mail, &real) < 0)
        return -1;
    return seq_range_exists(&arg->value.seqset, real->uid) ? 1 : 0;
}

static int match_save_dates(struct index_search_context *ctx)
{
    time_t date;

    return mail_get_save_date(ctx->mail, &date);
}

static void match_arg(struct mail_search_arg *arg, struct index_search_context *ctx)
{
    int ret;

    switch (arg->type) {
    case SEARCH_BEFORE:
    case SEARCH_ON:
    case SEARCH_SINCE:
        if (arg->value.date_type == MAIL_SEARCH_DATE_TYPE_SENT)
            return; /* needs the header */
        ret = search_match_date(ctx->mail, arg);
        break;
    case SEARCH_SMALLER:
    case SEARCH_LARGER:
        ret = match_size(ctx, arg);
        break;
    case SEARCH_GUID:
        ret = match_guid(ctx, arg);
        break;
    case SEARCH_MAILBOX:
    case SEARCH_MAILBOX_GLOB:
        ret = match_mailbox(ctx, arg);
        break;
    case SEARCH_MAILBOX_GUID:
        ret = match_mailbox_guid(ctx, arg);
        break;
    case SEARCH_REAL_UID:
        ret = match_real_uid(ctx, arg);
        break;
    case SEARCH_SAVEDATESUPPORTED:
        ret = match_save_dates(ctx);
        break;
    default:
        return;
    }
    if (ret < 0)
        search_arg_failed(ctx, ctx->mail, arg);
    else
        ARG_SET_RESULT(arg, ret);
}

int search_match_facts(struct index_search_context *ctx, struct mail *mail)
{
    ctx->mail = mail;
    return mail_search_args_foreach(ctx->mail_ctx.args->args, match_arg, ctx);
}
