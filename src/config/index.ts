/** The face of this folder: the validated configuration, and what its texts mean. */

export { type Difference, difference, effective } from "./difference.ts";
export { isDuration, milliseconds } from "./duration.ts";
export { loadEnvironment } from "./environment.ts";
export { isHostName } from "./host-name.ts";
export {
  type ListenAddress,
  parseListenAddress,
  parseLmtpAddress,
  type SocketAddress,
  showListenAddress,
} from "./listen.ts";
export { type Config, loadConfig } from "./load.ts";
export { unixModule } from "./module.ts";
export { type Processes, processesOf } from "./processes.ts";
export type { Settings } from "./schema.ts";
export { type DnsSettings, publicNameServers } from "./schema-dns.ts";
export type { VirtualDomain } from "./schema-tls.ts";
export { env, findUser, hostname, SYSTEM_PROGRAMS, userExists } from "./unix.ts";
export { ownVersion } from "./version.ts";
