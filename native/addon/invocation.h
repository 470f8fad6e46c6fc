/*
 * One call of a C function: what goes in, the call, what comes out.
 */
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "transactions.h"

namespace vsmtp {

/**
 * Made of a CallRequest (src/native/index.ts), of which it keeps nothing but the bytes of the mail.
 * Made and destroyed on the JavaScript thread, run once, on any.
 */
class Invocation {
  public:
    static constexpr std::size_t int_slots = 6;
    static constexpr std::size_t double_slots = 8;
    enum class Result { none, integer, real, text, given_text };

    /** @throws Napi::Error when the request makes no sense */
    Invocation(Napi::Env env, const Napi::Object &request);
    Invocation(const Invocation &) = delete;
    Invocation &operator=(const Invocation &) = delete;

    /** Uses the call frame of the thread that it runs on, and its slot in the marker. */
    void run() noexcept;

    /** On the JavaScript thread, after run: a CallResult. */
    Napi::Value result(Napi::Env env) const;

  private:
    void copy_block(const Napi::Object &request);
    void hand_over(const Napi::Object &given);
    void mark(const Napi::Object &marked);
    uint64_t address(Napi::Env env, uint64_t offset) const;
    void relocate(Napi::Env env, uint64_t at);
    void call() noexcept;
    void take_text();
    void take_frame();
    Napi::Value value(Napi::Env env) const;

    uintptr_t function_ = 0;
    Result kind_ = Result::none;
    int32_t out_slot_ = -1;
    int64_t ints_[int_slots] = {};
    double doubles_[double_slots] = {};
    std::vector<uint8_t> block_;
    HandedTransaction transaction_;
    int32_t marked_function_ = 0;
    int32_t marked_situation_ = 0;

    int64_t integer_ = 0;
    double real_ = 0;
    std::string text_;
    bool failed_ = false;
    std::string failure_;
    std::vector<uint8_t> out_;
    std::vector<uint8_t> changes_;
};

} // namespace vsmtp
