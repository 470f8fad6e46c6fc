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

Napi::Promise Tasks::start(ThreadPool &pool, std::unique_ptr<Task> task)
{
    const Napi::Promise promise = task->deferred().Promise();
    Task *running = task.get();

    if (!pool.run([this, running] {
            running->run();
            finish(running);
        })) {
        task->deferred().Reject(
            Napi::Error::New(promise.Env(), "no thread could be started for this call").Value());
        return promise;
    }
    (void)task.release();
    wakeup_.hold();
    return promise;
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

        wakeup_.release();
        try {
            task->deferred().Resolve(task->result(env));
        } catch (const Napi::Error &error) {
            task->deferred().Reject(error.Value());
        }
    }
}

} // namespace vsmtp
