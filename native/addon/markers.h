/*
 * `openMarker`, `watchCrashes` and `noteLibrary` of the Native face: what is written for those who
 * look at this process from outside.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds the three to the face. */
void add_markers(Napi::Object face);

} // namespace vsmtp
