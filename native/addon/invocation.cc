/*
 * Calls of C functions whose signatures are known only at run time, without a library for that: up
 * to 6 integers or pointers and up to 8 doubles. Under the calling conventions of x86-64 (System V)
 * and AArch64 these travel in registers, and integer and floating-point registers are filled
 * independently, so one C type with 6 integers and then 8 doubles serves every order of parameters;
 * the callee never looks at registers it has no parameter for.
 *
 * Arguments that are memory (strings, encoded values) come as one block with offsets in it, which
 * is copied here, so JavaScript may go on and reuse its own.
 */
#include "invocation.h"

#include <cstdlib>
#include <cstring>

#include <frame.h>
#include <marker.h>

namespace vsmtp {

namespace {

constexpr std::size_t int_slots = Invocation::int_slots;
constexpr std::size_t double_slots = Invocation::double_slots;

using IntegerFunction = int64_t (*)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, double,
                                    double, double, double, double, double, double, double);
using DoubleFunction = double (*)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, double,
                                  double, double, double, double, double, double, double);

Invocation::Result result_named(Napi::Env env, const std::string &name)
{
    if (name == "void")
        return Invocation::Result::none;
    if (name == "int" || name == "pointer")
        return Invocation::Result::integer;
    if (name == "double")
        return Invocation::Result::real;
    if (name == "string")
        return Invocation::Result::text;
    if (name == "given-string")
        return Invocation::Result::given_text;
    throw Napi::TypeError::New(env, "call: unknown result " + name);
}

/* A typed array of the request; `length` 0: any. */
template <typename Array>
Array array_of(const Napi::Object &request, const char *key, napi_typedarray_type type,
               std::size_t length)
{
    const Napi::Value value = request.Get(key);

    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type ||
        (length != 0 && value.As<Napi::TypedArray>().ElementLength() != length))
        throw Napi::TypeError::New(request.Env(), std::string("call: bad ") + key);
    return value.As<Array>();
}

/* Any C function of at most 6 integers or pointers and 8 doubles. */
template <typename Function>
auto invoke(uintptr_t address, const int64_t (&ints)[int_slots],
            const double (&doubles)[double_slots])
{
    const auto function = reinterpret_cast<Function>(address);

    return function(ints[0], ints[1], ints[2], ints[3], ints[4], ints[5], doubles[0], doubles[1],
                    doubles[2], doubles[3], doubles[4], doubles[5], doubles[6], doubles[7]);
}

Napi::Value array(Napi::Env env, const std::vector<uint8_t> &bytes)
{
    auto copy = Napi::Uint8Array::New(env, bytes.size());

    std::memcpy(copy.Data(), bytes.data(), bytes.size());
    return copy;
}

} // namespace

Invocation::Invocation(Napi::Env env, const Napi::Object &request)
{
    bool lossless = false;

    function_ = static_cast<uintptr_t>(request.Get("fn").As<Napi::BigInt>().Uint64Value(&lossless));
    if (function_ == 0)
        throw Napi::TypeError::New(env, "call: fn is NULL");
    kind_ = result_named(env, request.Get("result").ToString());
    out_slot_ = request.Get("outSlot").ToNumber();
    if (out_slot_ >= static_cast<int32_t>(int_slots))
        throw Napi::RangeError::New(env, "call: outSlot is above 5");
    const auto ints =
        array_of<Napi::BigInt64Array>(request, "ints", napi_bigint64_array, int_slots);
    const auto doubles =
        array_of<Napi::Float64Array>(request, "doubles", napi_float64_array, double_slots);
    std::memcpy(ints_, ints.Data(), sizeof ints_);
    std::memcpy(doubles_, doubles.Data(), sizeof doubles_);
    copy_block(request);
    if (request.Get("transaction").IsObject())
        hand_over(request.Get("transaction").As<Napi::Object>());
    if (request.Get("marked").IsObject())
        mark(request.Get("marked").As<Napi::Object>());
}

void Invocation::run() noexcept
{
    vsmtp_frame_begin();
    if (out_slot_ >= 0)
        ints_[out_slot_] = static_cast<int64_t>(reinterpret_cast<uintptr_t>(vsmtp_frame_out()));
    vsmtp_marker_begin(marked_function_, marked_situation_);
    if (!transaction_.begin())
        vsmtp_fail("the transaction cannot be handed over");
    else
        call();
    /* the function is to blame for a pointer that leads nowhere, too */
    take_text();
    vsmtp_marker_end();
    take_frame();
}

void Invocation::call() noexcept
{
    if (kind_ == Result::real)
        real_ = invoke<DoubleFunction>(function_, ints_, doubles_);
    else
        integer_ = invoke<IntegerFunction>(function_, ints_, doubles_);
}

Napi::Value Invocation::result(Napi::Env env) const
{
    const Napi::Object object = Napi::Object::New(env);

    object.Set("failure", failed_ ? Napi::String::New(env, failure_) : env.Undefined());
    object.Set("value", failed_ ? env.Undefined() : value(env));
    object.Set("out", failed_ || out_.empty() ? env.Undefined() : array(env, out_));
    object.Set("changes", failed_ || changes_.empty() ? env.Undefined() : array(env, changes_));
    return object;
}

void Invocation::copy_block(const Napi::Object &request)
{
    const auto block = array_of<Napi::Uint8Array>(request, "block", napi_uint8_array, 0);
    const auto words = array_of<Napi::Uint32Array>(request, "relocations", napi_uint32_array, 0);
    const uint32_t slots = request.Get("addressSlots").ToNumber();

    block_.assign(block.Data(), block.Data() + block.ByteLength());
    for (std::size_t i = 0; i < int_slots; i++) {
        if ((slots >> i & 1) != 0)
            ints_[i] =
                static_cast<int64_t>(address(request.Env(), static_cast<uint64_t>(ints_[i])));
    }
    for (std::size_t i = 0; i < words.ElementLength(); i++)
        relocate(request.Env(), words[i]);
}

void Invocation::hand_over(const Napi::Object &given)
{
    const uint32_t slot = given.Get("slot").ToNumber();

    if (slot >= int_slots)
        throw Napi::RangeError::New(given.Env(), "call: the transaction's slot is above 5");
    transaction_.read(given, block_);
    ints_[slot] = transaction_.address();
}

void Invocation::mark(const Napi::Object &marked)
{
    marked_function_ = marked.Get("function").ToNumber();
    marked_situation_ = marked.Get("situation").ToNumber();
}

/* The address of a place in the block, its end included. */
uint64_t Invocation::address(Napi::Env env, uint64_t offset) const
{
    if (offset > block_.size())
        throw Napi::RangeError::New(env, "call: an offset lies outside of block");
    return reinterpret_cast<uintptr_t>(block_.data()) + offset;
}

void Invocation::relocate(Napi::Env env, uint64_t at)
{
    uint64_t word = 0;

    if (block_.size() < sizeof word || at > block_.size() - sizeof word)
        throw Napi::RangeError::New(env, "call: a relocation lies outside of block");
    std::memcpy(&word, &block_[at], sizeof word);
    word = address(env, word);
    std::memcpy(&block_[at], &word, sizeof word);
}

/* A borrowed string is safe only until this thread's next call, so it is copied now. */
void Invocation::take_text()
{
    if (kind_ != Result::text && kind_ != Result::given_text)
        return;
    auto *text = reinterpret_cast<char *>(static_cast<uintptr_t>(integer_));
    integer_ = text != nullptr ? 1 : 0;
    if (text != nullptr && !vsmtp_failed())
        text_ = text;
    if (kind_ == Result::given_text)
        std::free(text);
}

void Invocation::take_frame()
{
    std::size_t size = 0;
    const uint8_t *bytes = vsmtp_frame_result(&size);

    if (bytes != nullptr)
        out_.assign(bytes, bytes + size);
    transaction_.end(changes_);
    const char *failure = vsmtp_frame_take_failure();
    failed_ = failure != nullptr;
    if (failed_)
        failure_ = failure;
}

Napi::Value Invocation::value(Napi::Env env) const
{
    switch (kind_) {
    case Result::none:
        return env.Undefined();
    case Result::integer:
        return Napi::BigInt::New(env, integer_);
    case Result::real:
        return Napi::Number::New(env, real_);
    default:
        return integer_ == 0 ? env.Undefined() : Napi::String::New(env, text_);
    }
}

} // namespace vsmtp
