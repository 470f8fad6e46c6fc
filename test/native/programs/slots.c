/* A storage plugin that ends the process in the method that begins to save a mail: how, says BAD. */
#include "lib.h"
#include "mail-storage-private.h"
#include "module-dir.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int *volatile nowhere = NULL;
static const char *volatile no_text = NULL;
static volatile int zero = 0;

void bad_plugin_init(struct module *module);
void bad_plugin_deinit(void);
int bad_save_begin(struct mail_save_context *ctx, struct istream *input);

static int descend(volatile char *above)
{
    volatile char here[512];

    here[0] = (char)(above[0] + 1);
    return zero != 0 ? 0 : descend(here) + here[0];
}

static int bad_null(void)
{
    *nowhere = 1;
    return 0;
}

static int bad_strlen(void)
{
    return (int)strlen(no_text) + zero;
}

static int bad_overflow(void)
{
    volatile char top[1] = {0};

    return descend(top) + zero;
}

static int bad_exit(void)
{
    exit(3);
}

static int bad_sleep(void)
{
    for (;;)
        (void)sleep(3600);
}

static int bad_leave(void)
{
    pthread_exit(NULL);
}

static int bad_flood(void)
{
    for (int i = 0; i < 50000; i++)
        i_info("line %d", i);
    i_panic("the last words");
}

int bad_save_begin(struct mail_save_context *ctx ATTR_UNUSED, struct istream *input ATTR_UNUSED)
{
    return BAD() + zero;
}

static void bad_mailbox_allocated(struct mailbox *box)
{
    box->vlast->save_begin = bad_save_begin;
}

static struct mail_storage_hooks hooks = {.mailbox_allocated = bad_mailbox_allocated};

void bad_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

void bad_plugin_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}
