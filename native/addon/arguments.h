/*
 * What the functions of the Native face have in common: arguments that are checked before anything
 * is done with them, and failures of the system as Node's own functions tell them.
 */
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace vsmtp {

/**
 * A path or a name: text without NUL, which C would take for its end, and not empty.
 * @throws Napi::TypeError
 */
std::string text_argument(const Napi::CallbackInfo &info, std::size_t index);

/** A whole number of 32 bits, at least `least`. @throws Napi::TypeError */
int32_t integer_argument(const Napi::CallbackInfo &info, std::size_t index, int32_t least);

/** As integer_argument, of a value that is called `name`. */
int32_t integer_of(const Napi::Value &value, const std::string &name, int32_t least);

/**
 * An Error with `code`, `errno`, `syscall` and `path`, as Node's own file functions throw it;
 * `number` is errno's. An empty path is left out.
 */
Napi::Error system_error(Napi::Env env, int number, const std::string &syscall,
                         const std::string &path);

} // namespace vsmtp
