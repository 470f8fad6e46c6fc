/*
 * Work with a promise: it runs on a thread of a pool and its promise is settled on the JavaScript
 * thread.
 */
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "threads.h"
#include "wakeup.h"

namespace vsmtp {

class Tasks;

/** One piece of work. Made and destroyed on the JavaScript thread. */
class Task : public Job {
  public:
    explicit Task(Napi::Env env) : deferred_(Napi::Promise::Deferred::New(env)) {}

    /**
     * On the JavaScript thread: what the promise resolves with; rejects with the Napi::Error it
     * throws.
     */
    virtual Napi::Value result(Napi::Env env) = 0;

    void finished() noexcept final;

    Napi::Promise promise() const
    {
        return deferred_.Promise();
    }

  private:
    friend class Tasks;

    const Napi::Promise::Deferred deferred_;
    /* Who has it from start on. */
    Tasks *tasks_ = nullptr;
    uint64_t number_ = 0;
};

/**
 * The tasks of one JavaScript environment. While one is under way the process stays alive. Never
 * deleted: see Wakeup.
 */
class Tasks {
  public:
    explicit Tasks(Napi::Env env);

    /**
     * Hands a task to a pool.
     * @return its number, for abandon; 0: it was not taken, and its promise is rejected.
     */
    uint64_t start(ThreadPool &pool, std::unique_ptr<Task> task);

    /**
     * Gives up a task of that pool: its promise is never settled, and the process no longer waits
     * for it. A task that runs is destroyed when it has finished.
     */
    Abandoned abandon(ThreadPool &pool, uint64_t number);

  private:
    friend class Task;

    void finish(Task *task);
    void settle(Napi::Env env);

    Wakeup wakeup_;
    /* Those whose promises somebody waits for. Used on the JavaScript thread only. */
    std::unordered_map<uint64_t, Task *> pending_;
    uint64_t last_number_ = 0;
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
