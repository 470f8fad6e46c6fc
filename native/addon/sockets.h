/*
 * `listenOn`, `socketName` and `notifyManager` of the Native face: sockets that Node cannot open
 * without serving them, or does not know at all.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds the three to the face. */
void add_sockets(Napi::Object face);

} // namespace vsmtp
