/*
 * The storage thread and who hosts it. Private to host/.
 */
#ifndef STORAGE_HOST_THREAD_H
#define STORAGE_HOST_THREAD_H

#include "host/host.h"

/** The host, on the storage thread. */
const vsmtp_storage_host *thread_host(void);

#endif
