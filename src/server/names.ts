/** What processes are called in logs, records and figures. */

import type { Role } from "./messages.ts";

/** "smtp 1", "storage 2", "mbox", "isolated mysql". */
export function nameOfRole(role: Role): string {
  switch (role.kind) {
    case "smtp":
    case "storage":
      return `${role.kind} ${role.number}`;
    case "mbox":
      return "mbox";
    case "isolated":
      return `isolated ${role.plugin}`;
  }
}
