/* What a record says, from the evidence. Private to crash/. */
#ifndef CRASH_RECORD_H
#define CRASH_RECORD_H

#include <signal.h>

#include "crash/stack.h"

/** The first phase: what happened, and who is suspected. */
void record_fault(int signal, const siginfo_t *info, const struct registers *registers);

/** The second phase, after stack_walk: who it was, and the way there. */
void record_walk(void);

/** All of a record of exit(), after stack_walk; nothing when no plugin called it. False: nothing. */
bool record_exit(int status);

#endif
