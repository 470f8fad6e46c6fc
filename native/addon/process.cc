/*
 * Small things that Linux offers and Node does not: each is one system call, its arguments checked
 * and its failure told.
 */
#include "process.h"

#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "arguments.h"

namespace vsmtp {

namespace {

/*
 * The kernel sends it when the thread that started this process ends, in Node the main one. It
 * forgets the wish when the process changes its user; and the parent may have ended before.
 */
Napi::Value die_with_parent(const Napi::CallbackInfo &info)
{
    const int32_t parent = integer_argument(info, 0, 1);

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        throw system_error(info.Env(), errno, "prctl", "");
    return Napi::Boolean::New(info.Env(), getppid() == parent);
}

/* ---- Limits ---------------------------------------------------------------------------------- */

/* Seconds that a process has after the signal which tells it that its processor time is over. */
constexpr rlim_t time_to_end = 5;

using Resource = decltype(RLIMIT_DATA);

/* Never more than it has been allowed so far. */
void limit(Napi::Env env, Resource resource, rlim_t wanted, rlim_t beyond)
{
    rlimit now = {};

    if (getrlimit(resource, &now) < 0)
        throw system_error(env, errno, "getrlimit", "");
    const rlimit then = {std::min(wanted, now.rlim_max), std::min(wanted + beyond, now.rlim_max)};
    if (setrlimit(resource, &then) < 0)
        throw system_error(env, errno, "setrlimit", "");
}

void limit_resources(const Napi::CallbackInfo &info)
{
    struct {
        const char *name;
        Resource resource;
        rlim_t beyond;
    } const kinds[] = {
        {"memory", RLIMIT_DATA, 0},
        {"files", RLIMIT_NOFILE, 0},
        {"processes", RLIMIT_NPROC, 0},
        {"cpu", RLIMIT_CPU, time_to_end},
    };

    if (!info[0].IsObject())
        throw Napi::TypeError::New(info.Env(), "limitResources: no limits");
    for (const auto &kind : kinds) {
        const Napi::Value value = info[0].As<Napi::Object>().Get(kind.name);

        if (value.IsUndefined())
            continue;
        if (!value.IsNumber() || !(value.As<Napi::Number>().Int64Value() >= 1))
            throw Napi::TypeError::New(info.Env(), std::string("limitResources: bad ") + kind.name);
        limit(info.Env(), kind.resource, static_cast<rlim_t>(value.As<Napi::Number>().Int64Value()),
              kind.beyond);
    }
}

/* ---- Signals, locks, the end ----------------------------------------------------------------- */

Napi::Value signal_thread(const Napi::CallbackInfo &info)
{
    const int32_t process = integer_argument(info, 0, 1);
    const int32_t thread = integer_argument(info, 1, 1);
    const int32_t signal = integer_argument(info, 2, 0);
    const bool sent = syscall(SYS_tgkill, process, thread, signal) == 0;

    if (!sent && errno != ESRCH)
        throw system_error(info.Env(), errno, "tgkill", "");
    return Napi::Boolean::New(info.Env(), sent);
}

Napi::Value lock_for_host(const Napi::CallbackInfo &info)
{
    const int32_t fd = integer_argument(info, 0, 0);
    const bool locked = flock(fd, LOCK_EX | LOCK_NB) == 0;

    if (!locked && errno != EWOULDBLOCK)
        throw system_error(info.Env(), errno, "flock", "");
    return Napi::Boolean::New(info.Env(), locked);
}

void exit_now(const Napi::CallbackInfo &info)
{
    _exit(integer_argument(info, 0, 0));
}

} // namespace

void add_process(Napi::Object face)
{
    const Napi::Env env = face.Env();

    face.Set("dieWithParent", Napi::Function::New(env, die_with_parent, "dieWithParent"));
    face.Set("limitResources", Napi::Function::New(env, limit_resources, "limitResources"));
    face.Set("signalThread", Napi::Function::New(env, signal_thread, "signalThread"));
    face.Set("lockForHost", Napi::Function::New(env, lock_for_host, "lockForHost"));
    face.Set("exitNow", Napi::Function::New(env, exit_now, "exitNow"));
}

} // namespace vsmtp
