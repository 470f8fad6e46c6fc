/*
 * Waking the JavaScript thread from any other: a thread-safe function that carries no data.
 *
 * Whoever has something to tell puts it in a queue of its own and raises the wake-up; the JavaScript
 * thread then calls `on_raised` once for all that was raised since. A wake-up keeps the process
 * alive only between hold and release.
 *
 * A wake-up outlives its JavaScript environment, because a thread that hangs in a plugin may raise
 * it at any time: raising it is then without effect. So it is never deleted.
 */
#pragma once

#include <napi.h>

#include <cstddef>
#include <functional>
#include <mutex>

namespace vsmtp {

class Wakeup {
  public:
    /**
     * `on_raised` runs on the JavaScript thread of `env`; an exception in it becomes an uncaught
     * one.
     */
    Wakeup(Napi::Env env, const char *name, std::function<void(Napi::Env)> on_raised);
    Wakeup(const Wakeup &) = delete;
    Wakeup &operator=(const Wakeup &) = delete;

    /**
     * From any thread; from the JavaScript thread too, amid a call of a plugin: it does not enter
     * V8.
     */
    void raise();

    /** JavaScript thread: keeps the process alive until as many calls of release. */
    void hold();
    void release();

  private:
    static void wake(napi_env env, napi_value, void *wakeup, void *);
    static void close(void *wakeup);

    const napi_env env_;
    const std::function<void(Napi::Env)> on_raised_;
    napi_threadsafe_function function_ = nullptr;
    std::size_t held_ = 0;
    std::mutex mutex_;
    bool raised_ = false;
    bool closed_ = false;
};

} // namespace vsmtp
