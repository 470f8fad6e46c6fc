/* Mailboxes that numbered settings name. */
#include "session.h"

#include "mailbox-match-plugin.h"

static struct mail_user *user;

static bool is_matched(struct mailbox_match_plugin *match, const char *vname)
{
    struct mailbox *box = box_alloc(user, vname);
    bool matched = mailbox_match_plugin_exclude(match, box);

    mailbox_free(&box);
    return matched;
}

static void add_settings(void)
{
    struct mail_namespace_settings *ns = storage_settings_add_namespace(session_settings, "inbox");
    struct mailbox_settings *box = storage_settings_add_mailbox(session_settings, ns, "Bin");
    const char *error;

    if (storage_settings_set_namespace(session_settings, ns, "inbox", "yes", &error) < 0 ||
        storage_settings_set_mailbox(session_settings, box, "special_use", "\\Trash", &error) < 0)
        i_fatal("%s", error);
    storage_settings_add_plugin_setting(session_settings, "except", "Junk");
    storage_settings_add_plugin_setting(session_settings, "except2", "\\Trash");
    storage_settings_add_plugin_setting(session_settings, "except3", "Lists*");
    storage_settings_add_plugin_setting(session_settings, "except5", "Work");
}

int main(void)
{
    struct mailbox_match_plugin *match, *none;

    session_begin();
    add_settings();
    user = session_user();
    match = mailbox_match_plugin_init(user, "except");
    none = mailbox_match_plugin_init(user, "other");

    ok(is_matched(match, "Junk"), "a mailbox is meant by its name");
    ok(!is_matched(match, "Junk2"), "its whole name");
    ok(is_matched(match, "Bin"), "or by its special use");
    ok(is_matched(match, "Lists.vsmtp"), "or by a pattern");
    ok(!is_matched(match, "INBOX"), "others are not");
    ok(!is_matched(match, "Work"), "a number that is left out ends the list");
    ok(!is_matched(none, "Junk"), "without settings none is");

    mailbox_match_plugin_deinit(&match);
    ok(match == NULL, "the end takes the pointer along");
    mailbox_match_plugin_deinit(&none);
    session_end(&user);
    return done();
}
