/*
 * Sockets and addresses.
 */
#ifndef DOVECOT_NET_H
#define DOVECOT_NET_H

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "array-decl.h"
#include "compat.h"
#include "macros.h"

/** An address; family 0: none. */
struct ip_addr {
    unsigned short family;
    union {
        struct in6_addr ip6;
        struct in_addr ip4;
    } u;
};
ARRAY_DEFINE_TYPE(ip_addr, struct ip_addr);

struct net_unix_cred {
    uid_t uid;
    gid_t gid;
    pid_t pid;
};

#define MAX_IP_LEN INET6_ADDRSTRLEN

#define IPADDR_IS_V4(ip) ((ip)->family == AF_INET)
#define IPADDR_IS_V6(ip) ((ip)->family == AF_INET6)
#define IPADDR_BITS(ip) (IPADDR_IS_V4(ip) ? 32 : 128)

enum net_listen_flags {
    NET_LISTEN_FLAG_REUSEPORT = 0x01 /* cleared if that is not to be had */
};

enum net_hosterror_type {
    NET_HOSTERROR_TYPE_INTERNAL_ERROR,
    NET_HOSTERROR_TYPE_NOT_FOUND,
    NET_HOSTERROR_TYPE_NAMESERVER
};

DOVECOT_API_BEGIN

extern const struct ip_addr net_ip4_any;
extern const struct ip_addr net_ip6_any;
extern const struct ip_addr net_ip4_loopback;
extern const struct ip_addr net_ip6_loopback;

/* ---- Addresses ------------------------------------------------------------------------------- */

bool net_ip_compare(const struct ip_addr *ip1, const struct ip_addr *ip2); /* TRUE: equal */
int net_ip_cmp(const struct ip_addr *ip1, const struct ip_addr *ip2);      /* for sorting */
unsigned int net_ip_hash(const struct ip_addr *ip);

/** To text in the data stack, "" if it is none; from text, 0 or -1. */
const char *net_ip2addr(const struct ip_addr *ip);
int net_addr2ip(const char *addr, struct ip_addr *ip);
bool is_ipv4_address(const char *addr) ATTR_PURE;
bool is_ipv6_address(const char *addr) ATTR_PURE;

/** A port; the second form allows 0. 0 or -1. */
int net_str2port(const char *str, in_port_t *port_r);
int net_str2port_zero(const char *str, in_port_t *port_r);
/** "host", "host:port", "[ipv6]:port" and the like. 0 or -1. */
int net_str2hostport(const char *str, in_port_t default_port, const char **host_r,
                     in_port_t *port_r);
/** "ipv4:port" or "[ipv6]:port". 0, or -1: no address. */
int net_ipport2str(const struct ip_addr *ip, in_port_t port, const char **str_r);

/** ::ffff:a.b.c.d to a.b.c.d. 0, or -1: it is not of that kind. */
int net_ipv6_mapped_ipv4_convert(const struct ip_addr *src, struct ip_addr *dest);

/** "address/bits" or an address alone. 0 or -1. */
int net_parse_range(const char *network, struct ip_addr *ip_r, unsigned int *bits_r);
/** An IPv4 address written in IPv6 counts as IPv4. No address is in no network. */
bool net_is_in_network(const struct ip_addr *ip, const struct ip_addr *net_ip,
                       unsigned int bits) ATTR_PURE;

/** The addresses of a host (data stack), or the name of an address. 0, or a number for below. */
int net_gethostbyname(const char *addr, struct ip_addr **ips, unsigned int *ips_count);
int net_gethostbyaddr(const struct ip_addr *ip, const char **name_r);
const char *net_gethosterror(int error);
enum net_hosterror_type net_get_hosterror_type(int error);
int net_hosterror_notfound(int error) ATTR_CONST;

/* ---- Connecting and listening ---------------------------------------------------------------- */

/** A descriptor, which blocks only where the name says so, or -1. my_ip: from there, or NULL. */
int net_connect_ip(const struct ip_addr *ip, in_port_t port, const struct ip_addr *my_ip);
int net_connect_ip_blocking(const struct ip_addr *ip, in_port_t port, const struct ip_addr *my_ip);
int net_connect_udp(const struct ip_addr *ip, in_port_t port, const struct ip_addr *my_ip);
int net_connect_unix(const char *path);
/** Tries for `msecs` milliseconds while the server is too busy or not there yet. */
int net_connect_unix_with_retries(const char *path, unsigned int msecs);
void net_disconnect(int fd);
/** Whether we can bind to that address: 0 or -1. */
int net_try_bind(const struct ip_addr *ip);

/** A listening descriptor or -1. *port 0 is set to the port that was taken. NULL: any address. */
int net_listen(const struct ip_addr *my_ip, in_port_t *port, int backlog);
int net_listen_full(const struct ip_addr *my_ip, in_port_t *port, enum net_listen_flags *flags,
                    int backlog);
int net_listen_unix(const char *path, int backlog);
/** A socket file nobody listens on any more is replaced. */
int net_listen_unix_unlink_stale(const char *path, int backlog);
/** The descriptor; -1: the client is gone already; -2: error. */
int net_accept(int fd, struct ip_addr *addr_r, in_port_t *port_r);

/* ---- What is connected ----------------------------------------------------------------------- */

/** Bytes read; 0: none now; -1: error; -2: disconnected. */
ssize_t net_receive(int fd, void *buf, size_t len);
/** Bytes written; 0: none now; -1: error; -2: disconnected. */
ssize_t net_transmit(int fd, const void *data, size_t len);

void net_set_nonblock(int fd, bool nonblock);
/** Options; 0 or -1. */
int net_set_cork(int fd, bool cork) ATTR_NOWARN_UNUSED_RESULT;
int net_set_tcp_nodelay(int fd, bool nodelay);
int net_set_tcp_quickack(int fd, bool quickack);
int net_set_send_buffer_size(int fd, size_t size);
int net_set_recv_buffer_size(int fd, size_t size);

/** This end, the other end; family and port 0 for Unix sockets. Any result may be NULL. 0 or -1. */
int net_getsockname(int fd, struct ip_addr *addr, in_port_t *port);
int net_getpeername(int fd, struct ip_addr *addr, in_port_t *port);
int net_getunixname(int fd, const char **name_r);
int net_getunixcred(int fd, struct net_unix_cred *cred_r);

/** The socket's pending error. */
int net_geterror(int fd);
/** The name of a TCP service, or NULL. */
const char *net_getservbyport(in_port_t port);

DOVECOT_API_END

#endif
