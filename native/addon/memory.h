/*
 * `sharedMemory` and `sealedFile` of the Native face: memory that a process hands to others as an
 * open file.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds both to the face. */
void add_memory(Napi::Object face);

} // namespace vsmtp
