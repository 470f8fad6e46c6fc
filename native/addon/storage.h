/*
 * `startStorage`, `storageRequest` and `storageAnswer` of the Native face: the storage thread of
 * libvsmtp-storage, with encoded values in and out.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds the three to the face. */
void add_storage(Napi::Object face);

} // namespace vsmtp
