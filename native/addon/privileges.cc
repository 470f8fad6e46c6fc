/*
 * User and groups belong to the process: glibc changes them for all threads at once. Capabilities,
 * their bounding set and no-new-privs belong to threads, and are inherited by those that a thread
 * starts: what stays of them is with the calling thread and all that come after it; threads that
 * were there before have no capabilities at all any more. So a process that has kept some must not
 * call glibc's functions for ids again: glibc ends a process in which one thread may and another may
 * not. setfsuid(2) and ids of a forked child are another matter.
 *
 * What the system says it did is not believed: everything is read back, and the way to root is
 * tried once. A failure leaves the process in between, so whoever calls must end it then.
 */
#include "privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include "arguments.h"

namespace vsmtp {

namespace {

struct Privileges {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    uint64_t keep = 0; /**< a bit for each capability */

    bool keeps(int capability) const
    {
        return (keep >> capability & 1) != 0;
    }
};

/* ---- Reading what is wanted ------------------------------------------------------------------ */

int capability_named(Napi::Env env, const std::string &name)
{
    static constexpr struct {
        const char *name;
        int number;
    } known[] = {
        {"setuid", CAP_SETUID}, {"setgid", CAP_SETGID},
        {"chown", CAP_CHOWN},   {"dac_override", CAP_DAC_OVERRIDE},
        {"fowner", CAP_FOWNER},
    };

    for (const auto &capability : known) {
        if (name == capability.name)
            return capability.number;
    }
    throw Napi::TypeError::New(env, "dropPrivileges: unknown capability " + name);
}

Napi::Array list_of(const Napi::Object &given, const char *key)
{
    const Napi::Value value = given.Get(key);

    if (!value.IsArray())
        throw Napi::TypeError::New(given.Env(), std::string("dropPrivileges: bad ") + key);
    return value.As<Napi::Array>();
}

/* No id of 32 bits: the largest one means "as it is" to the kernel. */
uint32_t id_of(const Napi::Value &value, const char *name, uint32_t least)
{
    const int64_t id = value.IsNumber() ? value.As<Napi::Number>().Int64Value() : -1;

    if (id < least || id >= UINT32_MAX)
        throw Napi::TypeError::New(value.Env(), std::string("dropPrivileges: bad ") + name);
    return static_cast<uint32_t>(id);
}

Privileges read(const Napi::CallbackInfo &info)
{
    Privileges wanted;

    if (!info[0].IsObject())
        throw Napi::TypeError::New(info.Env(), "dropPrivileges: no privileges");
    const auto given = info[0].As<Napi::Object>();
    wanted.uid = id_of(given.Get("uid"), "uid", 1);
    wanted.gid = id_of(given.Get("gid"), "gid", 0);
    const Napi::Array groups = list_of(given, "groups");
    for (uint32_t i = 0; i < groups.Length(); i++)
        wanted.groups.push_back(id_of(groups[i], "groups", 0));
    const Napi::Array keep = list_of(given, "keep");
    for (uint32_t i = 0; i < keep.Length(); i++) {
        const Napi::Value name = keep[i];
        wanted.keep |= uint64_t{1} << capability_named(info.Env(), name.ToString());
    }
    std::sort(wanted.groups.begin(), wanted.groups.end());
    wanted.groups.erase(std::unique(wanted.groups.begin(), wanted.groups.end()),
                        wanted.groups.end());
    return wanted;
}

/* ---- Doing it -------------------------------------------------------------------------------- */

void must(Napi::Env env, long result, const char *syscall)
{
    if (result < 0)
        throw system_error(env, errno, syscall, "");
}

void set_no_new_privileges(Napi::Env env)
{
    must(env, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl");
}

/* Where the process may not do that (it was not root after all), there is nothing to give up. */
void lower_bounds(const Privileges &wanted)
{
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
        if (!wanted.keeps(capability))
            (void)prctl(PR_CAPBSET_DROP, capability);
    }
}

void set_capabilities(Napi::Env env, uint64_t capabilities)
{
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const auto low = static_cast<uint32_t>(capabilities);
    const auto high = static_cast<uint32_t>(capabilities >> 32);
    const __user_cap_data_struct sets[2] = {{low, low, 0}, {high, high, 0}};

    must(env, syscall(SYS_capset, &header, &sets), "capset");
}

void become(Napi::Env env, const Privileges &wanted)
{
    must(env, prctl(PR_SET_KEEPCAPS, wanted.keep != 0 ? 1 : 0), "prctl");
    must(env, setgroups(wanted.groups.size(), wanted.groups.data()), "setgroups");
    must(env, setresgid(wanted.gid, wanted.gid, wanted.gid), "setresgid");
    must(env, setresuid(wanted.uid, wanted.uid, wanted.uid), "setresuid");
    set_capabilities(env, wanted.keep);
    must(env, prctl(PR_SET_KEEPCAPS, 0), "prctl");
}

/* ---- Not believing it ------------------------------------------------------------------------ */

bool has_ids(const Privileges &wanted)
{
    uid_t uid[3] = {};
    gid_t gid[3] = {};

    if (getresuid(&uid[0], &uid[1], &uid[2]) < 0 || getresgid(&gid[0], &gid[1], &gid[2]) < 0)
        return false;
    return std::all_of(uid, uid + 3, [&](uid_t id) { return id == wanted.uid; }) &&
           std::all_of(gid, gid + 3, [&](gid_t id) { return id == wanted.gid; });
}

bool has_groups(const Privileges &wanted)
{
    const int count = getgroups(0, nullptr);
    std::vector<gid_t> groups(count > 0 ? static_cast<std::size_t>(count) : 0);

    if (count < 0 || getgroups(count, groups.data()) != count)
        return false;
    std::sort(groups.begin(), groups.end());
    return groups == wanted.groups;
}

bool has_capabilities(uint64_t capabilities)
{
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2] = {};

    if (syscall(SYS_capget, &header, &sets) < 0)
        return false;
    const uint64_t permitted = sets[0].permitted | uint64_t{sets[1].permitted} << 32;
    return permitted == capabilities;
}

/* Ids that the kernel lets it take again, it has never given up. */
bool can_return(const Privileges &wanted)
{
    return (!wanted.keeps(CAP_SETUID) && setresuid(0, 0, 0) == 0) ||
           (!wanted.keeps(CAP_SETGID) && wanted.gid != 0 && setresgid(0, 0, 0) == 0);
}

void drop_privileges(const Napi::CallbackInfo &info)
{
    const Napi::Env env = info.Env();
    const Privileges wanted = read(info);

    lower_bounds(wanted);
    become(env, wanted);
    set_no_new_privileges(env);
    if (can_return(wanted) || !has_ids(wanted) || !has_groups(wanted) ||
        !has_capabilities(wanted.keep))
        throw Napi::Error::New(env, "dropPrivileges: the system did not take all rights away");
}

void no_new_privileges(const Napi::CallbackInfo &info)
{
    set_no_new_privileges(info.Env());
}

} // namespace

void add_privileges(Napi::Object face)
{
    const Napi::Env env = face.Env();

    face.Set("dropPrivileges", Napi::Function::New(env, drop_privileges, "dropPrivileges"));
    face.Set("noNewPrivileges", Napi::Function::New(env, no_new_privileges, "noNewPrivileges"));
}

} // namespace vsmtp
