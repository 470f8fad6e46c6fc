/*
 * What happens in mailboxes, told to the host. Private to host/.
 */
#ifndef STORAGE_HOST_EVENTS_H
#define STORAGE_HOST_EVENTS_H

#include "lib.h"

/** Whether the host wants to be told. */
void events_want(bool wanted);

#endif
