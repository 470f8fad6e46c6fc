/*
 * Addresses: comparing, text, networks.
 */
#include "lib.h"

#include "net.h"

const struct ip_addr net_ip4_any = {.family = AF_INET, .u.ip4.s_addr = INADDR_ANY};
const struct ip_addr net_ip6_any = {.family = AF_INET6, .u.ip6 = IN6ADDR_ANY_INIT};
const struct ip_addr net_ip4_loopback = {
    .family = AF_INET,
    .u.ip4.s_addr = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 0x7f000001 : 0x0100007f};
const struct ip_addr net_ip6_loopback = {.family = AF_INET6, .u.ip6 = IN6ADDR_LOOPBACK_INIT};

static size_t address_size(const struct ip_addr *ip)
{
    if (IPADDR_IS_V4(ip))
        return sizeof ip->u.ip4;
    return IPADDR_IS_V6(ip) ? sizeof ip->u.ip6 : 0;
}

int net_ip_cmp(const struct ip_addr *ip1, const struct ip_addr *ip2)
{
    int order;

    if (ip1->family != ip2->family)
        return ip1->family < ip2->family ? -1 : 1;
    order = memcmp(&ip1->u, &ip2->u, address_size(ip1));
    return order == 0 ? 0 : (order < 0 ? -1 : 1);
}

bool net_ip_compare(const struct ip_addr *ip1, const struct ip_addr *ip2)
{
    return net_ip_cmp(ip1, ip2) == 0;
}

unsigned int net_ip_hash(const struct ip_addr *ip)
{
    const unsigned char *bytes = (const unsigned char *)&ip->u;
    uint32_t hash = 2166136261U; /* FNV-1a */

    for (size_t i = 0; i < address_size(ip); i++)
        hash = (uint32_t)(((uint64_t)hash ^ bytes[i]) * 16777619U);
    return hash;
}

/* ---- Text ------------------------------------------------------------------------------------ */

const char *net_ip2addr(const struct ip_addr *ip)
{
    char text[MAX_IP_LEN];

    if (address_size(ip) == 0 || inet_ntop(ip->family, &ip->u, text, sizeof text) == NULL)
        return "";
    return t_strdup(text);
}

int net_addr2ip(const char *addr, struct ip_addr *ip)
{
    size_t length = strlen(addr);
    char bare[MAX_IP_LEN];

    i_zero(ip);
    if (strchr(addr, ':') == NULL) {
        if (inet_pton(AF_INET, addr, &ip->u.ip4) != 1)
            return -1;
        ip->family = AF_INET;
        return 0;
    }
    /* "[::1]" as well */
    if (length > 2 && addr[0] == '[' && addr[length - 1] == ']' && length - 2 < sizeof bare) {
        memcpy(bare, addr + 1, length - 2);
        bare[length - 2] = '\0';
        addr = bare;
    }
    if (inet_pton(AF_INET6, addr, &ip->u.ip6) != 1)
        return -1;
    ip->family = AF_INET6;
    return 0;
}

bool is_ipv4_address(const char *addr)
{
    struct in_addr ip;

    return inet_pton(AF_INET, addr, &ip) == 1;
}

bool is_ipv6_address(const char *addr)
{
    struct ip_addr ip;

    return net_addr2ip(addr, &ip) == 0 && IPADDR_IS_V6(&ip);
}

int net_str2port_zero(const char *str, in_port_t *port_r)
{
    unsigned int number;

    if (str_to_uint(str, &number) < 0 || number > UINT16_MAX)
        return -1;
    *port_r = (in_port_t)number;
    return 0;
}

int net_str2port(const char *str, in_port_t *port_r)
{
    in_port_t port;

    if (net_str2port_zero(str, &port) < 0 || port == 0)
        return -1;
    *port_r = port;
    return 0;
}

/* The host and what follows its colon, or NULL. FALSE: brackets do not fit. */
static bool split_host(const char *str, const char **host_r, const char **port_r)
{
    const char *end;

    *port_r = NULL;
    if (str[0] != '[') {
        end = strchr(str, ':');
        *host_r = str;
        if (end != NULL && strchr(end + 1, ':') == NULL) { /* more colons: a bare IPv6 address */
            *host_r = t_strdup_until(str, end);
            *port_r = end + 1;
        }
        return TRUE;
    }
    end = strchr(str, ']');
    if (end == NULL || (end[1] != '\0' && end[1] != ':'))
        return FALSE;
    *host_r = t_strdup_until(str + 1, end);
    if (end[1] == ':')
        *port_r = end + 2;
    return TRUE;
}

int net_str2hostport(const char *str, in_port_t default_port, const char **host_r,
                     in_port_t *port_r)
{
    const char *port;

    if (!split_host(str, host_r, &port))
        return -1;
    *port_r = default_port;
    return port == NULL ? 0 : net_str2port(port, port_r);
}

int net_ipport2str(const struct ip_addr *ip, in_port_t port, const char **str_r)
{
    if (address_size(ip) == 0)
        return -1;
    *str_r = t_strdup_printf(IPADDR_IS_V4(ip) ? "%s:%u" : "[%s]:%u", net_ip2addr(ip),
                             (unsigned int)port);
    return 0;
}

/* ---- Networks -------------------------------------------------------------------------------- */

int net_ipv6_mapped_ipv4_convert(const struct ip_addr *src, struct ip_addr *dest)
{
    struct in_addr ip4;

    if (!IPADDR_IS_V6(src) || !IN6_IS_ADDR_V4MAPPED(&src->u.ip6))
        return -1;
    memcpy(&ip4, &src->u.ip6.s6_addr[12], sizeof ip4);
    i_zero(dest);
    dest->family = AF_INET;
    dest->u.ip4 = ip4;
    return 0;
}

int net_parse_range(const char *network, struct ip_addr *ip_r, unsigned int *bits_r)
{
    const char *slash = strchr(network, '/');
    const char *address = slash == NULL ? network : t_strdup_until(network, slash);

    if (net_addr2ip(address, ip_r) < 0)
        return -1;
    *bits_r = (unsigned int)IPADDR_BITS(ip_r);
    if (slash == NULL)
        return 0;
    if (str_to_uint(slash + 1, bits_r) < 0 || *bits_r > (unsigned int)IPADDR_BITS(ip_r))
        return -1;
    return 0;
}

bool net_is_in_network(const struct ip_addr *ip, const struct ip_addr *net_ip, unsigned int bits)
{
    const unsigned char *a, *b;
    struct ip_addr ip4;
    unsigned int rest = bits % 8;

    if (net_ipv6_mapped_ipv4_convert(ip, &ip4) == 0)
        ip = &ip4;
    if (ip->family == 0 || ip->family != net_ip->family || bits > (unsigned int)IPADDR_BITS(ip))
        return FALSE;
    a = (const unsigned char *)&ip->u;
    b = (const unsigned char *)&net_ip->u;
    if (memcmp(a, b, bits / 8) != 0)
        return FALSE;
    return rest == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0;
}
