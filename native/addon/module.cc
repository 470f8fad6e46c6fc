/*
 * The addon as Node loads it: its exports are the `Native` face of src/native/index.ts.
 */
#include <napi.h>

#include "calls.h"
#include "frames.h"
#include "logs.h"
#include "markers.h"
#include "memory.h"
#include "privileges.h"
#include "process.h"
#include "sockets.h"
#include "storage.h"
#include "tasks.h"
#include "transactions.h"
#include "writers.h"

namespace vsmtp {

namespace {

constexpr uint32_t most_threads = 256;

std::size_t thread_count(const Napi::Object &counts, const char *name)
{
    const Napi::Value value = counts.Get(name);
    const double count = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;

    if (!(count >= 1 && count <= most_threads))
        throw Napi::RangeError::New(counts.Env(), std::string("setThreads: ") + name +
                                                      " must be a number from 1 to 256");
    return static_cast<std::size_t>(count);
}

void set_threads(const Napi::CallbackInfo &info)
{
    if (!info[0].IsObject())
        throw Napi::TypeError::New(info.Env(), "setThreads: no counts");
    const auto counts = info[0].As<Napi::Object>();
    const std::size_t writers = thread_count(counts, "writers");
    const std::size_t calls = thread_count(counts, "calls");

    writer_threads().set_limit(writers);
    call_threads().set_limit(calls);
}

Napi::Object initialize(Napi::Env env, Napi::Object face)
{
    auto *tasks = new Tasks(env);

    add_frame(face);
    add_transaction(face);
    add_calls(face, *tasks);
    add_writers(face, *tasks);
    add_storage(face);
    add_memory(face);
    add_sockets(face);
    add_process(face);
    add_privileges(face);
    add_log(face);
    add_markers(face);
    face.Set("setThreads", Napi::Function::New(env, set_threads, "setThreads"));
    return face;
}

} // namespace

} // namespace vsmtp

static Napi::Object load(Napi::Env env, Napi::Object exports)
{
    return vsmtp::initialize(env, exports);
}

NODE_API_MODULE(vsmtp, load)
