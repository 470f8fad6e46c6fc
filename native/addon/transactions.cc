/*
 * The facts of a transaction are encoded by TypeScript and read by the core library; here they are
 * only brought together with the mail's bytes, and the changes are brought back.
 */
#include "transactions.h"

#include <cstring>

namespace vsmtp {

namespace {

struct Bytes {
    const uint8_t *at;
    std::size_t size;
};

/* Where the bytes of a mail are; NULL for undefined. An empty mail has an address too. */
Bytes mail_of(const Napi::Value &value)
{
    static const uint8_t nothing = 0;

    if (value.IsUndefined())
        return {nullptr, 0};
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw Napi::TypeError::New(value.Env(), "the bytes of a mail must be a Uint8Array");
    auto bytes = value.As<Napi::Uint8Array>();
    if (bytes.ByteLength() == 0)
        return {&nothing, 0};
    return {bytes.Data(), bytes.ByteLength()};
}

OwnedTransaction create(Napi::Env env)
{
    OwnedTransaction transaction(vsmtp_transaction_create());

    if (transaction == nullptr)
        throw Napi::Error::New(env, "memory is used up");
    return transaction;
}

/* The transaction of the quick calls of one JavaScript thread, which never run inside each other. */
class QuickTransaction {
  public:
    explicit QuickTransaction(Napi::Env env) : transaction_(create(env)) {}

    vsmtp_transaction *get() const
    {
        return transaction_.get();
    }

    Napi::Value begin(const Napi::CallbackInfo &info)
    {
        const auto facts = info[0].As<Napi::Uint8Array>();
        const auto [at, size] = mail_of(info[1]);

        return Napi::Boolean::New(
            info.Env(), vsmtp_transaction_begin(get(), facts.Data(), facts.ByteLength(), at, size));
    }

    Napi::Value end(const Napi::CallbackInfo &info)
    {
        std::size_t size = 0;
        const uint8_t *changes = vsmtp_transaction_end(get(), &size);

        if (changes == nullptr)
            return info.Env().Undefined();
        auto copy = Napi::Uint8Array::New(info.Env(), size);
        std::memcpy(copy.Data(), changes, size);
        return copy;
    }

  private:
    const OwnedTransaction transaction_;
};

} // namespace

void HandedTransaction::read(const Napi::Object &given, const std::vector<uint8_t> &block)
{
    const uint32_t begin = given.Get("begin").ToNumber();
    const uint32_t end = given.Get("end").ToNumber();
    const Napi::Value data = given.Get("data");

    if (begin > end || end > block.size())
        throw Napi::RangeError::New(given.Env(), "call: the transaction lies outside of block");
    facts_ = block.data() + begin;
    size_ = end - begin;
    const Bytes mail = mail_of(data);
    data_ = mail.at;
    data_size_ = mail.size;
    if (mail.at != nullptr)
        kept_ = Napi::Persistent(data.As<Napi::Object>());
    transaction_ = create(given.Env());
}

int64_t HandedTransaction::address() const
{
    return static_cast<int64_t>(reinterpret_cast<uintptr_t>(transaction_.get()));
}

bool HandedTransaction::begin()
{
    return transaction_ == nullptr ||
           vsmtp_transaction_begin(transaction_.get(), facts_, size_, data_, data_size_);
}

void HandedTransaction::end(std::vector<uint8_t> &changes)
{
    if (transaction_ == nullptr)
        return;
    std::size_t size = 0;
    const uint8_t *bytes = vsmtp_transaction_end(transaction_.get(), &size);

    if (bytes != nullptr)
        changes.assign(bytes, bytes + size);
}

void add_transaction(Napi::Object face)
{
    const Napi::Env env = face.Env();
    /* never deleted: C may hold its address for as long as the process lives */
    auto *quick = new QuickTransaction(env);

    face.Set("transaction", Napi::BigInt::New(env, static_cast<uint64_t>(
                                                       reinterpret_cast<uintptr_t>(quick->get()))));
    face.Set("beginTransaction",
             Napi::Function::New(
                 env, [quick](const Napi::CallbackInfo &info) { return quick->begin(info); },
                 "beginTransaction"));
    face.Set("endTransaction",
             Napi::Function::New(
                 env, [quick](const Napi::CallbackInfo &info) { return quick->end(info); },
                 "endTransaction"));
}

} // namespace vsmtp
