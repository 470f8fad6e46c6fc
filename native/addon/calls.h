/*
 * `call` and `callNow` of the Native face: one C function of a plugin, on a call thread or at once.
 */
#pragma once

#include <napi.h>

#include "tasks.h"

namespace vsmtp {

/** Adds both to the face. */
void add_calls(Napi::Object face, Tasks &tasks);

} // namespace vsmtp
