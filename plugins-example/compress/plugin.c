/*
 * compress: mails lie on disk compressed by gzip, and are read as if they did not.
 *
 *     settings: #{ compress: "6" }
 *
 * Two places are enough: when a mail begins to be saved, a compressing stream is put before the
 * storage's output; when a mail's file was opened, a decompressing one behind its input. Without the
 * setting mails are saved as they are, and compressed ones can still be read.
 */
#include "gzip.h"
#include "mail-storage-private.h"
#include "module-dir.h"

#define COMPRESS_USER(obj) MODULE_CONTEXT(obj, compress_user_module)
#define COMPRESS_BOX(obj) MODULE_CONTEXT_REQUIRE(obj, compress_storage_module)
#define COMPRESS_MAIL(obj) MODULE_CONTEXT_REQUIRE(obj, compress_mail_module)

enum { LEVEL_MIN = 1, LEVEL_MAX = 9 };

/* Of a user whose new mails shall be compressed. */
struct compress_user {
    union mail_user_module_context module_ctx;
    int level;
};

const char *compress_plugin_version = DOVECOT_ABI_VERSION;

void compress_plugin_init(struct module *module);
void compress_plugin_deinit(void);

static MODULE_CONTEXT_DEFINE_INIT(compress_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(compress_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(compress_mail_module, &mail_module_register);

static int compress_save_begin(struct mail_save_context *ctx, struct istream *input)
{
    struct mailbox *box = ctx->transaction->box;
    union mailbox_module_context *cbox = COMPRESS_BOX(box);
    struct compress_user *cuser = COMPRESS_USER(box->storage->user);
    struct ostream *output;

    if (cbox->super.save_begin(ctx, input) < 0)
        return -1;
    output = gzip_ostream_create(ctx->data.output, cuser->level);
    o_stream_unref(&ctx->data.output);
    ctx->data.output = output;
    return 0;
}

/* 1: the mail begins as gzip does (RFC 1952 section 2.3.1), 0: not, -1 it cannot be read. */
static int is_gzip(struct istream *input)
{
    const unsigned char *data;
    size_t size;

    if (i_stream_read_bytes(input, &data, &size, 2) <= 0)
        return input->stream_errno != 0 ? -1 : 0;
    return data[0] == 0x1f && data[1] == 0x8b ? 1 : 0;
}

static int compress_istream_opened(struct mail *mail, struct istream **stream)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    union mail_module_context *cmail = COMPRESS_MAIL(pmail);
    struct istream *input = *stream;
    int ret = is_gzip(input);

    if (ret < 0) {
        mail_set_critical(mail, "compress: read(%s) failed: %s", i_stream_get_name(input),
                          i_stream_get_error(input));
        return -1;
    }
    if (ret > 0) {
        *stream = gzip_istream_create(input);
        i_stream_set_name(*stream, i_stream_get_name(input));
        i_stream_unref(&input);
    }
    return cmail->super.istream_opened(mail, stream);
}

/* ---- Hooks ---------------------------------------------------------------------------------------- */

static void compress_mail_user_created(struct mail_user *user)
{
    const char *text = mail_user_plugin_getenv(user, "compress");
    struct compress_user *cuser;
    int level;

    if (text == NULL)
        return;
    if (str_to_int(text, &level) < 0 || level < LEVEL_MIN || level > LEVEL_MAX) {
        user->error =
            p_strdup_printf(user->pool, "compress: the setting compress must be %d to %d, not '%s'",
                            LEVEL_MIN, LEVEL_MAX, text);
        return;
    }
    cuser = p_new(user->pool, struct compress_user, 1);
    cuser->level = level;
    MODULE_CONTEXT_SET(user, compress_user_module, cuser);
}

/* Streams can stand for files only where each mail has a file of its own. */
static bool has_files(struct mailbox *box)
{
    return (box->storage->class_flags & MAIL_STORAGE_CLASS_FLAG_FILE_PER_MSG) != 0;
}

static void compress_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    union mailbox_module_context *cbox;

    if (COMPRESS_USER(box->storage->user) == NULL || !has_files(box))
        return;
    cbox = p_new(box->pool, union mailbox_module_context, 1);
    cbox->super = *v;
    box->vlast = &cbox->super;
    v->save_begin = compress_save_begin;
    MODULE_CONTEXT_SET_SELF(box, compress_storage_module, cbox);
}

static void compress_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    struct mail_vfuncs *v = pmail->vlast;
    union mail_module_context *cmail;

    if (!has_files(mail->box))
        return;
    cmail = p_new(pmail->pool, union mail_module_context, 1);
    cmail->super = *v;
    pmail->vlast = &cmail->super;
    v->istream_opened = compress_istream_opened;
    MODULE_CONTEXT_SET_SELF(pmail, compress_mail_module, cmail);
}

static struct mail_storage_hooks compress_hooks = {
    .mail_user_created = compress_mail_user_created,
    .mailbox_allocated = compress_mailbox_allocated,
    .mail_allocated = compress_mail_allocated,
};

void compress_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &compress_hooks);
}

void compress_plugin_deinit(void)
{
    mail_storage_hooks_remove(&compress_hooks);
}
