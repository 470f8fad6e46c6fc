/*
 * Threads that may never come back: they run code of plugins and wait for disks, beside the event
 * loop.
 *
 * They are detached and never joined, so a call that hangs hangs one thread and nothing else:
 * neither the event loop nor the end of the process waits for it. A pool is never destroyed, for
 * the same reason.
 */
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace vsmtp {

class ThreadPool {
  public:
    /**
     * Threads start when there is work and none is idle, up to `limit`, each with `stack` bytes of
     * stack.
     */
    ThreadPool(std::size_t limit, std::size_t stack) : limit_(limit), stack_(stack) {}
    ThreadPool(const ThreadPool &) = delete;
    ThreadPool &operator=(const ThreadPool &) = delete;

    /**
     * Runs a job on some thread, in order of arrival. The job may not throw. False: no thread could
     * be started and none is running, so the job would wait for ever; it was dropped.
     */
    bool run(std::function<void()> job);

    /** Changes the limit; threads above it end once they have nothing to do. */
    void set_limit(std::size_t limit);

  private:
    static void *enter(void *pool);
    void work();
    bool start_thread();
    bool needs_wake();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    std::size_t limit_;
    const std::size_t stack_;
    std::size_t threads_ = 0;
    std::size_t idle_ = 0;
    bool waking_ = false;
};

} // namespace vsmtp
