/*
 * Plugins of a host: when they begin and end, for whom they are active, what they see, and that
 * their timeouts run.
 */
#include "../hosting.h"

#include "lib.h"

#include "ioloop.h"
#include "mail-storage-hooks.h"
#include "mail-user.h"
#include "module-dir.h"

static char trace[4096];
static struct timeout *timer;
static int ticks;

static void note(const char *format, const char *what)
{
    size_t used = strlen(trace);

    (void)snprintf(trace + used, sizeof trace - used, format, what);
}

static const char *traced(void)
{
    static char copy[sizeof trace];

    memcpy(copy, trace, sizeof trace);
    trace[0] = '\0';
    return copy;
}

static void user_created(struct mail_user *user)
{
    const char *setting = mail_user_plugin_getenv(user, "greeting");

    note(" user %s", user->username);
    note("(%s", user->service);
    note(" %s)", setting == NULL ? "-" : setting);
    if (strcmp(user->username, "refused") == 0)
        user->error = "the plugin wants no such user";
}

static const struct mail_storage_hooks hooks = {.mail_user_created = user_created};

static void tick(void *context ATTR_UNUSED)
{
    if (++ticks == 3)
        timeout_remove(&timer);
}

static void early_preinit(void)
{
    note("%s", " preinit");
}

static void early_init(struct module *module)
{
    note(" init %s", module->name);
    mail_storage_hooks_add(module, &hooks);
    timer = timeout_add(1, tick, NULL);
}

static void early_deinit(void)
{
    note("%s", " deinit early");
    mail_storage_hooks_remove(&hooks);
    timeout_remove(&timer);
}

static void late_init(struct module *module)
{
    note(" init %s", module->name);
    i_warning("late is here");
}

static void late_deinit(void)
{
    note("%s", " deinit late");
}

/* Two plugins, given in the wrong order. */
static const char *begin(void)
{
    char words[1024];

    (void)snprintf(words, sizeof words,
                   "operation=begin|plugins[="
                   "|:=|base=late_plugin|deinit=%" PRIdPTR "|init=%" PRIdPTR
                   "|path=/x/90_late_plugin.so|}"
                   "|:=|base=early_plugin|deinit=%" PRIdPTR "|init=%" PRIdPTR "|preinit=%" PRIdPTR
                   "|path=/x/lib10_early_plugin.so|}|]",
                   (intptr_t)late_deinit, (intptr_t)late_init, (intptr_t)early_deinit,
                   (intptr_t)early_init, (intptr_t)early_preinit);
    return host_ask("%s", words);
}

int main(void)
{
    host_start();
    is_str(begin(), "", "a storage begins with plugins");
    is_str(traced(), " preinit init early_plugin init late_plugin",
           "preinit when it is added, init in the order of the files");
    ok(strstr(host_log, "40 late is here\n") != NULL, "what a plugin logs reaches the host");
    is_str(host_ask("operation=open|%s", host_user("plugins=early late|settings:=|greeting=hi|}|")),
           "1", "a user is made");
    is_str(traced(), " user jane@b.example(vsmtp hi)", "the plugin sees it, with its settings");
    is_str(host_ask("operation=open|%s", host_user("plugins=late|")), "2", "another one is");
    is_str(traced(), "", "a plugin that is not active for it does not see it");
    is_str(host_ask("operation=open|user:=|name=refused|location=maildir:/x|plugins=early|}"),
           "TEMP: the plugin wants no such user", "a plugin can refuse a user");
    (void)traced();
    while (ticks < 3)
        (void)usleep(1000);
    is_int(ticks, 3, "timeouts of plugins run between requests");
    is_str(host_ask("operation=end"), "", "the storage ends, and its users with it");
    is_str(traced(), " deinit late deinit early", "deinit in the reverse order");
    is_str(host_ask("operation=list|session=1"), "PARAMS: The session is closed",
           "no session is left");
    is_str(begin(), "", "a storage may begin again");
    is_str(traced(), " preinit init early_plugin init late_plugin", "and its plugins with it");
    (void)host_ask("operation=end");
    return done();
}
