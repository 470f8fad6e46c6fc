/*
 * The JavaScript thread's own call frame, for quick calls: `failed`, `takeFailure`, `out`,
 * `takeOut`, `allocate`.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds them to the face. */
void add_frame(Napi::Object face);

} // namespace vsmtp
