/*
 * Between the storage thread and JavaScript stands one queue of messages: replies, events and
 * questions come out of it in the order in which the thread gave them, so that what an operation
 * caused is told before it is done; and what was logged meanwhile before that.
 *
 * A request is owned by JavaScript's thread; the storage thread borrows it until it replies. While
 * one is under way the process stays alive. There is one storage thread a process: the environment
 * that started it last gets its messages.
 */
#include "storage.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <crash/crash.h>
#include <marker.h>
#include <storage/host/host.h>

#include "logs.h"
#include "parts.h"
#include "wakeup.h"

namespace vsmtp {

namespace {

using Bytes = std::vector<uint8_t>;

Bytes bytes_of(const uint8_t *bytes, std::size_t size)
{
    return size == 0 ? Bytes() : Bytes(bytes, bytes + size);
}

Napi::Uint8Array array_of(Napi::Env env, const Bytes &bytes)
{
    auto copy = Napi::Uint8Array::New(env, bytes.size());

    if (!bytes.empty())
        std::memcpy(copy.Data(), bytes.data(), bytes.size());
    return copy;
}

/** What the storage thread is asked, as it sees it, and who waits for the reply. */
struct Request : vsmtp_storage_request {
    Request(Napi::Env env, const Napi::Uint8Array &asked, const Napi::Value &content,
            int32_t for_whom)
        : vsmtp_storage_request{}, deferred(Napi::Promise::Deferred::New(env)),
          own_bytes(bytes_of(asked.Data(), asked.ByteLength())),
          pieces(content.IsArray() ? Parts(env, content) : Parts())
    {
        bytes = own_bytes.data();
        size = own_bytes.size();
        fd = content.IsNumber() ? content.As<Napi::Number>().Int32Value() : -1;
        parts = pieces.list();
        situation = for_whom;
    }
    Request(const Request &) = delete;
    Request &operator=(const Request &) = delete;

    const Napi::Promise::Deferred deferred;
    const Bytes own_bytes;
    const Parts pieces;
};

struct Message {
    enum class Kind { reply, event, question };

    Kind kind;
    Bytes bytes;
    Request *request = nullptr; /**< of a reply */
    bool done = false;          /**< of a reply: it is a result */
    uint64_t number = 0;        /**< of a question */
    int32_t situation = 0;      /**< of a question: that of the request it belongs to */
};

/** One a process, never deleted: the storage thread does not end. */
class Messages {
  public:
    static Messages &instance()
    {
        static auto *messages = new Messages();
        return *messages;
    }

    /* Storage thread. */
    void add(Message message)
    {
        const std::lock_guard<std::mutex> lock(mutex_);

        waiting_.push_back(std::move(message));
        if (wakeup_ != nullptr)
            wakeup_->raise();
    }

    /* JavaScript thread, as all that follows. */
    void listen(const Napi::Function &on_event, const Napi::Function &on_question)
    {
        const Napi::Env env = on_event.Env();
        auto *wakeup = new Wakeup(env, "vsmtp:storage", [this](Napi::Env on) { deliver(on); });

        napi_add_env_cleanup_hook(
            env, [](void *ending) { instance().leave(static_cast<Wakeup *>(ending)); }, wakeup);
        on_event_ = Napi::Persistent(on_event);
        on_question_ = Napi::Persistent(on_question);
        const std::lock_guard<std::mutex> lock(mutex_);
        wakeup_ = wakeup;
    }

    bool listening() const
    {
        return wakeup_ != nullptr;
    }

    Napi::Promise submit(std::unique_ptr<Request> request)
    {
        const Napi::Promise promise = request->deferred.Promise();

        wakeup_->hold();
        vsmtp_storage_submit(request.release());
        return promise;
    }

  private:
    /* An environment ends; others may have taken over from it. */
    void leave(const Wakeup *ending)
    {
        const std::lock_guard<std::mutex> lock(mutex_);

        if (wakeup_ == ending)
            wakeup_ = nullptr;
    }

    void deliver(Napi::Env env)
    {
        std::vector<Message> messages;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            messages.swap(waiting_);
        }
        deliver_storage_log(env);
        for (const Message &message : messages) {
            const Napi::HandleScope scope(env);

            try {
                hand_on(env, message);
            } catch (const Napi::Error &error) {
                napi_fatal_exception(env, error.Value());
            }
        }
    }

    void hand_on(Napi::Env env, const Message &message)
    {
        switch (message.kind) {
        case Message::Kind::reply:
            return settle(env, message);
        case Message::Kind::event:
            on_event_.Call({array_of(env, message.bytes)});
            return;
        case Message::Kind::question:
            on_question_.Call({Napi::BigInt::New(env, message.number), array_of(env, message.bytes),
                               Napi::Number::New(env, message.situation)});
        }
    }

    void settle(Napi::Env env, const Message &message)
    {
        const std::unique_ptr<Request> request(message.request);
        const auto reply = Napi::Object::New(env);

        wakeup_->release();
        reply.Set("done", message.done);
        reply.Set("bytes", array_of(env, message.bytes));
        request->deferred.Resolve(reply);
    }

    std::mutex mutex_;
    std::vector<Message> waiting_;
    Wakeup *wakeup_ = nullptr;
    Napi::FunctionReference on_event_;
    Napi::FunctionReference on_question_;
};

/* That of the request under way; other threads have none. */
thread_local int32_t current_situation = 0;

/* ---- What the storage thread calls ----------------------------------------------------------- */

void reply(vsmtp_storage_request *request, bool done, const uint8_t *bytes, std::size_t size)
{
    Message message{Message::Kind::reply, bytes_of(bytes, size)};

    message.request = static_cast<Request *>(request);
    message.done = done;
    Messages::instance().add(std::move(message));
}

void tell_event(const uint8_t *bytes, std::size_t size)
{
    Messages::instance().add({Message::Kind::event, bytes_of(bytes, size)});
}

void ask(uint64_t number, const uint8_t *bytes, std::size_t size)
{
    Message message{Message::Kind::question, bytes_of(bytes, size)};

    message.number = number;
    message.situation = current_situation;
    Messages::instance().add(std::move(message));
}

void log_line(const char *file, int level, const char *text)
{
    log_of_storage(file, level, text, current_situation);
}

void started()
{
    vsmtp_marker_claim_slot(VSMTP_MARKER_STORAGE);
    (void)vsmtp_crash_cover_thread();
}

/* No function of a plugin is known to run: the situation says which operation does. */
void begin(const vsmtp_storage_request *request)
{
    current_situation = request->situation;
    vsmtp_marker_begin(0, request->situation);
}

void end()
{
    current_situation = 0;
    vsmtp_marker_end();
}

constexpr vsmtp_storage_host host = {reply, tell_event, ask, log_line, started, begin, end};

/* ---- What JavaScript calls ------------------------------------------------------------------- */

void start_storage(const Napi::CallbackInfo &info)
{
    if (!info[0].IsFunction() || !info[1].IsFunction())
        throw Napi::TypeError::New(info.Env(), "startStorage: no functions");
    if (!vsmtp_storage_start(&host))
        throw Napi::Error::New(info.Env(), std::string("the storage thread cannot be started: ") +
                                               std::strerror(errno));
    Messages::instance().listen(info[0].As<Napi::Function>(), info[1].As<Napi::Function>());
}

Napi::Value storage_request(const Napi::CallbackInfo &info)
{
    if (!Messages::instance().listening())
        throw Napi::Error::New(info.Env(), "storageRequest: the storage was not started");
    if (!info[0].IsTypedArray() ||
        info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw Napi::TypeError::New(info.Env(), "storageRequest: the request must be a Uint8Array");
    if (!info[1].IsUndefined() && !info[1].IsNumber() && !info[1].IsArray())
        throw Napi::TypeError::New(info.Env(), "storageRequest: a mail is a file or its parts");
    const int32_t situation =
        info[2].IsNumber() ? info[2].As<Napi::Number>().Int32Value() : int32_t{0};

    return Messages::instance().submit(
        std::make_unique<Request>(info.Env(), info[0].As<Napi::Uint8Array>(), info[1], situation));
}

void storage_answer(const Napi::CallbackInfo &info)
{
    bool lossless = false;

    if (!info[0].IsBigInt() || !info[1].IsString())
        throw Napi::TypeError::New(info.Env(), "storageAnswer: no question or no verdict");
    const uint64_t number = info[0].As<Napi::BigInt>().Uint64Value(&lossless);
    const std::string verdict = info[1].As<Napi::String>();
    const std::string text = info[2].IsString() ? info[2].As<Napi::String>() : std::string();
    const auto decided = verdict == "allow"    ? VSMTP_STORAGE_ALLOW
                         : verdict == "refuse" ? VSMTP_STORAGE_REFUSE
                                               : VSMTP_STORAGE_TEMPFAIL;

    vsmtp_storage_answer(number, decided, text.empty() ? nullptr : text.c_str());
}

} // namespace

void add_storage(Napi::Object face)
{
    const Napi::Env env = face.Env();

    face.Set("startStorage", Napi::Function::New(env, start_storage, "startStorage"));
    face.Set("storageRequest", Napi::Function::New(env, storage_request, "storageRequest"));
    face.Set("storageAnswer", Napi::Function::New(env, storage_answer, "storageAnswer"));
}

} // namespace vsmtp
