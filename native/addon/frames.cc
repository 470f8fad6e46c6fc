/*
 * Quick calls go from JavaScript to C without the addon in between (koffi calls on another stack,
 * but on the same thread), so both sides meet in memory that stays where it is: the thread's frame,
 * and blocks for arguments.
 */
#include "frames.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <frame.h>

namespace vsmtp {

namespace {

Napi::Value address_of(Napi::Env env, const void *place)
{
    return Napi::BigInt::New(env, static_cast<uint64_t>(reinterpret_cast<uintptr_t>(place)));
}

Napi::Value take_failure(const Napi::CallbackInfo &info)
{
    const char *text = vsmtp_frame_take_failure();

    return Napi::String::New(info.Env(), text != nullptr ? text : "");
}

Napi::Value take_out(const Napi::CallbackInfo &info)
{
    std::size_t size = 0;
    const uint8_t *bytes = vsmtp_frame_result(&size);
    Napi::Value copy = info.Env().Undefined();

    if (bytes != nullptr) {
        auto array = Napi::Uint8Array::New(info.Env(), size);

        std::memcpy(array.Data(), bytes, size);
        copy = array;
    }
    vsmtp_frame_forget_result();
    return copy;
}

Napi::Value allocate(const Napi::CallbackInfo &info)
{
    constexpr std::size_t alignment = 64;
    const double wanted = info[0].ToNumber();
    const Napi::Object block = Napi::Object::New(info.Env());

    if (!(wanted >= 1 && wanted <= UINT32_MAX))
        throw Napi::RangeError::New(info.Env(), "allocate: 1 to 4294967295 bytes");
    const auto bytes = static_cast<std::size_t>(wanted);
    void *memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (memory == nullptr)
        throw Napi::Error::New(info.Env(), "allocate: memory is used up");
    std::memset(memory, 0, bytes);
    /* no finalizer: C may hold the address for as long as the process lives */
    block.Set("buffer", Napi::ArrayBuffer::New(info.Env(), memory, bytes));
    block.Set("address", address_of(info.Env(), memory));
    return block;
}

} // namespace

void add_frame(Napi::Object face)
{
    const Napi::Env env = face.Env();
    const auto flag = Napi::ArrayBuffer::New(env, vsmtp_frame_failed(), sizeof(int32_t));

    face.Set("failed", Napi::Int32Array::New(env, 1, flag, 0));
    face.Set("out", address_of(env, vsmtp_frame_out()));
    face.Set("takeFailure", Napi::Function::New(env, take_failure, "takeFailure"));
    face.Set("takeOut", Napi::Function::New(env, take_out, "takeOut"));
    face.Set("allocate", Napi::Function::New(env, allocate, "allocate"));
}

} // namespace vsmtp
