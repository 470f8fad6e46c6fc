/** TLS versions and ciphers by the names that configurations use, and what a virtual domain may bring. */

import * as z from "zod";
import { dnsShape } from "./schema-dns.ts";
import { oneOf, orNone, type Path } from "./schema-parts.ts";

const VERSIONS: Readonly<Record<string, "TLSv1.2" | "TLSv1.3">> = {
  "TLSv1.2": "TLSv1.2",
  TLSv1_2: "TLSv1.2",
  "0x0303": "TLSv1.2",
  "TLSv1.3": "TLSv1.3",
  TLSv1_3: "TLSv1.3",
  "0x0304": "TLSv1.3",
};

const protocolVersion = z
  .string()
  .refine((name) => name in VERSIONS, { error: '"TLSv1.2" or "TLSv1.3"' })
  .transform((name) => VERSIONS[name] ?? "TLSv1.3");

/** A list of versions; one alone may stand without a list. */
export const protocolVersions = z
  .union([z.array(protocolVersion).min(1, { error: "at least one version" }), protocolVersion], {
    error: 'an array of "TLSv1.2" and "TLSv1.3"',
  })
  .transform((given) => (typeof given === "string" ? [given] : given));

const CIPHERS = [
  "TLS13_AES_256_GCM_SHA384",
  "TLS13_AES_128_GCM_SHA256",
  "TLS13_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
] as const;

export const cipherSuites = z.array(oneOf(CIPHERS)).default([...CIPHERS]);

/** An entry of `server.virtual`, and what `on_domain_config` returns. */
export function virtualDomain(path: Path) {
  return z.strictObject({
    tls: orNone(
      z.strictObject({
        protocol_version: protocolVersions.optional(),
        certificate: path,
        private_key: path,
      }),
    ),
    dns: orNone(dnsShape),
    dkim: orNone(
      z.strictObject({
        /** Several while keys are being replaced. */
        private_key: z
          .union([path, z.array(path).min(1, { error: "at least one path" })], { error: "a path or an array of paths" })
          .transform((given) => (typeof given === "string" ? [given] : given)),
      }),
    ),
  });
}

export type VirtualDomain = Readonly<z.output<ReturnType<typeof virtualDomain>>>;
