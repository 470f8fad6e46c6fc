/*
 * Addresses as the system calls want them.
 */
#ifndef STORAGE_IO_SOCKADDR_H
#define STORAGE_IO_SOCKADDR_H

#include "lib.h"

#include "net.h"

union any_sockaddr {
    struct sockaddr any;
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
};

/** Returns the size. */
socklen_t sockaddr_of(const struct ip_addr *ip, in_port_t port, union any_sockaddr *address_r);

/** Back again; family and port 0 if it is no internet address. Both may be NULL. */
void sockaddr_to_ip(const union any_sockaddr *address, struct ip_addr *ip_r, in_port_t *port_r);

/** A Unix socket's. FALSE with errno ENAMETOOLONG. */
struct sockaddr_un;
bool sockaddr_of_path(const char *path, struct sockaddr_un *address_r);

#endif
