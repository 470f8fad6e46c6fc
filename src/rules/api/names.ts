/** Asks name servers as `server.dns` says: which ones, in which order of address families, with or without /etc/hosts. */

import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";
import { type DnsSettings, milliseconds, publicNameServers } from "../../config/index.ts";

const HOSTS = "/etc/hosts";

type Family = "4" | "6";

export class Names {
  readonly #settings: DnsSettings;
  /** Made on first use: most configurations never ask. */
  #resolver: Resolver | undefined;

  constructor(settings: DnsSettings) {
    this.#settings = settings;
  }

  /** Addresses of a host, IPv4 and IPv6 as the strategy says. Rejects with the error of the last question. */
  async addresses(host: string): Promise<string[]> {
    const { ip_strategy: strategy, use_hosts_file: useHosts } = this.#settings.options;
    const known = useHosts ? await hostsEntry(host) : [];
    if (known.length > 0) return known;
    const [first, second] = FAMILIES[strategy];
    const answers = await Promise.allSettled(
      [first, second].filter((family) => family !== undefined).map((family) => this.#records(host, family)),
    );
    const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (found.length > 0) return found;
    const failed = answers.find((answer) => answer.status === "rejected");
    throw failed?.reason ?? Object.assign(new Error("no address"), { code: "ENODATA" });
  }

  /** Names of an address. */
  async names(address: string): Promise<string[]> {
    return this.#ask((resolver) => resolver.reverse(address));
  }

  #records(host: string, family: Family): Promise<string[]> {
    return this.#ask((resolver) => (family === "4" ? resolver.resolve4(host) : resolver.resolve6(host)));
  }

  #ask<T>(question: (resolver: Resolver) => Promise<T>): Promise<T> {
    this.#resolver ??= resolverFor(this.#settings);
    return question(this.#resolver);
  }
}

/** Both families are asked in every case but the `Only` ones: rules want to know all addresses. */
const FAMILIES: Readonly<Record<DnsSettings["options"]["ip_strategy"], readonly [Family, Family?]>> = {
  Ipv4Only: ["4"],
  Ipv6Only: ["6"],
  Ipv4AndIpv6: ["4", "6"],
  Ipv4thenIpv6: ["4", "6"],
  Ipv6thenIpv4: ["6", "4"],
};

function resolverFor({ type, config, options }: DnsSettings): Resolver {
  const resolver = new Resolver({ timeout: milliseconds(options.timeout), tries: Math.max(1, options.attempts) });
  const servers = type === "custom" ? config?.name_servers : publicNameServers[type];
  if (servers !== undefined && servers.length > 0) resolver.setServers(servers);
  return resolver;
}

async function hostsEntry(host: string): Promise<string[]> {
  const wanted = host.replace(/\.$/, "").toLowerCase();
  const text = await readFile(HOSTS, "utf8").catch(() => "");
  const found = text.split("\n").flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    return address !== undefined && names.some((name) => name.toLowerCase() === wanted) ? [address] : [];
  });
  return [...found.filter(isIPv4), ...found.filter((address) => !isIPv4(address))];
}
