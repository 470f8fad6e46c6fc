/*
 * A bounded queue between vsmtp_log and JavaScript. A plugin that floods the log loses lines, never
 * memory or time of others; a line tells how many were lost. What is still waiting when the process
 * ends goes to standard error.
 */
#include "logs.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include <log.h>

#include "wakeup.h"

namespace vsmtp {

namespace {

constexpr std::size_t most_waiting = 10000;

struct Line {
    std::string file;
    int32_t level = 0;
    std::string text;
};

/** One a process, never deleted: plugins' threads may log at any time. */
class Log {
  public:
    static Log &instance()
    {
        static auto *log = new Log();
        return *log;
    }

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
        auto *wakeup = new Wakeup(env, "vsmtp:log", [this](Napi::Env on) { deliver(on); });

        napi_add_env_cleanup_hook(
            env, [](void *ending) { instance().leave(static_cast<Wakeup *>(ending)); }, wakeup);
        listener_ = Napi::Persistent(listener);
        const std::lock_guard<std::mutex> lock(mutex_);
        wakeup_ = wakeup;
        wakeup_->raise();
    }

    /* What nobody will listen to any more; at the end of the process, on any thread. */
    void flush()
    {
        for (const Line &line : take())
            (void)std::fprintf(stderr, "%s: %s\n", line.file.c_str(), line.text.c_str());
    }

  private:
    Log()
    {
        /* process.exit runs no clean-up hooks */
        (void)std::atexit([] { instance().flush(); });
    }

    /* An environment ends; others may have taken over from it. */
    void leave(const Wakeup *ending)
    {
        {
            const std::lock_guard<std::mutex> lock(mutex_);

            if (wakeup_ != ending)
                return;
            wakeup_ = nullptr;
        }
        flush();
    }

    std::deque<Line> take()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        std::deque<Line> lines;

        lines.swap(waiting_);
        return lines;
    }

    void deliver(Napi::Env env)
    {
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

    std::mutex mutex_;
    std::deque<Line> waiting_;
    std::size_t lost_ = 0;
    Wakeup *wakeup_ = nullptr;
    Napi::FunctionReference listener_;
};

/* On the thread that logs, amid the plugin's function. */
void add_line(const void *where, int32_t level, const char *text)
{
    Dl_info found;
    const bool known = dladdr(where, &found) != 0 && found.dli_fname != nullptr;

    Log::instance().add({known ? found.dli_fname : "", level, text});
}

} // namespace

void add_log(Napi::Object face)
{
    vsmtp_log_to(add_line);
    face.Set("onLog", Napi::Function::New(
                          face.Env(),
                          [](const Napi::CallbackInfo &info) {
                              if (!info[0].IsFunction())
                                  throw Napi::TypeError::New(info.Env(), "onLog: no function");
                              Log::instance().listen(info[0].As<Napi::Function>());
                          },
                          "onLog"));
}

} // namespace vsmtp
