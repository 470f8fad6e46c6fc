/*
 * `dropPrivileges` and `noNewPrivileges` of the Native face: a process that was started by root
 * gives away what it does not need, before it runs code of others.
 */
#pragma once

#include <napi.h>

namespace vsmtp {

/** Adds both to the face. */
void add_privileges(Napi::Object face);

} // namespace vsmtp
