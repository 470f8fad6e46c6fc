/*
 * A plugin that writes down every hook and every method that is called, each call's inner calls two
 * columns further right:
 *
 *     mailbox.transaction_begin(INBOX)
 *     mailbox.save_alloc(INBOX)
 *       mailbox.mail_alloc(INBOX)
 *       hook mail_allocated(INBOX)
 *     mailbox.save_begin(INBOX) saving
 *
 * In braces stands what the object is: a mailbox, a namespace's prefix, a driver. It writes to stderr,
 * or where a program that includes it sets tracer_output to.
 */
#include "lib.h"

#include <stdio.h>

#include "mail-storage.h"

#define PLUGIN tracer

static FILE *tracer_output;
static unsigned int tracer_depth;

ATTR_FORMAT(1, 2) static void trace(const char *format, ...)
{
    FILE *output = tracer_output == NULL ? stderr : tracer_output;
    va_list arguments;

    (void)fprintf(output, "%*s", (int)tracer_depth * 2, "");
    va_start(arguments, format);
    (void)vfprintf(output, format, arguments);
    va_end(arguments);
    (void)fputc('\n', output);
}

static const char *save_bits(struct mail_save_context *ctx);

#define BEFORE_METHOD(kind, method, object, text)                                      \
    trace("%s.%s(%s)%s%s", #kind, #method, name_of_##kind(object),                     \
          (text) == NULL || *(text) == '\0' ? "" : " ", (text) == NULL ? "" : (text)); \
    tracer_depth++
#define AFTER_METHOD tracer_depth--
#define IN_HOOK(kind, hook, object) trace("hook %s(%s)", #hook, name_of_##kind(object))

struct mailbox_list;
static const char *name_of_user(struct mail_user *user);
static const char *name_of_namespace(struct mail_namespace *ns);
static const char *name_of_list(struct mailbox_list *list);
static const char *name_of_storage(struct mail_storage *storage);
static const char *name_of_mailbox(struct mailbox *box);
static const char *name_of_mail(struct mail *mail);

#include "every-method.h"

static const char *save_bits(struct mail_save_context *ctx)
{
    const char *bits = t_strconcat(ctx->saving ? " saving" : "",
                                   ctx->copying_or_moving ? " copying_or_moving" : "",
                                   ctx->moving ? " moving" : "", ctx->finishing ? " finishing" : "",
                                   ctx->copying_via_save ? " copying_via_save" : "", NULL);

    return *bits == '\0' ? bits : bits + 1;
}

static const char *name_of_user(struct mail_user *user)
{
    return user->username;
}

static const char *name_of_namespace(struct mail_namespace *ns)
{
    return ns->prefix;
}

static const char *name_of_list(struct mailbox_list *list)
{
    return list->ns->prefix;
}

static const char *name_of_storage(struct mail_storage *storage)
{
    return storage->name;
}

static const char *name_of_mailbox(struct mailbox *box)
{
    return box->vname;
}

static const char *name_of_mail(struct mail *mail)
{
    return mail->box->vname;
}
