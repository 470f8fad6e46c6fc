/*
 * hello: the smallest plugin that is of any use, to learn from. README.md walks through it.
 */
#include <stdio.h>

#include <vsmtp/plugin.h>

VSMTP_PLUGIN("hello", VSMTP_RELEASE("1.0.0") VSMTP_DESCRIPTION("Greets, and counts recipients"))

/*
 * Text in, text out. The script copies the result as soon as the function returns, so a buffer of
 * the thread's own is enough: nothing to free.
 */
VSMTP_FUNCTION(const char *, hello_greet, (const char *who),
               VSMTP_QUICK VSMTP_NAME("greet") VSMTP_DOC("A greeting for a person or a host."))
{
    static _Thread_local char greeting[256];

    if (*who == '\0') {
        vsmtp_fail("there is nobody to greet: the name is empty");
        return NULL;
    }
    if (snprintf(greeting, sizeof greeting, "Hello, %s!", who) >= (int)sizeof greeting) {
        vsmtp_fail("the name is too long to be greeted");
        return NULL;
    }
    return greeting;
}

/*
 * Numbers in, a truth out. vSMTP has checked that both are whole numbers that fit before this runs.
 */
VSMTP_FUNCTION(bool, hello_is_crowd, (int32_t recipients, int32_t limit),
               VSMTP_QUICK VSMTP_NAME("is_crowd")
                   VSMTP_DOC("Whether a mail has more recipients than the limit."))
{
    return recipients > limit;
}
