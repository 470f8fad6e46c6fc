/*
 * Work with a promise: it runs on a thread of a pool and its promise is settled on the JavaScript
 * thread.
 */
#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <vector>

#include "threads.h"
#include "wakeup.h"

namespace vsmtp {

/** One piece of work. Made and destroyed on the JavaScript thread. */
class Task {
  public:
    explicit Task(Napi::Env env) : deferred_(Napi::Promise::Deferred::New(env)) {}
    Task(const Task &) = delete;
    Task &operator=(const Task &) = delete;
    virtual ~Task() = default;

    /** On a thread of the pool: no JavaScript. */
    virtual void run() noexcept = 0;

    /**
     * On the JavaScript thread: what the promise resolves with; rejects with the Napi::Error it
     * throws.
     */
    virtual Napi::Value result(Napi::Env env) = 0;

    const Napi::Promise::Deferred &deferred() const
    {
        return deferred_;
    }

  private:
    const Napi::Promise::Deferred deferred_;
};

/**
 * The tasks of one JavaScript environment. While one is under way the process stays alive. Never
 * deleted: see Wakeup.
 */
class Tasks {
  public:
    explicit Tasks(Napi::Env env);

    /** Hands a task to a pool. */
    Napi::Promise start(ThreadPool &pool, std::unique_ptr<Task> task);

  private:
    void finish(Task *task);
    void settle(Napi::Env env);

    Wakeup wakeup_;
    std::mutex mutex_;
    /*
     * Owned. What is left here when the environment ends is leaked: only its thread could free it.
     */
    std::vector<Task *> finished_;
};

/** The pools are one of each a process. */
ThreadPool &call_threads();
ThreadPool &writer_threads();

} // namespace vsmtp
