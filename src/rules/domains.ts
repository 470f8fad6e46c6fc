/**
 * Whose rules judge a mail: which domains this server handles, and what that makes of a sender and a recipient.
 *
 * A domain is handled when it or a domain above it has an entry in `server.virtual`; the longest one counts. A mail
 * is internal only when both of its domains are equal, not when they merely share a handled domain.
 */

import { domainToUnicode } from "node:url";
import type { Address } from "./address.ts";
import type { DomainRole } from "./scripts.ts";

/** The scripts that judge a mail from some stage on. Plain data: the spool keeps it. */
export type Route =
  | { readonly role: "root" }
  /** `domain` is the handled one, which need not be that of an address. */
  | { readonly role: DomainRole; readonly domain: string };

export const ROOT: Route = { role: "root" };

export class Domains {
  readonly #handled: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.#handled = new Set([...names].map(normalDomain));
  }

  /** All handled domains. */
  get names(): Iterable<string> {
    return this.#handled;
  }

  /** The handled domain that a domain belongs to. */
  above(domain: string): string | undefined {
    for (let name = domain.toLowerCase(); name !== ""; name = parent(name)) if (this.#handled.has(name)) return name;
    return undefined;
  }

  /** Who judges MAIL. Mails without a sender are nobody's, and stay the root filter's. */
  ofSender(sender: Address | undefined): Route {
    const own = sender && this.above(sender.domain);
    return own === undefined ? ROOT : { role: "outgoing", domain: own };
  }

  /** Who judges what happens in the mailboxes of a user: as with a mail to that address from elsewhere. */
  ofUser(user: Address | undefined): Route {
    const own = user && this.above(user.domain);
    return own === undefined ? ROOT : { role: "incoming", domain: own };
  }

  /** Who judges a recipient, and with it the mail from RCPT on. */
  ofRecipient(sender: Address | undefined, recipient: Address): Route {
    if (sender === undefined) return ROOT;
    const senders = this.above(sender.domain);
    if (senders === undefined) {
      const recipients = this.above(recipient.domain);
      return recipients === undefined ? ROOT : { role: "incoming", domain: recipients };
    }
    const internal = sender.domain.toLowerCase() === recipient.domain.toLowerCase();
    return { role: internal ? "internal" : "outgoing", domain: senders };
  }
}

/** As addresses have their domains: lower case, and Unicode in place of `xn--` labels. */
export function normalDomain(name: string): string {
  const lower = name.toLowerCase();
  return lower.includes("xn--") ? domainToUnicode(lower) || lower : lower;
}

function parent(domain: string): string {
  const dot = domain.indexOf(".");
  return dot === -1 ? "" : domain.slice(dot + 1);
}
