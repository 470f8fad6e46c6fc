/** `config.server`: how the host meets its clients and where it keeps their mails. */

import { hostname } from "node:os";
import * as z from "zod";
import { dnsShape } from "./schema-dns.ts";
import {
  count,
  duration,
  hostName,
  levelDirective,
  listenAddress,
  lmtpAddress,
  oneOf,
  orNone,
  type Path,
  section,
  sectionOf,
} from "./schema-parts.ts";
import { cipherSuites, protocolVersions, virtualDomain } from "./schema-tls.ts";
import { groupExists, userExists } from "./unix.ts";

export function serverSection(path: Path, directory: string) {
  return section({
    name: hostName.default(hostname()),
    /** Connections at a time; -1: no limit. */
    client_count_max: count(-1).default(16),
    /** Bytes, after dot-unstuffing. */
    message_size_limit: count(1).default(10_000_000),
    system: systemSection,
    interfaces: sectionOf(
      {
        /** Relay: plain, with STARTTLS. */
        addr: z.array(listenAddress).default([]),
        addr_submission: z.array(listenAddress).default([]),
        /** TLS from the first byte. */
        addr_submissions: z.array(listenAddress).default([]),
        /** Local delivery for other mail servers (RFC 2033), also on `unix:PATH`. */
        addr_lmtp: z.array(lmtpAddress(directory)).default([]),
      },
      { addr: ["127.0.0.1:25"], addr_submission: ["127.0.0.1:587"], addr_submissions: ["127.0.0.1:465"] },
    ).refine((lists) => Object.values(lists).some((list) => list.length > 0), { error: "at least one address" }),
    logs: section({
      /** `()`: stdout. */
      filename: path.nullable().default("/var/log/vsmtp/vsmtp.log"),
      level: z.array(levelDirective).default(["warn"]),
      sys_level: oneOf(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]).default("INFO"),
      syslog: orNone(syslog(path)),
    }),
    queues: sectionOf(
      {
        dirpath: path,
        working: section({ channel_size: count(1).default(32) }),
        delivery: section({
          channel_size: count(1).default(32),
          /** Failures of one recipient before it is given up. */
          deferred_retry_max: count(0).default(100),
          deferred_retry_period: duration.default("300s"),
        }),
      },
      { dirpath: "/var/spool/vsmtp" },
    ),
    /** `()`: no TLS. */
    tls: orNone(tlsShape(path)),
    smtp: section({
      rcpt_count_max: count(1).default(1000),
      /** Before the greeting: clients that talk earlier are refused. */
      greeting_delay: duration.default("100ms"),
      error: section({
        soft_count: count(-1).default(10),
        hard_count: count(-1).default(20),
        delay: duration.default("5000ms"),
      }),
      timeout_client: section({
        connect: duration.default("5m"),
        helo: duration.default("5m"),
        mail_from: duration.default("5m"),
        rcpt_to: duration.default("5m"),
        data: duration.default("5m"),
      }),
    }),
    esmtp: section({
      /** `()`: no AUTH. */
      auth: orNone(authShape),
      eightbitmime: z.boolean().default(true),
      smtputf8: z.boolean().default(true),
      pipelining: z.boolean().default(true),
      chunking: z.boolean().default(false),
      size: count(0).default(20_000_000),
    }),
    dns: dnsShape.prefault({}),
    runtime: section({
      /** Sockets of the running host; `()`: the directory `run` of the queues. */
      dirpath: orNone(path),
    }),
    /** Figures for Prometheus, for this machine only; `()`: none. */
    metrics: orNone(
      z.strictObject({
        addr: listenAddress.refine((text) => isLoopback(text), {
          error: 'an address of this machine, "127.0.0.1:9125"',
        }),
      }),
    ),
    /** The domains that this host takes care of. */
    virtual: z.record(z.string().refine(isDomainKey, { error: "a domain" }), virtualDomain(path)).default({}),
  });
}

function isDomainKey(text: string): boolean {
  return hostName.safeParse(text).success;
}

/** Made by the package; whether it is there is asked when privileges are dropped. */
const PACKAGED = "vsmtp";

/** What scripts are given; who leaves it as it is gets a process for each core, see load.ts. */
export const defaultPools = { receiver: 6, processing: 6, delivery: 6 } as const;

/** User and group are not in the map that scripts are given; who names another than the package's must have it. */
const systemSection = section({
  user: z
    .string()
    .refine((name) => name === PACKAGED || userExists(name), { error: "a user of this system" })
    .optional(),
  group: z
    .string()
    .refine((name) => name === PACKAGED || groupExists(name), { error: "a group of this system" })
    .optional(),
  /** For the files of local mailboxes; `()`: that of the user. */
  group_local: orNone(
    z.string().refine((name) => name === PACKAGED || groupExists(name), { error: "a group of this system" }),
  ),
  /** Processes: `receiver` for clients and rules, `delivery` for mailboxes. */
  thread_pool: sectionOf({ receiver: count(1), processing: count(1), delivery: count(1) }, defaultPools),
});

/** What holds where a script named no user. */
export const defaultOwner = { user: PACKAGED, group: PACKAGED } as const;

function isLoopback(text: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost):\d+$/.test(text);
}

function syslog(path: Path) {
  return z
    .strictObject({
      type: oneOf(["udp", "tcp", "unix"]),
      server: listenAddress.optional(),
      path: path.optional(),
      format: oneOf(["rfc3164", "rfc5424", "3164", "5424"]).optional(),
    })
    .transform(({ type, server, path: socket, ...rest }) => {
      if (type === "unix") return { type, path: socket ?? "/dev/log", ...rest };
      return { type, server: server ?? (type === "udp" ? "127.0.0.1:514" : "127.0.0.1:601"), ...rest };
    });
}

function tlsShape(path: Path) {
  return z.strictObject({
    preempt_cipherlist: z.boolean().default(false),
    handshake_timeout: duration.default("1s"),
    protocol_version: protocolVersions,
    cipher_suite: cipherSuites,
    /** For clients that name no host, or one that is not ours. */
    root: orNone(z.strictObject({ certificate: path, private_key: path })),
  });
}

const authShape = z.strictObject({
  enable_dangerous_mechanism_in_clair: z.boolean().default(false),
  mechanisms: z.array(oneOf(["PLAIN", "LOGIN", "CRAM-MD5", "ANONYMOUS"])).default(["PLAIN", "LOGIN", "CRAM-MD5"]),
  /** -1: no limit. */
  attempt_count_max: count(-1).default(-1),
});
