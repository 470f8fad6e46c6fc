/*
 * Bounded queues between what is logged in C and JavaScript. A plugin that floods the log loses
 * lines, never memory or time of others; a line tells how many were lost. What is still waiting
 * when the process ends goes to standard error.
 */
#include "logs.h"

#include <dlfcn.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <log.h>

#include "wakeup.h"

namespace vsmtp {

namespace {

constexpr std::size_t most_waiting = 10000;
/* Of the texts that wait together. */
constexpr std::size_t most_bytes = std::size_t{16} << 20;
/* Milliseconds that who reads standard error may hold up the end of the process. */
constexpr int patience = 1000;
/* The process ends after a line of this level, or above. */
constexpr int last_level = 60;
/* Of the process that has loaded this. */
const pid_t own_pid = getpid();

struct Line {
    std::string file;
    int32_t level = 0;
    std::string text;
    /* Of a line of the storage thread. */
    int32_t situation = 0;
};

/* Plugins run from copies in memory, which are named after their files: `/memfd:x.so (deleted)`. */
std::string original_of(const std::string &file)
{
    constexpr std::string_view descriptors = "/proc/self/fd/";
    constexpr std::string_view memory = "/memfd:";
    std::array<char, NAME_MAX + 32> target;

    if (file.compare(0, descriptors.size(), descriptors) != 0)
        return file;
    const ssize_t length = readlink(file.c_str(), target.data(), target.size());
    const std::string_view name(target.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    if (name.substr(0, memory.size()) != memory)
        return file;
    return std::string(name.substr(memory.size(), name.rfind(' ') - memory.size()));
}

/*
 * Node makes standard error non-blocking where it is a pipe or a socket, also for those that share it.
 * False: it takes no more.
 */
bool write_error(const Line &line)
{
    const std::string text = original_of(line.file) + ": " + line.text + "\n";
    std::string_view rest = text;
    pollfd room = {STDERR_FILENO, POLLOUT, 0};

    while (!rest.empty()) {
        const ssize_t written = write(STDERR_FILENO, rest.data(), rest.size());

        if (written >= 0)
            rest.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR && (errno != EAGAIN || poll(&room, 1, patience) <= 0))
            return false;
    }
    return true;
}

/** Never deleted: plugins' threads may log at any time. */
class Log {
  public:
    explicit Log(const char *name) : name_(name) {}

    /* Any thread. */
    void add(Line line)
    {
        const std::lock_guard<std::mutex> lock(mutex_);

        if (waiting_.size() == most_waiting || line.text.size() > most_bytes - bytes_) {
            lost_++;
            return;
        }
        bytes_ += line.text.size();
        if (lost_ > 0) {
            waiting_.push_back({line.file, VSMTP_LOG_WARN,
                                std::to_string(lost_) + " log lines were lost before this one",
                                line.situation});
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
                listener_.Call(
                    {Napi::String::New(env, line.file), Napi::Number::New(env, line.level),
                     Napi::String::New(env, line.text), Napi::Number::New(env, line.situation)});
            } catch (const Napi::Error &error) {
                napi_fatal_exception(env, error.Value());
            }
        }
    }

    /* What nobody will listen to any more; at the end of the process, on any thread. */
    void flush()
    {
        for (const Line &line : take()) {
            if (!write_error(line))
                return;
        }
    }

    /* After what waits, a line that no listener would live to get. */
    void write_last(const Line &line)
    {
        flush();
        (void)write_error(line);
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
        bytes_ = 0;
        return lines;
    }

    const char *const name_;
    std::mutex mutex_;
    std::deque<Line> waiting_;
    std::size_t bytes_ = 0;
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

    plugins_log().add({known ? found.dli_fname : "", level, text, 0});
}

/* A process that a plugin has forked off ends, too: the lines are not its own, and a lock may be held for ever. */
void flush_own_logs()
{
    if (getpid() == own_pid)
        flush_logs();
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

void log_of_storage(const char *file, int level, const char *text, int32_t situation)
{
    if (level >= last_level)
        storage_log().write_last({file, level, text, situation});
    else
        storage_log().add({file, level, text, situation});
}

void flush_logs()
{
    plugins_log().flush();
    storage_log().flush();
}

void deliver_storage_log(Napi::Env env)
{
    storage_log().deliver(env);
}

void add_log(Napi::Object face)
{
    /* process.exit runs no clean-up hooks */
    static const int at_exit = std::atexit(flush_own_logs);

    (void)at_exit;
    vsmtp_log_to(add_line);
    add_listener(face, "onLog", plugins_log());
    add_listener(face, "onStorageLog", storage_log());
}

} // namespace vsmtp
