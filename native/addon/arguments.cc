/*
 * Whoever calls with a wrong type has a bug, which is told with a TypeError that names the
 * argument; what the system refuses is told with errno's own words.
 */
#include "arguments.h"

#include <cmath>

/* Of libuv, which Node carries: names and texts of errno as in Node's own errors. */
extern "C" const char *uv_err_name(int error);
extern "C" const char *uv_strerror(int error);

namespace vsmtp {

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

int32_t integer_argument(const Napi::CallbackInfo &info, std::size_t index, int32_t least)
{
    return integer_of(info[index], "argument " + std::to_string(index + 1), least);
}

int32_t integer_of(const Napi::Value &value, const std::string &name, int32_t least)
{
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;

    if (!(number >= least && number <= INT32_MAX) || number != std::floor(number))
        throw Napi::TypeError::New(value.Env(),
                                   name + " must be a whole number from " + std::to_string(least));
    return static_cast<int32_t>(number);
}

Napi::Error system_error(Napi::Env env, int number, const std::string &syscall,
                         const std::string &path)
{
    const std::string name = uv_err_name(-number);
    const std::string place = path.empty() ? "" : " '" + path + "'";
    const Napi::Error error =
        Napi::Error::New(env, name + ": " + uv_strerror(-number) + ", " + syscall + place);

    error.Set("errno", Napi::Number::New(env, -number));
    error.Set("code", name);
    error.Set("syscall", syscall);
    if (!path.empty())
        error.Set("path", path);
    return error;
}

} // namespace vsmtp
