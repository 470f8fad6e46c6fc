/*
 * The bytes of a mail that JavaScript hands over, in pieces.
 */
#pragma once

#include <napi.h>

#include <storage/storage.h>

#include <vector>

namespace vsmtp {

/**
 * They stay where JavaScript has them; it is kept from freeing them. Made and destroyed on its
 * thread.
 */
class Parts {
  public:
    Parts() = default;
    /** @throws Napi::TypeError: `value` is no array of Uint8Array. */
    Parts(Napi::Env env, const Napi::Value &value);
    Parts(const Parts &) = delete;
    Parts &operator=(const Parts &) = delete;

    vsmtp_storage_parts list() const
    {
        return {list_.data(), list_.size()};
    }

  private:
    std::vector<iovec> list_;
    Napi::ObjectReference kept_;
};

} // namespace vsmtp
