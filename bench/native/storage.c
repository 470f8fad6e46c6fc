/*
 * Measures the storage core from inside, as its plugins see it, and from outside, as its host does.
 * Prints one line of JSON: for each case the nanoseconds of each round. Cases take turns; a first
 * round does not count.
 *
 * Argument: an empty directory on the disk that is to be measured.
 */
#include <stdio.h>

#include "deliveries.h"
#include "host.h"
#include "passthrough.h"
#include "slots.h"

enum { ROUNDS = 7, SIZE = 4096 };

enum figure { CALLS, CHAIN, BARE, OVERRIDDEN, FILES, DELIVERY, FIGURES };

static const char *const names[FIGURES] = {"calls",      "chain", "bare",
                                           "overridden", "files", "delivery"};

static void begin_storage(void)
{
    static struct vsmtp_out request;

    request_begin(&request, "begin");
    vsmtp_out_key(&request, "plugins");
    vsmtp_out_begin_array(&request);
    passthrough_plugins(&request);
    slots_plugin(&request);
    vsmtp_out_end(&request);
    vsmtp_out_end(&request);
    (void)host_request(&request, NULL);
}

/* Opens a user for whom the plugin in slots.c measures. */
static double measure_inside(const char *what, const char *location, const char *plugins)
{
    static struct vsmtp_out request;
    int64_t session = 0;

    request_begin(&request, "open");
    request_user(&request, what, location, plugins);
    vsmtp_out_end(&request);
    (void)vsmtp_as_int(host_request(&request, NULL), &session);
    request_begin(&request, "close");
    request_int(&request, "session", session);
    vsmtp_out_end(&request);
    (void)host_request(&request, NULL);
    return slots_nanoseconds();
}

static void print(double (*figures)[ROUNDS])
{
    for (int figure = 0; figure < FIGURES; figure++) {
        (void)printf("%s\"%s\":[", figure == 0 ? "{" : ",", names[figure]);
        for (int round = 0; round < ROUNDS; round++)
            (void)printf("%s%.1f", round == 0 ? "" : ",", figures[figure][round]);
        (void)printf("]");
    }
    (void)printf("}\n");
}

int main(int count, char **arguments)
{
    static double figures[FIGURES][ROUNDS];
    char location[SIZE], all[SIZE];
    struct delivery_figures mails;

    if (count != 2)
        return 2;
    (void)snprintf(all, sizeof all, "%s slots", passthrough_names());
    host_start();
    begin_storage();
    for (int round = -1; round < ROUNDS; round++) {
        int at = round < 0 ? 0 : round;

        (void)snprintf(location, sizeof location, "maildir:%s/user%d", arguments[1], round);
        figures[CALLS][at] = nested_calls();
        figures[CHAIN][at] = measure_inside("chain", location, all);
        figures[BARE][at] = measure_inside("alloc", location, "slots");
        figures[OVERRIDDEN][at] = measure_inside("alloc", location, all);
        mails = measure_deliveries(location, arguments[1]);
        figures[FILES][at] = mails.files;
        figures[DELIVERY][at] = mails.delivery;
    }
    print(figures);
    return 0;
}
