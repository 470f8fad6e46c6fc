/** Which mails of a load are where mails can be in the end: in mailboxes, in the spool, held. */

import { readFileSync } from "node:fs";
import type { Site } from "../fixtures/site.ts";
import { numberOf } from "./load.ts";

/** How often each mail was found, by its number; what is no whole mail of the load does not count. */
export function foundMails(site: Site): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const files = [...site.everyMail(), ...site.spooled(), ...site.spooled("dead"), ...site.quarantined("held")];
  for (const file of files) {
    const number = numberOf(readFileSync(file, "latin1"));
    if (number !== undefined) found.set(number, (found.get(number) ?? 0) + 1);
  }
  return found;
}
