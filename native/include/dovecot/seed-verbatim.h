/*
 * Opt-in: lets `&mbox->super` name the saved methods inside a struct that has a `module_ctx`, as some
 * texts about Dovecot plugins print it. Write `&mbox->module_ctx.super` instead where you can.
 *
 * Include it after all other headers. From there on `super` is a macro: no variable or member of
 * your own may have that name.
 */
#ifndef SEED_VERBATIM_H
#define SEED_VERBATIM_H

#define super module_ctx.super

#endif
