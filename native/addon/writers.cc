/*
 * Each writer is a task: arguments are read and checked on the JavaScript thread, the storage
 * library does the work on a writer thread, and a failure becomes an Error of the shape that Node's
 * own file functions reject with.
 */
#include "writers.h"

#include <string>
#include <utility>
#include <vector>

#include <storage/storage.h>

/* Of libuv, which Node carries: names and texts of errno as in Node's own errors. */
extern "C" const char *uv_err_name(int error);
extern "C" const char *uv_strerror(int error);

namespace vsmtp {

namespace {

/* A path or a name: text without NUL, which C would take for its end. */
std::string text_argument(const Napi::CallbackInfo &info, std::size_t index)
{
    std::string text;

    if (info[index].IsString())
        text = info[index].As<Napi::String>();
    if (text.empty() || text.find('\0') != std::string::npos)
        throw Napi::TypeError::New(info.Env(), "argument " + std::to_string(index + 1) +
                                                   " must be a string, not empty, without NUL");
    return text;
}

Napi::Error error_of(Napi::Env env, const vsmtp_storage_failure &failure)
{
    const int number = -failure.error;
    const std::string name = uv_err_name(number);
    const Napi::Error error =
        Napi::Error::New(env, name + ": " + uv_strerror(number) + ", " + failure.syscall + " '" +
                                  failure.path + "'");

    error.Set("errno", Napi::Number::New(env, number));
    error.Set("code", name);
    error.Set("syscall", failure.syscall);
    error.Set("path", failure.path);
    return error;
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

/** The bytes of a mail, which stay where JavaScript has them; it is kept from freeing them. */
class Parts {
  public:
    Parts(Napi::Env env, const Napi::Value &value)
    {
        if (!value.IsArray())
            throw Napi::TypeError::New(env, "parts must be an array of Uint8Array");
        const auto given = value.As<Napi::Array>();
        const auto kept = Napi::Array::New(env, given.Length());

        for (uint32_t i = 0; i < given.Length(); i++) {
            const Napi::Value part = given[i];
            if (!part.IsTypedArray() ||
                part.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
                throw Napi::TypeError::New(env, "parts must be an array of Uint8Array");
            auto bytes = part.As<Napi::Uint8Array>();
            list_.push_back({bytes.Data(), bytes.ByteLength()});
            kept[i] = bytes;
        }
        kept_ = Napi::Persistent(kept.As<Napi::Object>());
    }

    vsmtp_storage_parts list() const
    {
        return {list_.data(), list_.size()};
    }

  private:
    std::vector<iovec> list_;
    Napi::ObjectReference kept_;
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

class DeliverMaildir final : public Writer {
  public:
    explicit DeliverMaildir(const Napi::CallbackInfo &info)
        : Writer(info.Env()), maildir_(text_argument(info, 0)), name_(text_argument(info, 1)),
          parts_(info.Env(), info[2]), again_(info[3].ToBoolean())
    {
    }

  protected:
    bool work(vsmtp_storage_failure *failure) override
    {
        return vsmtp_storage_deliver_maildir(maildir_.c_str(), name_.c_str(), parts_.list(), again_,
                                             file_, failure);
    }

    Napi::Value value(Napi::Env env) override
    {
        return Napi::String::New(env, file_);
    }

  private:
    const std::string maildir_;
    const std::string name_;
    const Parts parts_;
    const bool again_;
    char file_[PATH_MAX] = {};
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

template <typename Kind> void add(Napi::Object face, Tasks &tasks, const char *name)
{
    face.Set(name, Napi::Function::New(
                       face.Env(),
                       [&tasks](const Napi::CallbackInfo &info) -> Napi::Value {
                           return tasks.start(writer_threads(), std::make_unique<Kind>(info));
                       },
                       name));
}

} // namespace

void add_writers(Napi::Object face, Tasks &tasks)
{
    add<WriteSpool>(face, tasks, "writeSpool");
    add<DeliverMaildir>(face, tasks, "deliverMaildir");
    add<RemoveFile>(face, tasks, "removeFile");
}

} // namespace vsmtp
