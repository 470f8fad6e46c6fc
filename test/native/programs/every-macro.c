/* A plugin that uses every macro of the SDK; C and C++. Compiled with all warnings by sdk.test.ts.
 */
#include <vsmtp/plugin.h>
#include <vsmtp/transaction.h>

#include <stdlib.h>
#include <string.h>

VSMTP_PLUGIN("every-macro", VSMTP_RELEASE("0.3.0") VSMTP_DESCRIPTION("uses all of the SDK")
                                VSMTP_MODULE("every") VSMTP_THREADSAFE)
VSMTP_DEPENDS("mysql")
VSMTP_DEPENDS("ldap")

typedef struct counter {
    int64_t count;
} counter;

VSMTP_OBJECT(counter, "counter", counter_destroy, VSMTP_DOC("counts") VSMTP_DOC("from a start"))

typedef struct plain plain;
VSMTP_OBJECT(plain, "plain", plain_destroy)

VSMTP_FUNCTION(int64_t, every_add, (int64_t a, int64_t b))
{
    return a + b;
}

VSMTP_FUNCTION(bool, every_not, (bool truth), VSMTP_QUICK VSMTP_NAME("not"))
{
    return !truth;
}

VSMTP_FUNCTION(char *, every_copy, (const char *text), VSMTP_GIVEN VSMTP_NAME("copy"))
{
    return strdup(text);
}

VSMTP_FUNCTION(counter *, counter_build, (const vsmtp_value *options),
               VSMTP_QUICK VSMTP_DOC("builds"))
{
    const int64_t start = vsmtp_map_int(options, "start", 0);
    counter *made = vsmtp_failed() ? NULL : (counter *)malloc(sizeof *made);

    if (made != NULL)
        made->count = start;
    return made;
}

VSMTP_FUNCTION(void, counter_next, (counter *self, vsmtp_out *out),
               VSMTP_METHOD("counter") VSMTP_NAME("next"))
{
    vsmtp_log(VSMTP_LOG_DEBUG, "at %lld", (long long)self->count);
    vsmtp_log(VSMTP_LOG_DEBUG, "no arguments");
    if (self->count == INT64_MAX)
        vsmtp_fail("the counter has reached its end");
    else
        vsmtp_out_int(out, ++self->count);
}

VSMTP_FUNCTION(bool, every_stamp, (vsmtp_transaction *tx, const char *text), VSMTP_QUICK)
{
    return vsmtp_transaction_set_header(tx, "X-Stamp", text);
}

VSMTP_FUNCTION(void, every_nothing, (void)) {}

void counter_destroy(counter *self)
{
    free(self);
}

void plain_destroy(plain *self)
{
    free(self);
}

VSMTP_INIT()
{
    return 0;
}

VSMTP_FINI() {}
