/*
 * This host and this process.
 */
#include "lib.h"

#include "hostpid.h"

#include <netdb.h>
#include <unistd.h>

const char *my_hostname;
const char *my_pid;

static char hostname_text[256];
static char pid_text[MAX_INT_STRLEN];
static char *hostdomain;

static void find_hostname(void)
{
    const char *given = getenv(MY_HOSTNAME_ENV);

    if (given != NULL) {
        (void)i_strocpy(hostname_text, given, sizeof hostname_text);
    } else if (gethostname(hostname_text, sizeof hostname_text - 1) < 0 ||
               hostname_text[0] == '\0') {
        (void)i_strocpy(hostname_text, "unknown", sizeof hostname_text);
    }
    /* it becomes part of file names */
    for (char *p = hostname_text; *p != '\0'; p++) {
        if (*p == '/')
            *p = '_';
    }
    my_hostname = hostname_text;
}

void hostpid_init(void)
{
    find_hostname();
    (void)i_snprintf(pid_text, sizeof pid_text, "%ld", (long)getpid());
    my_pid = pid_text;
}

void hostpid_deinit(void)
{
    i_free(hostdomain);
    my_hostname = my_pid = NULL;
}

const char *my_hostdomain(void)
{
    const char *given = getenv(MY_HOSTDOMAIN_ENV);
    struct addrinfo hints = {.ai_flags = AI_CANONNAME}, *found;

    if (hostdomain != NULL)
        return hostdomain;
    if (given != NULL) {
        hostdomain = i_strdup(given);
    } else if (strchr(my_hostname, '.') == NULL &&
               getaddrinfo(my_hostname, NULL, &hints, &found) == 0) {
        hostdomain = i_strdup(found->ai_canonname != NULL ? found->ai_canonname : my_hostname);
        freeaddrinfo(found);
    } else {
        hostdomain = i_strdup(my_hostname);
    }
    return hostdomain;
}
