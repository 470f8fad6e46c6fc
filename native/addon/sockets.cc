/*
 * The process that opens a listening socket is not the one that serves it, and Node's servers
 * cannot be opened without being served. A socket that was opened here waits with its clients in
 * the kernel until a process that inherited it accepts them.
 */
#include "sockets.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "arguments.h"

namespace vsmtp {

namespace {

/** Where a socket is or shall be: an address of IP, or a path. */
struct Address {
    sockaddr_storage storage = {};
    socklen_t size = 0;
    std::string text; /**< for messages */

    const sockaddr *get() const
    {
        return reinterpret_cast<const sockaddr *>(&storage);
    }
};

/* ---- Addresses ------------------------------------------------------------------------------- */

/* A path, or with an `@` in front a name without a file (abstract sockets). */
Address unix_address(Napi::Env env, const std::string &path, const char *syscall)
{
    Address address;
    auto *unix_socket = reinterpret_cast<sockaddr_un *>(&address.storage);
    const bool is_abstract = path[0] == '@';

    address.text = path;
    if (path.size() >= sizeof unix_socket->sun_path)
        throw system_error(env, ENAMETOOLONG, syscall, path);
    unix_socket->sun_family = AF_UNIX;
    std::memcpy(unix_socket->sun_path, path.data(), path.size());
    if (is_abstract)
        unix_socket->sun_path[0] = '\0';
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() +
                                          (is_abstract ? 0 : 1));
    return address;
}

std::string show(const std::string &host, int32_t port)
{
    const bool is_v6 = host.find(':') != std::string::npos;

    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Address ip_address(Napi::Env env, const std::string &host, int32_t port)
{
    Address address;
    addrinfo hints = {};
    addrinfo *found = nullptr;

    address.text = show(host, port);
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        throw system_error(env, EINVAL, "bind", address.text);
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.size = found->ai_addrlen;
    return address;
}

/* ---- Listening ------------------------------------------------------------------------------- */

[[noreturn]] void fail(Napi::Env env, int fd, const char *syscall, const Address &address)
{
    const int number = errno;

    if (fd >= 0)
        (void)close(fd);
    throw system_error(env, number, syscall, address.text);
}

int open_socket(Napi::Env env, const Address &address)
{
    const int family = address.storage.ss_family;
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;

    if (fd < 0)
        fail(env, fd, "socket", address);
    if (family != AF_UNIX && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        fail(env, fd, "setsockopt", address);
    return fd;
}

/*
 * Only of a socket of this user: who may write to the directory may have put a link in its place, to
 * a file that a host of root would then open to everybody.
 */
bool set_mode(const std::string &path, mode_t mode)
{
    const int place = open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    const std::string itself = "/proc/self/fd/" + std::to_string(place);
    struct stat status = {};
    bool done = false;

    if (place < 0)
        return false;
    if (fstat(place, &status) == 0 && S_ISSOCK(status.st_mode) && status.st_uid == geteuid())
        done = chmod(itself.c_str(), mode) == 0;
    else
        errno = EPERM;
    (void)close(place);
    return done;
}

/* Nobody can connect before listen(2), so nobody does while its file has another mode. */
int listen_on_path(Napi::Env env, const std::string &path, mode_t mode, int backlog)
{
    const Address address = unix_address(env, path, "bind");
    const bool has_file = path[0] != '@';
    const int fd = open_socket(env, address);

    if (bind(fd, address.get(), address.size) < 0)
        fail(env, fd, "bind", address);
    const bool has_mode = !has_file || set_mode(path, mode);
    if (!has_mode || listen(fd, backlog) < 0) {
        const int number = errno;

        if (has_file)
            (void)unlink(path.c_str());
        errno = number;
        fail(env, fd, has_mode ? "listen" : "chmod", address);
    }
    return fd;
}

int listen_on_address(Napi::Env env, const std::string &host, int32_t port, int backlog)
{
    const Address address = ip_address(env, host, port);
    const int fd = open_socket(env, address);

    if (bind(fd, address.get(), address.size) < 0)
        fail(env, fd, "bind", address);
    if (listen(fd, backlog) < 0)
        fail(env, fd, "listen", address);
    return fd;
}

std::string text_of(const Napi::Object &given, const char *key)
{
    const Napi::Value value = given.Get(key);
    std::string text;

    if (value.IsString())
        text = value.As<Napi::String>();
    if (text.empty() || text.find('\0') != std::string::npos)
        throw Napi::TypeError::New(given.Env(), std::string("listenOn: bad ") + key);
    return text;
}

Napi::Value listen_on(const Napi::CallbackInfo &info)
{
    const Napi::Env env = info.Env();
    const int backlog = integer_argument(info, 1, 1);

    if (!info[0].IsObject())
        throw Napi::TypeError::New(env, "listenOn: no address");
    const auto given = info[0].As<Napi::Object>();
    if (!given.Get("path").IsUndefined()) {
        const int32_t mode = integer_of(given.Get("mode"), "mode", 0);

        return Napi::Number::New(
            env, listen_on_path(env, text_of(given, "path"), static_cast<mode_t>(mode), backlog));
    }
    const int32_t port = integer_of(given.Get("port"), "port", 0);
    if (port > UINT16_MAX)
        throw Napi::RangeError::New(env, "listenOn: the port is above 65535");
    return Napi::Number::New(env, listen_on_address(env, text_of(given, "host"), port, backlog));
}

/* ---- Names ----------------------------------------------------------------------------------- */

bool is_listening(int fd)
{
    int listening = 0;
    socklen_t size = sizeof listening;

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

std::string unix_name(const sockaddr_un *address, socklen_t size)
{
    const std::size_t room = size - offsetof(sockaddr_un, sun_path);
    const char *path = address->sun_path;

    if (room > 0 && path[0] == '\0')
        return "unix:@" + std::string(path + 1, room - 1);
    return "unix:" + std::string(path, strnlen(path, room));
}

Napi::Value socket_name(const Napi::CallbackInfo &info)
{
    const Napi::Env env = info.Env();
    const int fd = integer_argument(info, 0, 0);
    Address address;
    std::array<char, NI_MAXHOST> host = {};

    address.size = sizeof address.storage;
    if (!is_listening(fd) ||
        getsockname(fd, reinterpret_cast<sockaddr *>(&address.storage), &address.size) < 0)
        return env.Undefined();
    if (address.storage.ss_family == AF_UNIX)
        return Napi::String::New(
            env, unix_name(reinterpret_cast<const sockaddr_un *>(&address.storage), address.size));
    std::array<char, 8> port = {};
    if (getnameinfo(address.get(), address.size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return env.Undefined();
    return Napi::String::New(env, show(host.data(), std::stoi(port.data())));
}

/* ---- The service manager --------------------------------------------------------------------- */

/* Longer than a service manager takes; it must not hold up who tells it something. */
constexpr timeval patience = {1, 0};

Napi::Value notify_manager(const Napi::CallbackInfo &info)
{
    const Napi::Env env = info.Env();
    const Address address = unix_address(env, text_argument(info, 0), "connect");
    const std::string text = text_argument(info, 1);
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        fail(env, fd, "socket", address);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const ssize_t sent =
        sendto(fd, text.data(), text.size(), MSG_NOSIGNAL, address.get(), address.size);
    if (sent < 0 && errno != ENOENT && errno != ECONNREFUSED)
        fail(env, fd, "sendto", address);
    (void)close(fd);
    return Napi::Boolean::New(env, sent >= 0);
}

} // namespace

void add_sockets(Napi::Object face)
{
    const Napi::Env env = face.Env();

    face.Set("listenOn", Napi::Function::New(env, listen_on, "listenOn"));
    face.Set("socketName", Napi::Function::New(env, socket_name, "socketName"));
    face.Set("notifyManager", Napi::Function::New(env, notify_manager, "notifyManager"));
}

} // namespace vsmtp
