/*
 * An array of our own refers to each piece: what the caller does to its array later changes
 * nothing.
 */
#include "parts.h"

namespace vsmtp {

Parts::Parts(Napi::Env env, const Napi::Value &value)
{
    if (!value.IsArray())
        throw Napi::TypeError::New(env, "parts must be an array of Uint8Array");
    const auto given = value.As<Napi::Array>();
    auto kept = Napi::Array::New(env, given.Length());

    for (uint32_t i = 0; i < given.Length(); i++) {
        const Napi::Value part = given[i];
        if (!part.IsTypedArray() ||
            part.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
            throw Napi::TypeError::New(env, "parts must be an array of Uint8Array");
        auto bytes = part.As<Napi::Uint8Array>();
        list_.push_back({bytes.Data(), bytes.ByteLength()});
        kept.Set(i, bytes);
    }
    kept_ = Napi::Persistent(kept.As<Napi::Object>());
}

} // namespace vsmtp
