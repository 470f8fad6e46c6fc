/* A host of the storage thread that asks for one thing at a time and waits. */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <stdint.h>
#include <sys/uio.h>

#include <out.h>

struct module;

/** Starts the thread. */
void host_start(void);

/**
 * Asks, and ends the program when that fails. The result lives until the next request; `mail` NULL:
 * none.
 */
const vsmtp_value *host_request(const struct vsmtp_out *request, const struct iovec *mail);

/** Begins a map with the operation in it. */
void request_begin(struct vsmtp_out *request, const char *operation);
void request_text(struct vsmtp_out *request, const char *key, const char *value);
void request_int(struct vsmtp_out *request, const char *key, int64_t value);
/** A plugin, which lies in this program. */
void request_plugin(struct vsmtp_out *request, const char *path, const char *base,
                    void (*init)(struct module *module), void (*deinit)(void));
/** The user `name`, for whom these plugins are active. */
void request_user(struct vsmtp_out *request, const char *name, const char *location,
                  const char *plugins);

#endif
