/*
 * What can be done with a connected socket, and names of hosts.
 */
#include "io/sockaddr.h"

#include "fd-util.h"

#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

static bool is_disconnect(int error)
{
    return error == ECONNRESET || error == ETIMEDOUT || error == EPIPE || error == ENOTCONN;
}

ssize_t net_receive(int fd, void *buf, size_t len)
{
    ssize_t got = read(fd, buf, len);

    if (got > 0)
        return got;
    if (got == 0)
        return len == 0 ? 0 : -2;
    if (errno == EINTR || errno == EAGAIN)
        return 0;
    return is_disconnect(errno) ? -2 : -1;
}

ssize_t net_transmit(int fd, const void *data, size_t len)
{
    ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

    if (sent >= 0)
        return sent;
    if (errno == EINTR || errno == EAGAIN)
        return 0;
    return is_disconnect(errno) ? -2 : -1;
}

/* ---- Options --------------------------------------------------------------------------------- */

void net_set_nonblock(int fd, bool nonblock)
{
    fd_set_nonblock(fd, nonblock);
}

static int set_tcp(int fd, int option, bool set)
{
    int value = set ? 1 : 0;

    return setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value);
}

int net_set_cork(int fd, bool cork)
{
    return set_tcp(fd, TCP_CORK, cork);
}

int net_set_tcp_nodelay(int fd, bool nodelay)
{
    return set_tcp(fd, TCP_NODELAY, nodelay);
}

int net_set_tcp_quickack(int fd, bool quickack)
{
    return set_tcp(fd, TCP_QUICKACK, quickack);
}

static int set_size(int fd, int option, size_t size)
{
    int value;

    if (size > INT_MAX) {
        errno = EINVAL;
        return -1;
    }
    value = (int)size;
    return setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
}

int net_set_send_buffer_size(int fd, size_t size)
{
    return set_size(fd, SO_SNDBUF, size);
}

int net_set_recv_buffer_size(int fd, size_t size)
{
    return set_size(fd, SO_RCVBUF, size);
}

/* ---- Ends ------------------------------------------------------------------------------------ */

int net_getsockname(int fd, struct ip_addr *addr, in_port_t *port)
{
    union any_sockaddr address = {.any.sa_family = AF_UNSPEC};
    socklen_t size = sizeof address;

    if (getsockname(fd, &address.any, &size) < 0)
        return -1;
    sockaddr_to_ip(&address, addr, port);
    return 0;
}

int net_getpeername(int fd, struct ip_addr *addr, in_port_t *port)
{
    union any_sockaddr address = {.any.sa_family = AF_UNSPEC};
    socklen_t size = sizeof address;

    if (getpeername(fd, &address.any, &size) < 0)
        return -1;
    sockaddr_to_ip(&address, addr, port);
    return 0;
}

int net_getunixname(int fd, const char **name_r)
{
    struct sockaddr_un address;
    socklen_t size = sizeof address;

    i_zero(&address);
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return -1;
    if (address.sun_family != AF_UNIX) {
        errno = ENOTSOCK;
        return -1;
    }
    *name_r = t_strndup(address.sun_path, sizeof address.sun_path);
    return 0;
}

int net_getunixcred(int fd, struct net_unix_cred *cred_r)
{
    struct ucred cred;
    socklen_t size = sizeof cred;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) < 0)
        return -1;
    cred_r->uid = cred.uid;
    cred_r->gid = cred.gid;
    cred_r->pid = cred.pid;
    return 0;
}

int net_geterror(int fd)
{
    int error;
    socklen_t size = sizeof error;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return errno;
    return error;
}

const char *net_getservbyport(in_port_t port)
{
    struct servent *entry = getservbyport(htons(port), "tcp");

    return entry == NULL ? NULL : entry->s_name;
}

/* ---- Names ----------------------------------------------------------------------------------- */

int net_gethostbyname(const char *addr, struct ip_addr **ips, unsigned int *ips_count)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(addr, NULL, &hints, &found);
    unsigned int count = 0;

    *ips = NULL;
    *ips_count = 0;
    if (error != 0)
        return error;
    for (struct addrinfo *entry = found; entry != NULL; entry = entry->ai_next)
        count++;
    *ips = t_new(struct ip_addr, count);
    for (struct addrinfo *entry = found; entry != NULL; entry = entry->ai_next) {
        union any_sockaddr address = {.any.sa_family = AF_UNSPEC};

        if (entry->ai_addrlen > sizeof address)
            continue;
        memcpy(&address, entry->ai_addr, entry->ai_addrlen);
        sockaddr_to_ip(&address, &(*ips)[*ips_count], NULL);
        if ((*ips)[*ips_count].family != 0)
            (*ips_count)++;
    }
    freeaddrinfo(found);
    return *ips_count > 0 ? 0 : EAI_NONAME;
}

int net_gethostbyaddr(const struct ip_addr *ip, const char **name_r)
{
    union any_sockaddr address;
    socklen_t size = sockaddr_of(ip, 0, &address);
    char name[NI_MAXHOST];
    int error = getnameinfo(&address.any, size, name, sizeof name, NULL, 0, NI_NAMEREQD);

    if (error == 0)
        *name_r = t_strdup(name);
    return error;
}

const char *net_gethosterror(int error)
{
    i_assert(error != 0);
    return error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
}

enum net_hosterror_type net_get_hosterror_type(int error)
{
    switch (error) {
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
        return NET_HOSTERROR_TYPE_NOT_FOUND;
    case EAI_AGAIN:
    case EAI_FAIL:
        return NET_HOSTERROR_TYPE_NAMESERVER;
    default:
        return NET_HOSTERROR_TYPE_INTERNAL_ERROR;
    }
}

int net_hosterror_notfound(int error)
{
    return net_get_hosterror_type(error) == NET_HOSTERROR_TYPE_NOT_FOUND ? 1 : 0;
}
