/*
 * Handing a transaction over to a plugin function. The mail's bytes stay where JavaScript has them
 * and are kept from being freed; a mail's memory is not written to once it is there, so that a call
 * thread may read it.
 */
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include <transaction.h>

namespace vsmtp {

struct DestroyTransaction {
    void operator()(vsmtp_transaction *transaction) const
    {
        vsmtp_transaction_destroy(transaction);
    }
};

using OwnedTransaction = std::unique_ptr<vsmtp_transaction, DestroyTransaction>;

/** The transaction of one call on a call thread. Without read() there is none. */
class HandedTransaction {
  public:
    /** Takes what a request says of it; the facts are a part of `block`, which must stay. */
    void read(const Napi::Object &given, const std::vector<uint8_t> &block);

    /** What the function gets as its parameter. */
    int64_t address() const;

    /** On the call thread. False: the facts cannot be read, so the function may not be called. */
    bool begin();

    /** On the call thread, before the frame says whether the call has failed. */
    void end(std::vector<uint8_t> &changes);

  private:
    OwnedTransaction transaction_;
    const uint8_t *facts_ = nullptr;
    std::size_t size_ = 0;
    const uint8_t *data_ = nullptr;
    std::size_t data_size_ = 0;
    Napi::ObjectReference kept_;
};

/** Adds `transaction`, `beginTransaction`, `endTransaction` to the face: those of quick calls. */
void add_transaction(Napi::Object face);

} // namespace vsmtp
