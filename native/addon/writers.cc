/*
 * Each writer is a task: arguments are read and checked on the JavaScript thread, the storage
 * library does the work on a writer thread, and a failure becomes an Error of the shape that Node's
 * own file functions reject with.
 */
#include "writers.h"

#include <string>
#include <utility>

#include <storage/storage.h>

#include "arguments.h"
#include "parts.h"

namespace vsmtp {

namespace {

Napi::Error error_of(Napi::Env env, const vsmtp_storage_failure &failure)
{
    return system_error(env, failure.error, failure.syscall, failure.path);
}

/** Work of the storage library that fails with a vsmtp_storage_failure. */
class Writer : public Task {
  public:
    using Task::Task;

    void run() noexcept final
    {
        done_ = work(&failure_);
    }

    Napi::Value result(Napi::Env env) final
    {
        if (!done_)
            throw error_of(env, failure_);
        return value(env);
    }

  protected:
    virtual bool work(vsmtp_storage_failure *failure) = 0;
    virtual Napi::Value value(Napi::Env env)
    {
        return env.Undefined();
    }

  private:
    bool done_ = false;
    vsmtp_storage_failure failure_ = {};
};

class WriteSpool final : public Writer {
  public:
    explicit WriteSpool(const Napi::CallbackInfo &info)
        : Writer(info.Env()), directory_(text_argument(info, 0)), name_(text_argument(info, 1)),
          parts_(info.Env(), info[2])
    {
    }

  protected:
    bool work(vsmtp_storage_failure *failure) override
    {
        return vsmtp_storage_write_spool(directory_.c_str(), name_.c_str(), parts_.list(), failure);
    }

  private:
    const std::string directory_;
    const std::string name_;
    const Parts parts_;
};

class RemoveFile final : public Writer {
  public:
    explicit RemoveFile(const Napi::CallbackInfo &info)
        : Writer(info.Env()), path_(text_argument(info, 0))
    {
    }

  protected:
    bool work(vsmtp_storage_failure *failure) override
    {
        return vsmtp_storage_remove(path_.c_str(), failure);
    }

  private:
    const std::string path_;
};

class LockFile final : public Writer {
  public:
    explicit LockFile(const Napi::CallbackInfo &info) : Writer(info.Env())
    {
        if (!info[0].IsNumber())
            throw Napi::TypeError::New(info.Env(), "lockFile: no descriptor");
        fd_ = info[0].As<Napi::Number>().Int32Value();
    }

  protected:
    bool work(vsmtp_storage_failure *failure) override
    {
        return vsmtp_storage_lock(fd_, &locked_, failure);
    }

    Napi::Value value(Napi::Env env) override
    {
        return Napi::Boolean::New(env, locked_);
    }

  private:
    int fd_ = -1;
    bool locked_ = false;
};

template <typename Kind> void add(Napi::Object face, Tasks &tasks, const char *name)
{
    face.Set(name, Napi::Function::New(
                       face.Env(),
                       [&tasks](const Napi::CallbackInfo &info) -> Napi::Value {
                           auto task = std::make_unique<Kind>(info);
                           const Napi::Promise promise = task->promise();
                           tasks.start(writer_threads(), std::move(task));
                           return promise;
                       },
                       name));
}

} // namespace

void add_writers(Napi::Object face, Tasks &tasks)
{
    add<WriteSpool>(face, tasks, "writeSpool");
    add<RemoveFile>(face, tasks, "removeFile");
    add<LockFile>(face, tasks, "lockFile");
}

} // namespace vsmtp
