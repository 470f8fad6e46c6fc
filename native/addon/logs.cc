/*
 * Bounded queues between what is logged in C and JavaScript. A plugin that floods the log loses
 * lines, never memory or time of others; a line tells how many were lost. What is still waiting
 * when the process ends goes to standard error.
 */
#include "logs.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <log.h>

#include "wakeup.h"

namespace vsmtp {

namespace {

constexpr std::size_t most_waiting = 10000;
/* The process ends after a line of this level, or above. */
constexpr int last_level = 60;

struct Line {
    std::string file;
    int32_t level = 0;
    std::string text;
};

/** Never deleted: plugins' threads may log at any time. */
class Log {
  public:
    explicit Log(const char *name) : name_(name) {}

    /* Any thread. */
    void add(Line line)
    {
        const std::lock_guard<std::mutex> lock(mutex_);

        if (waiting_.size() == most_waiting) {
            lost_++;
            return;
        }
        if (lost_ > 0) {
            waiting_.push_back({line.file, VSMTP_LOG_WARN,
                                std::to_string(lost_) + " log lines were lost before this one"});
            lost_ = 0;
        }
        waiting_.push_back(std::move(line));
        if (wakeup_ != nullptr)
            wakeup_->raise();
    }

    /* JavaScript thread. */
    void listen(const Napi::Function &listener)
    {
        const Napi::Env env = listener.Env();
        auto *stay = new Stay{this, new Wakeup(env, name_, [this](Napi::Env on) { deliver(on); })};

        napi_add_env_cleanup_hook(env, leave, stay);
        listener_ = Napi::Persistent(listener);
        const std::lock_guard<std::mutex> lock(mutex_);
        wakeup_ = stay->wakeup;
        wakeup_->raise();
    }

    void deliver(Napi::Env env)
    {
        if (listener_.IsEmpty())
            return;
        for (const Line &line : take()) {
            const Napi::HandleScope scope(env);

            try {
                listener_.Call({Napi::String::New(env, line.file),
                                Napi::Number::New(env, line.level),
                                Napi::String::New(env, line.text)});
            } catch (const Napi::Error &error) {
                napi_fatal_exception(env, error.Value());
            }
        }
    }

    /* What nobody will listen to any more; at the end of the process, on any thread. */
    void flush()
    {
        for (const Line &line : take())
            (void)std::fprintf(stderr, "%s: %s\n", line.file.c_str(), line.text.c_str());
    }

  private:
    /* An environment that listens. */
    struct Stay {
        Log *log;
        Wakeup *wakeup;
    };

    /* It ends; others may have taken over from it. */
    static void leave(void *ending)
    {
        const std::unique_ptr<Stay> stay(static_cast<Stay *>(ending));
        {
            const std::lock_guard<std::mutex> lock(stay->log->mutex_);

            if (stay->log->wakeup_ != stay->wakeup)
                return;
            stay->log->wakeup_ = nullptr;
        }
        stay->log->flush();
    }

    std::deque<Line> take()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        std::deque<Line> lines;

        lines.swap(waiting_);
        return lines;
    }

    const char *const name_;
    std::mutex mutex_;
    std::deque<Line> waiting_;
    std::size_t lost_ = 0;
    Wakeup *wakeup_ = nullptr;
    Napi::FunctionReference listener_;
};

Log &plugins_log()
{
    static auto *log = new Log("vsmtp:log");
    return *log;
}

Log &storage_log()
{
    static auto *log = new Log("vsmtp:storage-log");
    return *log;
}

/* On the thread that logs, amid the plugin's function. */
void add_line(const void *where, int32_t level, const char *text)
{
    Dl_info found;
    const bool known = dladdr(where, &found) != 0 && found.dli_fname != nullptr;

    plugins_log().add({known ? found.dli_fname : "", level, text});
}

void add_listener(Napi::Object face, const char *name, Log &log)
{
    face.Set(name, Napi::Function::New(
                       face.Env(),
                       [name, &log](const Napi::CallbackInfo &info) {
                           if (!info[0].IsFunction())
                               throw Napi::TypeError::New(info.Env(),
                                                          std::string(name) + ": no function");
                           log.listen(info[0].As<Napi::Function>());
                       },
                       name));
}

} // namespace

void log_of_storage(const char *file, int level, const char *text)
{
    storage_log().add({file, level, text});
    if (level >= last_level)
        storage_log().flush();
}

void deliver_storage_log(Napi::Env env)
{
    storage_log().deliver(env);
}

void add_log(Napi::Object face)
{
    /* process.exit runs no clean-up hooks */
    static const int at_exit = std::atexit([] {
        plugins_log().flush();
        storage_log().flush();
    });

    (void)at_exit;
    vsmtp_log_to(add_line);
    add_listener(face, "onLog", plugins_log());
    add_listener(face, "onStorageLog", storage_log());
}

} // namespace vsmtp
