/*
 * Connecting and listening.
 */
#include "io/sockaddr.h"

#include "fd-util.h"
#include "sleep.h"
#include "time-util.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { RETRY_MSECS = 10 };

/* ---- Addresses ------------------------------------------------------------------------------- */

socklen_t sockaddr_of(const struct ip_addr *ip, in_port_t port, union any_sockaddr *address_r)
{
    i_zero(address_r);
    if (IPADDR_IS_V6(ip)) {
        address_r->ip6.sin6_family = AF_INET6;
        address_r->ip6.sin6_addr = ip->u.ip6;
        address_r->ip6.sin6_port = htons(port);
        return sizeof address_r->ip6;
    }
    address_r->ip4.sin_family = AF_INET;
    address_r->ip4.sin_addr = ip->u.ip4;
    address_r->ip4.sin_port = htons(port);
    return sizeof address_r->ip4;
}

void sockaddr_to_ip(const union any_sockaddr *address, struct ip_addr *ip_r, in_port_t *port_r)
{
    struct ip_addr ip;
    in_port_t port = 0;

    i_zero(&ip);
    if (address->any.sa_family == AF_INET) {
        ip.family = AF_INET;
        ip.u.ip4 = address->ip4.sin_addr;
        port = ntohs(address->ip4.sin_port);
    } else if (address->any.sa_family == AF_INET6) {
        ip.family = AF_INET6;
        ip.u.ip6 = address->ip6.sin6_addr;
        port = ntohs(address->ip6.sin6_port);
    }
    if (ip_r != NULL)
        *ip_r = ip;
    if (port_r != NULL)
        *port_r = port;
}

bool sockaddr_of_path(const char *path, struct sockaddr_un *address_r)
{
    i_zero(address_r);
    address_r->sun_family = AF_UNIX;
    if (strlen(path) < sizeof address_r->sun_path) {
        memcpy(address_r->sun_path, path, strlen(path) + 1);
        return TRUE;
    }
    errno = ENAMETOOLONG;
    return FALSE;
}

static int give_up(int *fd)
{
    i_close_fd(fd); /* keeps errno */
    return -1;
}

/* ---- Connecting ------------------------------------------------------------------------------ */

static int open_socket(int family, int type)
{
    return socket(family, type | SOCK_CLOEXEC, 0);
}

static int bind_to(int fd, const struct ip_addr *ip, in_port_t port)
{
    union any_sockaddr address;
    socklen_t size = sockaddr_of(ip, port, &address);

    return bind(fd, &address.any, size);
}

static int connect_ip(const struct ip_addr *ip, in_port_t port, const struct ip_addr *my_ip,
                      int type)
{
    union any_sockaddr address;
    socklen_t size = sockaddr_of(ip, port, &address);
    int fd, one = 1, result;

    if (my_ip != NULL && my_ip->family != ip->family) {
        errno = EINVAL;
        return -1;
    }
    fd = open_socket(ip->family, type);
    if (fd == -1)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    if (my_ip != NULL && bind_to(fd, my_ip, 0) < 0)
        return give_up(&fd);
    do
        result = connect(fd, &address.any, size);
    while (result < 0 && errno == EINTR && (type & SOCK_NONBLOCK) != 0);
    if (result < 0 && errno != EINPROGRESS)
        return give_up(&fd);
    return fd;
}

int net_connect_ip(const struct ip_addr *ip, in_port_t port, const struct ip_addr *my_ip)
{
    return connect_ip(ip, port, my_ip, SOCK_STREAM | SOCK_NONBLOCK);
}

int net_connect_ip_blocking(const struct ip_addr *ip, in_port_t port, const struct ip_addr *my_ip)
{
    return connect_ip(ip, port, my_ip, SOCK_STREAM);
}

int net_connect_udp(const struct ip_addr *ip, in_port_t port, const struct ip_addr *my_ip)
{
    return connect_ip(ip, port, my_ip, SOCK_DGRAM | SOCK_NONBLOCK);
}

int net_try_bind(const struct ip_addr *ip)
{
    int fd = open_socket(ip->family, SOCK_STREAM);

    if (fd == -1)
        return -1;
    if (bind_to(fd, ip, 0) < 0)
        return give_up(&fd);
    i_close_fd(&fd);
    return 0;
}

int net_connect_unix(const char *path)
{
    struct sockaddr_un address;
    int fd;

    if (!sockaddr_of_path(path, &address))
        return -1;
    fd = open_socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK);
    if (fd == -1)
        return -1;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        return give_up(&fd);
    return fd;
}

int net_connect_unix_with_retries(const char *path, unsigned int msecs)
{
    uint64_t end = i_microseconds() + (uint64_t)msecs * 1000;
    int fd = net_connect_unix(path);

    while (fd == -1 && (errno == EAGAIN || errno == ECONNREFUSED) && i_microseconds() < end) {
        i_sleep_msecs(RETRY_MSECS);
        fd = net_connect_unix(path);
    }
    return fd;
}

void net_disconnect(int fd)
{
    if (close(fd) < 0 && errno != EINTR && errno != ECONNRESET)
        i_error("net_disconnect() failed: %m");
}

/* ---- Listening ------------------------------------------------------------------------------- */

static void set_reuse(int fd, enum net_listen_flags *flags)
{
    int one = 1;

    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if ((*flags & NET_LISTEN_FLAG_REUSEPORT) != 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) < 0)
        *flags = (enum net_listen_flags)(*flags & ~(unsigned int)NET_LISTEN_FLAG_REUSEPORT);
}

int net_listen_full(const struct ip_addr *my_ip, in_port_t *port, enum net_listen_flags *flags,
                    int backlog)
{
    const struct ip_addr *ip = my_ip != NULL ? my_ip : &net_ip4_any;
    int one = 1, fd = open_socket(ip->family, SOCK_STREAM);

    if (fd == -1)
        return -1;
    set_reuse(fd, flags);
    if (IPADDR_IS_V6(ip)) /* IPv4 has a listener of its own */
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (bind_to(fd, ip, *port) < 0 || net_getsockname(fd, NULL, port) < 0 ||
        listen(fd, backlog) < 0)
        return give_up(&fd);
    return fd;
}

int net_listen(const struct ip_addr *my_ip, in_port_t *port, int backlog)
{
    enum net_listen_flags flags = (enum net_listen_flags)0;

    return net_listen_full(my_ip, port, &flags, backlog);
}

int net_listen_unix(const char *path, int backlog)
{
    struct sockaddr_un address;
    int fd;

    if (!sockaddr_of_path(path, &address))
        return -1;
    fd = open_socket(AF_UNIX, SOCK_STREAM);
    if (fd == -1)
        return -1;
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 || listen(fd, backlog) < 0)
        return give_up(&fd);
    return fd;
}

/* Whether the path is a socket that nobody listens on. */
static bool is_abandoned(const char *path)
{
    struct stat st;
    int fd;

    if (lstat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
        return FALSE;
    fd = net_connect_unix(path);
    if (fd == -1)
        return errno == ECONNREFUSED;
    net_disconnect(fd);
    return FALSE;
}

int net_listen_unix_unlink_stale(const char *path, int backlog)
{
    int fd = net_listen_unix(path, backlog);

    if (fd != -1 || errno != EADDRINUSE)
        return fd;
    if (!is_abandoned(path)) {
        errno = EADDRINUSE;
        return -1;
    }
    if (unlink(path) < 0 && errno != ENOENT)
        return -1;
    return net_listen_unix(path, backlog);
}

int net_accept(int fd, struct ip_addr *addr_r, in_port_t *port_r)
{
    union any_sockaddr address = {.any.sa_family = AF_UNSPEC};
    socklen_t size = sizeof address;
    int client = accept4(fd, &address.any, &size, SOCK_CLOEXEC);

    if (client == -1) {
        bool gone = errno == EAGAIN || errno == ECONNABORTED || errno == EINTR;

        return gone ? -1 : -2;
    }
    sockaddr_to_ip(&address, addr_r, port_r);
    return client;
}
