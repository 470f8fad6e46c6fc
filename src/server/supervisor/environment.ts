/**
 * What the host and all that it starts take from their environment: variables that scripts read, but no path. Where
 * libraries, modules, programs and certificates come from is decided by files that only root can change.
 */

/** The dynamic loader's, those of Node.js, libuv and OpenSSL, and where temporary files go. */
const PATHS =
  /^(?:LD_.*|NODE_.*|UV_.*|TMPDIR|OPENSSL_.*|SSL_CERT_(?:DIR|FILE)|GCONV_PATH|LOCPATH|HOSTALIASES|RES_OPTIONS)$/;

/** For programs that rules and plugins run by name. */
const PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Changes the environment of this process, and so of those that it starts. Before anything looks there. */
export function forgetPaths(): void {
  for (const name of Object.keys(process.env)) if (PATHS.test(name)) delete process.env[name];
  process.env.PATH = PROGRAMS;
}
