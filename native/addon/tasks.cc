/*
 * From promise to thread and back. The order of settling is the order of finishing.
 */
#include "tasks.h"

#include <utility>

namespace vsmtp {

namespace {

constexpr std::size_t stack_size = std::size_t{1} << 20;
constexpr std::size_t default_calls = 16;
constexpr std::size_t default_writers = 4;

} // namespace

ThreadPool &call_threads()
{
    static auto *pool = new ThreadPool(default_calls, stack_size);
    return *pool;
}

ThreadPool &writer_threads()
{
    static auto *pool = new ThreadPool(default_writers, stack_size);
    return *pool;
}

Tasks::Tasks(Napi::Env env) : wakeup_(env, "vsmtp:tasks", [this](Napi::Env on) { settle(on); }) {}

uint64_t Tasks::start(ThreadPool &pool, std::unique_ptr<Task> task)
{
    Task *const running = task.get();

    running->tasks_ = this;
    running->number_ = ++last_number_;
    if (!pool.run(running)) {
        const Napi::Error error =
            Napi::Error::New(running->deferred_.Env(), "no thread could be started for this call");
        running->deferred_.Reject(error.Value());
        return 0;
    }
    (void)task.release();
    pending_.emplace(last_number_, running);
    wakeup_.hold();
    return last_number_;
}

Abandoned Tasks::abandon(ThreadPool &pool, uint64_t number)
{
    const auto place = pending_.find(number);

    if (place == pending_.end())
        return Abandoned::over;
    Task *const task = place->second;
    const Abandoned what = pool.abandon(task);
    if (what == Abandoned::over)
        return what;
    pending_.erase(place);
    wakeup_.release();
    if (what == Abandoned::waiting)
        delete task;
    return what;
}

void Task::finished() noexcept
{
    tasks_->finish(this);
}

void Tasks::finish(Task *task)
{
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        finished_.push_back(task);
    }
    wakeup_.raise();
}

void Tasks::settle(Napi::Env env)
{
    std::vector<Task *> finished;

    {
        const std::lock_guard<std::mutex> lock(mutex_);
        finished.swap(finished_);
    }
    for (Task *finished_task : finished) {
        const Napi::HandleScope scope(env);
        const std::unique_ptr<Task> task(finished_task);

        /* Nobody waits for one that was given up. */
        if (pending_.erase(task->number_) == 0)
            continue;
        wakeup_.release();
        try {
            task->deferred_.Resolve(task->result(env));
        } catch (const Napi::Error &error) {
            task->deferred_.Reject(error.Value());
        }
    }
}

} // namespace vsmtp
