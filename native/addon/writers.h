/*
 * `writeSpool`, `removeFile` and `lockFile` of the Native face: files of the storage library, on writer
 * threads.
 */
#pragma once

#include <napi.h>

#include "tasks.h"

namespace vsmtp {

/** Adds the three to the face. */
void add_writers(Napi::Object face, Tasks &tasks);

} // namespace vsmtp
