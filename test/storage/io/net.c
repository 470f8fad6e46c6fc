/*
 * Sockets and addresses.
 */
#include "tap.h"

#include "lib.h"
#include "net.h"

#include <sys/stat.h>

static struct ip_addr ip_of(const char *text)
{
    struct ip_addr ip;

    if (net_addr2ip(text, &ip) < 0)
        i_fatal("%s is no address", text);
    return ip;
}

static void test_addresses(void)
{
    struct ip_addr four = ip_of("192.0.2.1"), six = ip_of("2001:db8::1"), other;

    is_str(net_ip2addr(&four), "192.0.2.1", "an IPv4 address comes back as it was");
    is_str(net_ip2addr(&six), "2001:db8::1", "and so does an IPv6 address");
    is_int(net_addr2ip("[2001:db8::1]", &other), 0, "which may stand in brackets");
    ok(net_ip_compare(&six, &other), "and is the same then");
    is_int(net_ip_hash(&six), net_ip_hash(&other), "with the same hash");
    ok(!net_ip_compare(&four, &six) && net_ip_cmp(&four, &six) < 0, "IPv4 comes before IPv6");
    is_int(net_addr2ip("192.0.2", &other), -1, "what is no address is refused");
    is_str(net_ip2addr(&other), "", "and has no text");
    ok(is_ipv4_address("127.0.0.1") && !is_ipv4_address("::1"), "IPv4 is told");
    ok(is_ipv6_address("::1") && !is_ipv6_address("127.0.0.1"), "from IPv6");
    six = ip_of("::ffff:192.0.2.1");
    is_int(net_ipv6_mapped_ipv4_convert(&six, &other), 0, "IPv4 in IPv6");
    ok(net_ip_compare(&four, &other), "becomes IPv4");
    is_str(net_ip2addr(&net_ip4_loopback), "127.0.0.1", "this host is known");
    is_str(net_ip2addr(&net_ip6_loopback), "::1", "in both");
}

static void test_networks(void)
{
    struct ip_addr net, in = ip_of("10.1.2.3"), out = ip_of("10.2.0.0"), mapped;
    struct ip_addr none = {.family = 0};
    unsigned int bits;

    is_int(net_parse_range("10.1.0.0/15", &net, &bits), 0, "a network is parsed");
    is_int(bits, 15, "with its bits");
    ok(net_is_in_network(&in, &net, 16) && !net_is_in_network(&out, &net, 16), "and has members");
    ok(!net_is_in_network(&out, &net, 15), "bit by bit");
    ok(net_is_in_network(&out, &net, 8) && net_is_in_network(&out, &net, 0), "or many");
    mapped = ip_of("::ffff:10.1.2.3");
    ok(net_is_in_network(&mapped, &net, 16), "also when written in IPv6");
    ok(!net_is_in_network(&none, &none, 0), "no address is nowhere");
    is_int(net_parse_range("10.1.0.0/33", &net, &bits), -1, "too many bits are refused");
    is_int(net_parse_range("::1", &net, &bits), 0, "an address alone is a network");
    is_int(bits, 128, "of one");
}

static void test_ports(void)
{
    struct ip_addr six = ip_of("::1");
    in_port_t port;
    const char *host;

    ok(net_str2port("25", &port) == 0 && port == 25, "a port is a number");
    is_int(net_str2port("0", &port), -1, "not 0");
    is_int(net_str2port_zero("0", &port), 0, "unless that is allowed");
    is_int(net_str2port("65536", &port), -1, "nor more than there are");
    ok(net_str2hostport("example.org:24", 25, &host, &port) == 0 && port == 24, "host and port");
    is_str(host, "example.org", "are taken apart");
    ok(net_str2hostport("[::1]:26", 25, &host, &port) == 0 && port == 26, "brackets");
    is_str(host, "::1", "go away");
    ok(net_str2hostport("2001:db8::1", 25, &host, &port) == 0 && port == 25, "a bare IPv6 address");
    is_str(host, "2001:db8::1", "has no port");
    is_int(net_str2hostport("[::1", 25, &host, &port), -1, "a bracket must be closed");
    is_int(net_str2hostport("a:b", 25, &host, &port), -1, "a port be a number");
    ok(net_ipport2str(&six, 25, &host) == 0, "and back again");
    is_str(host, "[::1]:25", "with brackets");
}

static void test_tcp(void)
{
    in_port_t port = 0, peer_port;
    int listener = net_listen(&net_ip4_loopback, &port, 5), client, server;
    struct ip_addr peer;
    char text[16];

    ok(listener != -1 && port != 0, "a free port is found");
    client = net_connect_ip_blocking(&net_ip4_loopback, port, NULL);
    ok(client != -1, "one can connect to it");
    server = net_accept(listener, &peer, &peer_port);
    ok(server >= 0, "and is accepted");
    is_str(net_ip2addr(&peer), "127.0.0.1", "from where one came");
    net_set_nonblock(server, TRUE);
    is_int(net_receive(server, text, sizeof text), 0, "nothing was said yet");
    is_int(net_transmit(client, "hello", 5), 5, "something is said");
    net_set_nonblock(server, FALSE);
    is_int(net_receive(server, text, sizeof text), 5, "and heard");
    is_int(net_set_tcp_nodelay(server, TRUE), 0, "TCP can be told not to wait");
    is_int(net_set_send_buffer_size(server, 10000), 0, "and how much to buffer");
    is_int(net_geterror(client), 0, "there is no error");
    net_disconnect(client);
    is_int(net_receive(server, text, sizeof text), -2, "the end is told");
    net_disconnect(server);
    net_disconnect(listener);
}

static void test_unix(void)
{
    int listener = net_listen_unix("socket", 5), client, server;
    struct net_unix_cred cred;
    const char *name;
    struct ip_addr ip;
    in_port_t port;

    ok(listener != -1, "a Unix socket is made");
    client = net_connect_unix("socket");
    server = net_accept(listener, &ip, &port);
    ok(client != -1 && server >= 0 && ip.family == 0 && port == 0, "and connected to");
    ok(net_getunixcred(server, &cred) == 0 && cred.pid == getpid(), "by a process that is known");
    is_int(net_getunixname(server, &name), 0, "it has a name");
    is_str(name, "socket", "its path");
    is_int(net_listen_unix_unlink_stale("socket", 5), -1, "while somebody listens it is in use");
    is_int(errno, EADDRINUSE, "which is said");
    net_disconnect(client);
    net_disconnect(server);
    net_disconnect(listener);
    is_int(net_connect_unix("socket"), -1, "nobody listens any more");
    is_int(errno, ECONNREFUSED, "so it is refused");
    is_int(net_connect_unix_with_retries("socket", 30), -1, "also when trying again");
    listener = net_listen_unix_unlink_stale("socket", 5);
    ok(listener != -1, "and can be replaced");
    net_disconnect(listener);
    is_int(net_connect_unix("missing"), -1, "what is missing");
    is_int(errno, ENOENT, "is missing");
}

static void test_names(void)
{
    struct ip_addr *ips;
    unsigned int count;

    is_int(net_gethostbyname("127.0.0.1", &ips, &count), 0, "an address is a name");
    ok(count == 1 && net_ip_compare(&ips[0], &net_ip4_loopback), "of itself");
    is_int(net_get_hosterror_type(EAI_NONAME), NET_HOSTERROR_TYPE_NOT_FOUND, "errors have types");
    is_int(net_hosterror_notfound(EAI_AGAIN), 0, "which differ");
    is_str(net_gethosterror(EAI_NONAME), gai_strerror(EAI_NONAME), "and texts");
}

int main(void)
{
    lib_init();
    test_addresses();
    test_networks();
    test_ports();
    test_tcp();
    test_unix();
    test_names();
    lib_deinit();
    return done();
}
