/*
 * A call on a thread is a task; what it does there is invocation.cc's part. What JavaScript gets to
 * give it up with is its number, so that nothing of a call outlives its end.
 */
#include "calls.h"

#include <memory>
#include <utility>

#include "crash-cover.h"
#include "invocation.h"

namespace vsmtp {

namespace {

class Call final : public Task {
  public:
    Call(Napi::Env env, const Napi::Object &request) : Task(env), invocation_(env, request) {}

    void run() noexcept override
    {
        cover_thread();
        invocation_.run();
    }

    Napi::Value result(Napi::Env env) override
    {
        return invocation_.result(env);
    }

  private:
    Invocation invocation_;
};

Napi::Object request_of(const Napi::CallbackInfo &info)
{
    if (!info[0].IsObject())
        throw Napi::TypeError::New(info.Env(), "call: no request");
    return info[0].As<Napi::Object>();
}

const char *name_of(Abandoned what)
{
    switch (what) {
    case Abandoned::waiting:
        return "waiting";
    case Abandoned::running:
        return "running";
    default:
        return "over";
    }
}

/* `abandon` of every PendingCall, which has its number beside it. */
Napi::Value abandon(const Napi::CallbackInfo &info, Tasks &tasks)
{
    if (!info.This().IsObject())
        throw Napi::TypeError::New(info.Env(), "abandon: no call");
    const Napi::Value number = info.This().As<Napi::Object>().Get("number");
    if (!number.IsNumber())
        throw Napi::TypeError::New(info.Env(), "abandon: no call");
    const auto known = static_cast<uint64_t>(number.As<Napi::Number>().Int64Value());

    return Napi::String::New(info.Env(), name_of(tasks.abandon(call_threads(), known)));
}

Napi::Value call(const Napi::CallbackInfo &info, Tasks &tasks, const Napi::Function &abandons)
{
    const Napi::Env env = info.Env();
    auto task = std::make_unique<Call>(env, request_of(info));
    const Napi::Object pending = Napi::Object::New(env);

    pending.Set("result", task->promise());
    pending.Set("abandon", abandons);
    const uint64_t number = tasks.start(call_threads(), std::move(task));
    pending.Set("number", Napi::Number::New(env, static_cast<double>(number)));
    return pending;
}

Napi::Value call_now(const Napi::CallbackInfo &info)
{
    Invocation invocation(info.Env(), request_of(info));

    invocation.run();
    return invocation.result(info.Env());
}

} // namespace

void add_calls(Napi::Object face, Tasks &tasks)
{
    const Napi::Env env = face.Env();
    /* Lives as long as the environment, as the tasks do. */
    auto *abandons = new Napi::FunctionReference(Napi::Persistent(Napi::Function::New(
        env, [&tasks](const Napi::CallbackInfo &info) { return abandon(info, tasks); },
        "abandon")));

    face.Set("call", Napi::Function::New(
                         env,
                         [&tasks, abandons](const Napi::CallbackInfo &info) {
                             return call(info, tasks, abandons->Value());
                         },
                         "call"));
    face.Set("callNow", Napi::Function::New(env, call_now, "callNow"));
}

} // namespace vsmtp
