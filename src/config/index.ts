/** The face of this folder: the validated configuration, and what its texts mean. */

export { isDuration, milliseconds } from "./duration.ts";
export { type ListenAddress, parseListenAddress, showListenAddress } from "./listen.ts";
export { type Config, loadConfig } from "./load.ts";
export { unixModule } from "./module.ts";
export type { Settings } from "./schema.ts";
export { env, hostname, userExists } from "./unix.ts";
