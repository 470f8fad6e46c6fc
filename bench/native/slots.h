/* What a method call and a mailbox cost, measured by a plugin while a user is made. */
#ifndef BENCH_SLOTS_H
#define BENCH_SLOTS_H

#include <out.h>

/** Writes the plugin into the `plugins` of a request `begin`; its name is `slots`. */
void slots_plugin(struct vsmtp_out *request);

/**
 * Nanoseconds of the last measurement: of user `chain`, one call of a method; of user `alloc`, one
 * mailbox.
 */
double slots_nanoseconds(void);

/**
 * Nanoseconds of as many nested indirect calls as there are plugins, and one for the driver's
 * method.
 */
double nested_calls(void);

#endif
