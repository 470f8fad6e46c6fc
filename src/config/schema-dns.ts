/** `server.dns`: whom to ask for names, and how. The same keys hold for each virtual domain. */

import { isIP } from "node:net";
import * as z from "zod";
import { parseListenAddress } from "./listen.ts";
import { count, duration, hostName, oneOf, orNone, section } from "./schema-parts.ts";

/** `"192.0.2.53"` or `"192.0.2.53:53"`, `"[2001:db8::53]:53"`. */
const serverAddress = z.string().refine((text) => isIP(text) !== 0 || isNumeric(parseListenAddress(text)?.host), {
  error: 'the address of a name server, such as "192.0.2.53" or "192.0.2.53:53"',
});

function isNumeric(host: string | undefined): boolean {
  return host !== undefined && isIP(host) !== 0;
}

const nameServer = z.union(
  [
    serverAddress,
    z
      .strictObject({
        socket_addr: serverAddress,
        protocol: oneOf(["udp", "tcp"]).default("udp"),
        tls_dns_name: z.string().nullish(),
        trust_nx_responses: z.boolean().optional(),
        bind_addr: z.string().nullish(),
      })
      .transform(({ socket_addr }) => socket_addr),
  ],
  { error: 'an address such as "192.0.2.53:53", or a map with socket_addr' },
);

const options = section({
  timeout: duration.default("5s"),
  attempts: count(0).default(2),
  rotate: z.boolean().default(false),
  dnssec: z.boolean().default(false),
  ip_strategy: oneOf(["Ipv4Only", "Ipv6Only", "Ipv4AndIpv6", "Ipv6thenIpv4", "Ipv4thenIpv6"]).default("Ipv4thenIpv6"),
  cache_size: count(0).default(32),
  use_hosts_file: z.boolean().default(true),
  num_concurrent_reqs: count(0).default(2),
});

const customServers = z.strictObject({
  domain: orNone(hostName),
  search: z.array(hostName).default([]),
  name_servers: z.array(nameServer).default([]),
});

/** Name servers that everyone can ask, by the name that configurations use. */
export const publicNameServers: Readonly<Record<string, readonly string[]>> = {
  google: ["8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"],
  cloudflare: ["1.1.1.1", "1.0.0.1", "2606:4700:4700::1111", "2606:4700:4700::1001"],
};

export const dnsShape = z
  .strictObject({
    type: oneOf(["system", "google", "cloudflare", "custom"]).default("system"),
    config: customServers.nullish().transform((given) => given ?? undefined),
    options,
  })
  .superRefine(({ type, config }, context) => {
    if (type === "custom" && config === undefined) {
      context.addIssue({
        code: "custom",
        path: ["config"],
        message: "a map with name_servers, because the type is custom",
      });
    }
    if (type !== "custom" && config !== undefined) {
      context.addIssue({ code: "custom", path: ["config"], message: 'nothing, unless type is "custom"' });
    }
  });

export type DnsSettings = Readonly<z.output<typeof dnsShape>>;
