/*
 * The pool itself. A thread counts as idle from the moment it waits until a job is taken for it, so
 * two jobs that arrive together start two threads.
 */
#include "threads.h"

#include <pthread.h>

#include <algorithm>

namespace vsmtp {

bool ThreadPool::run(Job *job)
{
    bool wake = false;

    {
        const std::lock_guard<std::mutex> lock(mutex_);

        if (jobs_.size() >= idle_ && threads_ < limit_ && !start_thread() && threads_ == 0)
            return false;
        jobs_.push_back(job);
        wake = needs_wake();
    }
    if (wake)
        wake_.notify_one();
    return true;
}

Abandoned ThreadPool::abandon(Job *job)
{
    const std::lock_guard<std::mutex> lock(mutex_);

    /* Those that are given up have mostly waited longest, so they stand at the front. */
    const auto place = std::find(jobs_.begin(), jobs_.end(), job);
    if (place != jobs_.end()) {
        jobs_.erase(place);
        /* Whoever was woken for it finds nothing, and goes on waiting. */
        if (jobs_.empty())
            waking_ = false;
        return Abandoned::waiting;
    }
    if (running_.erase(job) == 0)
        return Abandoned::over;
    threads_--;
    start_missing();
    return Abandoned::running;
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
    start_missing();
    wake_.notify_all();
}

/* Called with the mutex held. */
void ThreadPool::start_missing()
{
    while (threads_ < limit_ && jobs_.size() > idle_ && start_thread()) {
    }
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
        Job *job = jobs_.front();
        jobs_.pop_front();
        waking_ = false;
        if (!carry_out(job, lock))
            return;
    }
    threads_--;
}

/* With the mutex held before and after. False: the thread was lost meanwhile, and ends. */
bool ThreadPool::carry_out(Job *job, std::unique_lock<std::mutex> &lock)
{
    running_.insert(job);
    const bool wake = needs_wake();
    lock.unlock();
    if (wake)
        wake_.notify_one();
    job->run();

    lock.lock();
    const bool counts = running_.erase(job) != 0;
    if (counts)
        idle_++;
    lock.unlock();
    job->finished();
    lock.lock();
    return counts;
}

} // namespace vsmtp
