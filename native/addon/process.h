/*
 * `dieWithParent`, `limitResources`, `signalThread`, `lockForHost` and `exitNow` of the Native face:
 * what a process is to the others of the host.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds them to the face. */
void add_process(Napi::Object face);

} // namespace vsmtp
