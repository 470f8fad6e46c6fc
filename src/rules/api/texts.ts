/** `ctx()`, `msg()` and `srv()`: the transaction, the mail and the server as values that show themselves as text. */

import type { Config } from "../../config/index.ts";
import { HostObject, type HostType, type NativeFunction, native, type Run } from "../../vsl/index.ts";
import { at, messageAt, type Situation } from "./situation.ts";

class TextView extends HostObject {
  readonly type: HostType;
  readonly #show: () => string;

  constructor(type: HostType, show: () => string) {
    super();
    this.type = type;
    this.#show = show;
  }

  toText(): string {
    return this.#show();
  }
}

const contextType = viewType("context");
const messageType = viewType("message");
const serverType = viewType("server");

function viewType(name: string): HostType {
  return { name, methods: new Map(), getters: new Map() };
}

export function textViews(config: Config): NativeFunction[] {
  return [
    native(
      "ctx",
      "-> context",
      "What is known of client and transaction; its text is JSON.",
      (run: Run) => {
        const situation = at(run, "ctx", "connect");
        return new TextView(contextType, () => JSON.stringify(contextOf(situation)));
      },
      { stage: "connect" },
    ),
    native(
      "msg",
      "-> message",
      "The mail; its text is the mail as it will be delivered.",
      (run: Run) => {
        const message = messageAt(run, "msg");
        return new TextView(messageType, () => message.toString());
      },
      { stage: "connect" },
    ),
    native("srv", "-> server", "This server; its text is JSON.", () => {
      const { name, interfaces } = config.server;
      return new TextView(serverType, () => JSON.stringify({ name, interfaces }));
    }),
  ];
}

/** Plain data: what the spool keeps of a mail, or what is known of a client that has not sent one yet. */
export function contextOf({ stage, connection, transaction }: Situation): object {
  if (transaction) return { stage, ...transaction.toJSON() };
  const { client, server, serverName, secured, helo, since } = connection;
  return { stage, connection: { client, server, serverName, secured, helo: helo ?? null, since } };
}
