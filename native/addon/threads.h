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
#include <mutex>
#include <unordered_set>

namespace vsmtp {

/** Work for a pool, which does not own it. It may not throw. */
class Job {
  public:
    Job() = default;
    Job(const Job &) = delete;
    Job &operator=(const Job &) = delete;
    virtual ~Job() = default;

    /** On a thread of the pool. */
    virtual void run() noexcept = 0;

    /** On the same thread, after run and when abandon() can no longer meet it: the pool's last use. */
    virtual void finished() noexcept = 0;
};

/** What a job was doing when it was given up. */
enum class Abandoned {
    /** It had not begun, and never will; the pool does not know it any more. */
    waiting,
    /** Its thread is lost to the pool and ends after the job, which still gets its finished(). */
    running,
    /** It is over, or was never here: nothing was given up. */
    over,
};

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
     * Runs a job on some thread, in order of arrival. False: no thread could be started and none is
     * running, so the job would wait for ever; it was not taken.
     */
    bool run(Job *job);

    /** Gives a job up. A lost thread no longer counts, so another can start in its place. */
    Abandoned abandon(Job *job);

    /** Changes the limit; threads above it end once they have nothing to do. */
    void set_limit(std::size_t limit);

  private:
    static void *enter(void *pool);
    void work();
    bool carry_out(Job *job, std::unique_lock<std::mutex> &lock);
    void start_missing();
    bool start_thread();
    bool needs_wake();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job *> jobs_;
    /* Those on threads that count. */
    std::unordered_set<Job *> running_;
    std::size_t limit_;
    const std::size_t stack_;
    /* Lost ones left out. */
    std::size_t threads_ = 0;
    std::size_t idle_ = 0;
    bool waking_ = false;
};

} // namespace vsmtp
