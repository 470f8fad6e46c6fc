/*
 * From a map of plain data to the settings of a mail user, as the host's configuration wants them.
 *
 * Locations and homes come with everything in them put in its place; only plugins' settings may
 * still hold variables (`%u`), which the model fills in.
 */
#include "host/user-settings.h"

#include "str.h"

#include "model/settings.h"

/* A text in which the model shall find no variables. */
static const char *without_variables(const char *text)
{
    string_t *escaped;

    if (strchr(text, '%') == NULL)
        return text;
    escaped = t_str_new(strlen(text) + 16);
    for (; *text != '\0'; text++) {
        if (*text == '%')
            str_append_c(escaped, '%');
        str_append_c(escaped, *text);
    }
    return str_c(escaped);
}

struct building {
    struct operation *operation;
    struct storage_settings *settings;
};

static int set_failed(struct building *building, const char *error)
{
    return operation_fail(building->operation, MAIL_ERROR_PARAMS, "%s", error);
}

static int set_text(struct building *building, const char *key, const char *value)
{
    const char *error;

    if (value == NULL || storage_settings_set(building->settings, key, value, &error) == 0)
        return 0;
    return set_failed(building, error);
}

static int set_of_namespace(struct building *building, struct mail_namespace_settings *ns,
                            const char *key, const char *value)
{
    const char *error;

    if (value == NULL ||
        storage_settings_set_namespace(building->settings, ns, key, value, &error) == 0)
        return 0;
    return set_failed(building, error);
}

static int add_mailbox(struct building *building, struct mail_namespace_settings *ns,
                       const vsmtp_value *map)
{
    struct mailbox_settings *box =
        storage_settings_add_mailbox(building->settings, ns, value_text(map, "name", ""));
    const char *error;

    if (storage_settings_set_mailbox(building->settings, box, "autocreate",
                                     value_text(map, "auto", MAILBOX_SET_AUTO_NO), &error) < 0 ||
        storage_settings_set_mailbox(building->settings, box, "special_use",
                                     value_text(map, "specialUse", ""), &error) < 0)
        return set_failed(building, error);
    return 0;
}

static const char *yes_or_no(const vsmtp_value *map, const char *key)
{
    return value_flag(map, key) ? "yes" : "no";
}

static int add_namespace(struct building *building, const vsmtp_value *map, unsigned int count)
{
    struct mail_namespace_settings *ns =
        storage_settings_add_namespace(building->settings, t_strdup_printf("%u", count));
    const char *location = value_text(map, "location", NULL);
    vsmtp_value mailboxes;
    vsmtp_cursor cursor;

    if (set_of_namespace(building, ns, "type", value_text(map, "type", "private")) < 0 ||
        set_of_namespace(building, ns, "prefix", without_variables(value_text(map, "prefix", ""))) <
            0 ||
        set_of_namespace(building, ns, "separator", value_text(map, "separator", NULL)) < 0 ||
        set_of_namespace(building, ns, "alias_for", value_text(map, "aliasFor", NULL)) < 0 ||
        set_of_namespace(building, ns, "inbox", yes_or_no(map, "inbox")) < 0 ||
        set_of_namespace(building, ns, "hidden", yes_or_no(map, "hidden")) < 0 ||
        set_of_namespace(building, ns, "list", yes_or_no(map, "list")) < 0 ||
        set_of_namespace(building, ns, "subscriptions", yes_or_no(map, "subscriptions")) < 0)
        return -1;
    if (location != NULL &&
        set_of_namespace(building, ns, "location", without_variables(location)) < 0)
        return -1;
    if (!vsmtp_map_get(map, "mailboxes", &mailboxes))
        return 0;
    for (vsmtp_iterate(&mailboxes, &cursor); vsmtp_next(&cursor);) {
        if (add_mailbox(building, ns, &cursor.value) < 0)
            return -1;
    }
    return 0;
}

static int add_namespaces(struct building *building, const vsmtp_value *map)
{
    vsmtp_value namespaces;
    vsmtp_cursor cursor;
    unsigned int count = 0;

    if (!vsmtp_map_get(map, "namespaces", &namespaces))
        return 0;
    for (vsmtp_iterate(&namespaces, &cursor); vsmtp_next(&cursor);) {
        if (add_namespace(building, &cursor.value, ++count) < 0)
            return -1;
    }
    return 0;
}

static void add_plugin_settings(struct building *building, const vsmtp_value *map)
{
    vsmtp_value settings;
    vsmtp_cursor cursor;

    if (!vsmtp_map_get(map, "settings", &settings))
        return;
    for (vsmtp_iterate(&settings, &cursor); vsmtp_next(&cursor);) {
        const char *value = vsmtp_as_string(&cursor.value, NULL);

        if (value != NULL)
            storage_settings_add_plugin_setting(building->settings, cursor.key, value);
    }
}

/* Mails lie in their files byte for byte as they came, with CRLF. */
static int fill(struct building *building, const vsmtp_value *map)
{
    const char *location = value_text(map, "location", NULL);

    if (location == NULL)
        return operation_fail(building->operation, MAIL_ERROR_PARAMS, "No location was given");
    if (set_text(building, "mail_location", without_variables(location)) < 0 ||
        set_text(building, "mail_plugins", value_text(map, "plugins", "")) < 0 ||
        set_text(building, "hostname", value_text(map, "hostname", NULL)) < 0 ||
        set_text(building, "mail_save_crlf", "yes") < 0)
        return -1;
    add_plugin_settings(building, map);
    return add_namespaces(building, map);
}

struct storage_settings *user_settings_create(struct operation *operation, const vsmtp_value *map,
                                              pool_t pool)
{
    struct building building = {.operation = operation, .settings = storage_settings_create(pool)};

    return fill(&building, map) == 0 ? building.settings : NULL;
}
