/*
 * The pool itself. A thread counts as idle from the moment it waits until a job is taken for it, so
 * two jobs that arrive together start two threads.
 */
#include "threads.h"

#include <pthread.h>

#include <utility>

namespace vsmtp {

bool ThreadPool::run(std::function<void()> job)
{
    bool wake = false;

    {
        const std::lock_guard<std::mutex> lock(mutex_);

        if (jobs_.size() >= idle_ && threads_ < limit_ && !start_thread() && threads_ == 0)
            return false;
        jobs_.push_back(std::move(job));
        wake = needs_wake();
    }
    if (wake)
        wake_.notify_one();
    return true;
}

/*
 * Called with the mutex held. One thread is woken at a time; when it takes a job, it wakes the next
 * if there is more.
 */
bool ThreadPool::needs_wake()
{
    if (waking_ || idle_ == 0 || jobs_.empty())
        return false;
    waking_ = true;
    return true;
}

void ThreadPool::set_limit(std::size_t limit)
{
    const std::lock_guard<std::mutex> lock(mutex_);

    limit_ = limit;
    while (threads_ < limit_ && jobs_.size() > idle_ && start_thread()) {
    }
    wake_.notify_all();
}

/* Called with the mutex held. The new thread counts as idle until it takes its first job. */
bool ThreadPool::start_thread()
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_);
    const bool started = pthread_create(&thread, &attributes, enter, this) == 0;
    pthread_attr_destroy(&attributes);
    if (started) {
        threads_++;
        idle_++;
    }
    return started;
}

void *ThreadPool::enter(void *pool)
{
    static_cast<ThreadPool *>(pool)->work();
    return nullptr;
}

void ThreadPool::work()
{
    std::unique_lock<std::mutex> lock(mutex_);

    for (;;) {
        wake_.wait(lock, [this] { return !jobs_.empty() || threads_ > limit_; });
        idle_--;
        if (jobs_.empty())
            break;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        waking_ = false;
        const bool wake = needs_wake();
        lock.unlock();
        if (wake)
            wake_.notify_one();
        job();
        job = nullptr;
        lock.lock();
        idle_++;
    }
    threads_--;
}

} // namespace vsmtp
