/*
 * Mailboxes that a user's settings except from what a plugin does:
 *
 *     settings: #{ lazy_expunge_exclude: "\\Trash", lazy_expunge_exclude2: "Spam/20??" }
 *
 * Each value is a mailbox's name, a pattern with * and ?, or a special use.
 */
#ifndef MAILBOX_MATCH_PLUGIN_H
#define MAILBOX_MATCH_PLUGIN_H

#include "macros.h"

#include <stdbool.h>

struct mail_user;
struct mailbox;
struct mailbox_match_plugin;

DOVECOT_API_BEGIN

/** Reads the settings `<prefix>`, `<prefix>2`, `<prefix>3` … up to the first that is missing. */
struct mailbox_match_plugin *mailbox_match_plugin_init(struct mail_user *user,
                                                       const char *set_prefix);
/** While the user still exists. */
void mailbox_match_plugin_deinit(struct mailbox_match_plugin **match);

/** Whether one of the values means this mailbox. */
bool mailbox_match_plugin_exclude(struct mailbox_match_plugin *match, struct mailbox *box);

DOVECOT_API_END

#endif
