/*
 * The plugin measures when all namespaces are there: from then on mailboxes can be used.
 */
#include "slots.h"

#include <time.h>

#include <lib.h>

#include <mail-namespace.h>
#include <mail-storage-private.h>

#include "host.h"
#include "passthrough.h"

enum { CALLS = 1000000, BOXES = 20000 };

static double nanoseconds;

double slots_nanoseconds(void)
{
    return nanoseconds;
}

static double since(const struct timespec *start, double count)
{
    struct timespec end;

    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    return ((double)(end.tv_sec - start->tv_sec) * 1e9 + (double)(end.tv_nsec - start->tv_nsec)) /
           count;
}

static struct mailbox *new_box(struct mail_namespace *namespaces)
{
    return mailbox_alloc(mail_namespace_find_inbox(namespaces)->list, "INBOX", 0);
}

static void measure_chain(struct mail_namespace *namespaces)
{
    struct mailbox *box = new_box(namespaces);
    unsigned int inconsistent = 0;
    struct timespec start;

    if (mailbox_open(box) < 0)
        i_fatal("INBOX cannot be opened: %s", mailbox_get_last_internal_error(box, NULL));
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    for (unsigned int i = 0; i < CALLS; i++)
        inconsistent += box->v.is_inconsistent(box) ? 1 : 0;
    nanoseconds = since(&start, CALLS);
    i_assert(inconsistent == 0);
    mailbox_free(&box);
}

static void measure_alloc(struct mail_namespace *namespaces)
{
    struct timespec start;

    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    for (unsigned int i = 0; i < BOXES; i++) {
        struct mailbox *box = new_box(namespaces);

        mailbox_free(&box);
    }
    nanoseconds = since(&start, BOXES);
}

static void slots_namespaces_created(struct mail_namespace *namespaces)
{
    const char *what = namespaces->user->username;

    if (strcmp(what, "chain") == 0)
        measure_chain(namespaces);
    else if (strcmp(what, "alloc") == 0)
        measure_alloc(namespaces);
}

static const struct mail_storage_hooks hooks = {.mail_namespaces_created =
                                                    slots_namespaces_created};

static void slots_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

static void slots_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

void slots_plugin(struct vsmtp_out *request)
{
    request_plugin(request, "90_slots_plugin.so", "slots_plugin", slots_init, slots_deinit);
}

/* ---- The same in plain C --------------------------------------------------------------------- */

struct level {
    bool (*call)(struct level *level);
    struct level *next;
};

static bool go_on(struct level *level)
{
    return level->next->call(level->next);
}

static bool arrive(struct level *level)
{
    return level->next != NULL;
}

double nested_calls(void)
{
    static struct level levels[PLUGINS + 1];
    struct level *volatile first = levels;
    unsigned int arrived = 0;
    struct timespec start;

    for (unsigned int i = 0; i < PLUGINS; i++)
        levels[i] = (struct level){go_on, &levels[i + 1]};
    levels[PLUGINS].call = arrive;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    for (unsigned int i = 0; i < CALLS; i++)
        arrived += first->call(first) ? 1 : 0;
    i_assert(arrived == 0);
    return since(&start, CALLS);
}
