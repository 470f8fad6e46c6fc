/** Writes what happens to mails (trace.ts) to the log, for every area whose level is `trace`. */

import { type Channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import type { AreaLog } from "./log.ts";
import { type Trace, traces } from "./trace.ts";

interface Line<Kind extends keyof Trace> {
  readonly area: string;
  readonly text: string;
  fields(event: Trace[Kind]): object;
}

const lines: { readonly [Kind in keyof Trace]: Line<Kind> } = {
  directive: {
    area: "rules",
    text: "directive ran",
    fields: ({ stage, kind, name, status, mail }) => ({ stage, directive: name, kind, status, mail }),
  },
  call: {
    area: "plugin",
    text: "plugin function called",
    fields: ({ function: name, ...rest }) => ({ ...rest, function: name }),
  },
  spooled: { area: "queue", text: "mail is in the spool", fields: (event) => event },
  delivered: { area: "delivery", text: "mail delivered", fields: (event) => event },
};

/** Returns what ends it. */
export function logTraces(area: (name: string) => AreaLog): () => void {
  const stops = Object.keys(lines).map((kind) => follow(kind as keyof Trace, area));
  return () => {
    for (const stop of stops) stop();
  };
}

function follow<Kind extends keyof Trace>(kind: Kind, area: (name: string) => AreaLog): () => void {
  const line: Line<Kind> = lines[kind];
  const log = area(line.area);
  if (!log.isLevelEnabled("trace")) return () => {};
  const name = (traces[kind] as Channel).name;
  const listener = (event: unknown) => log.trace(line.fields(event as Trace[Kind]), line.text);
  subscribe(name, listener);
  return () => unsubscribe(name, listener);
}
