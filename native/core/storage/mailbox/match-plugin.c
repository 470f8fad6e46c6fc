/*
 * Mailboxes that numbered settings of a plugin name.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage.h"
#include "mail-user.h"
#include "mailbox-match-plugin.h"
#include "wildcard-match.h"

struct mailbox_match_plugin {
    ARRAY_TYPE(const_string) wanted; /* the texts are the user's settings */
};

struct mailbox_match_plugin *mailbox_match_plugin_init(struct mail_user *user,
                                                       const char *set_prefix)
{
    struct mailbox_match_plugin *match = i_new(struct mailbox_match_plugin, 1);
    const char *key = set_prefix, *value;

    i_array_init(&match->wanted, 4);
    for (unsigned int number = 2; (value = mail_user_plugin_getenv(user, key)) != NULL; number++) {
        array_push_back(&match->wanted, &value);
        key = t_strdup_printf("%s%u", set_prefix, number);
    }
    return match;
}

void mailbox_match_plugin_deinit(struct mailbox_match_plugin **_match)
{
    struct mailbox_match_plugin *match = *_match;

    if (match == NULL)
        return;
    *_match = NULL;
    array_free(&match->wanted);
    i_free(match);
}

static bool means(const char *wanted, struct mailbox *box)
{
    if (*wanted == '\\')
        return mailbox_has_special_use(box, wanted);
    return wildcard_match(mailbox_get_vname(box), wanted);
}

bool mailbox_match_plugin_exclude(struct mailbox_match_plugin *match, struct mailbox *box)
{
    const char *wanted;

    array_foreach_elem(&match->wanted, wanted)
    {
        if (means(wanted, box))
            return TRUE;
    }
    return FALSE;
}
