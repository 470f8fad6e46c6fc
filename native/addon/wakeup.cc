/*
 * The one use of thread-safe functions. Node ends them when their environment ends; the flag
 * `closed_` is set just before that, by a clean-up hook (these run in reverse order), so no thread
 * ever uses one that has ended.
 */
#include "wakeup.h"

#include <utility>

namespace vsmtp {

namespace {

/* While an environment ends, wake-ups may still arrive, but nothing of JavaScript runs any more. */
bool can_run_javascript(napi_env env)
{
    napi_value global = nullptr;
    bool found = false;

    return env != nullptr && napi_get_global(env, &global) == napi_ok &&
           napi_has_named_property(env, global, "Object", &found) == napi_ok;
}

} // namespace

Wakeup::Wakeup(Napi::Env env, const char *name, std::function<void(Napi::Env)> on_raised)
    : env_(env), on_raised_(std::move(on_raised))
{
    const napi_status status =
        napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, name), 0, 1,
                                        nullptr, nullptr, this, wake, &function_);

    NAPI_THROW_IF_FAILED_VOID(env, status);
    napi_unref_threadsafe_function(env, function_);
    napi_add_env_cleanup_hook(env, close, this);
}

void Wakeup::raise()
{
    const std::lock_guard<std::mutex> lock(mutex_);

    if (closed_ || raised_)
        return;
    raised_ = true;
    napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

void Wakeup::hold()
{
    if (held_++ == 0)
        napi_ref_threadsafe_function(env_, function_);
}

void Wakeup::release()
{
    if (--held_ == 0)
        napi_unref_threadsafe_function(env_, function_);
}

void Wakeup::wake(napi_env env, napi_value, void *wakeup, void *)
{
    auto *self = static_cast<Wakeup *>(wakeup);

    {
        const std::lock_guard<std::mutex> lock(self->mutex_);
        self->raised_ = false;
    }
    if (!can_run_javascript(env))
        return;
    try {
        self->on_raised_(env);
    } catch (const Napi::Error &error) {
        napi_fatal_exception(env, error.Value());
    }
}

void Wakeup::close(void *wakeup)
{
    auto *self = static_cast<Wakeup *>(wakeup);
    const std::lock_guard<std::mutex> lock(self->mutex_);

    self->closed_ = true;
}

} // namespace vsmtp
