/*
 * `call` of the Native face: one C function of a plugin, on a call thread.
 */
#pragma once

#include <napi.h>

#include "tasks.h"

namespace vsmtp {

/** Adds `call` to the face. */
void add_calls(Napi::Object face, Tasks &tasks);

} // namespace vsmtp
