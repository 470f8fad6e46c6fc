/*
 * `onLog` and `onStorageLog` of the Native face: what plugins log on any thread, and what is logged
 * on the storage thread, each reaches one listener on the JavaScript thread.
 */
#pragma once

#include <napi.h>

#include <cstdint>

namespace vsmtp {

/** Adds both to the face, and takes over vsmtp_log from now on. */
void add_log(Napi::Object face);

/**
 * A line of the storage thread; `file` is the shared object that logged it, `situation` that of the
 * request under way. With level 60, after which the process ends, everything that waits is written
 * to standard error at once.
 */
void log_of_storage(const char *file, int level, const char *text, int32_t situation);

/** When the process ends, on any thread: what nobody will take any more goes to standard error. */
void flush_logs();

/**
 * On the JavaScript thread: hands on what was logged so far, before something that was said later.
 */
void deliver_storage_log(Napi::Env env);

} // namespace vsmtp
