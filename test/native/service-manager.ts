/** A service manager for tests: a program in C, because Node has no datagram sockets of the kind that it listens on. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { cc, program } from "./compile.ts";

/** Its path; what it does says programs/manager.c. */
export function serviceManager(folder: string): string {
  const file = join(folder, "manager");
  execFileSync(cc(), ["-std=gnu11", "-Wall", "-Wextra", "-Werror", program("manager.c"), "-o", file]);
  return file;
}
