/*
 * `onLog` of the Native face: what plugins log on any thread reaches one listener on the JavaScript
 * thread.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds `onLog` to the face, and takes over vsmtp_log from now on. */
void add_log(Napi::Object face);

} // namespace vsmtp
