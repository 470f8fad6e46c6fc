/** While a directive runs, whoever looks at the process sees for which mail it is, at which stage, and which it is. */

import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { type CallInFlight, MarkerView, useMarker } from "../../src/observe/index.ts";
import { setCallPolicy } from "../../src/plugin/index.ts";
import { fixture } from "../plugin/loaded.ts";
import { connection, Model, transaction } from "./model.ts";

const memory = native().openMarker(undefined);
useMarker(memory);
setCallPolicy({ deadline: () => 60_000, onLost: () => undefined });

const model = await Model.open({
  plugins: [fixture("slow")],
  filter: `
    import "plugins/slow" as slow;
    #{ mail: [ rule "asks slowly" || { slow::hang(""); state::accept() } ],
       rcpt: [ action "opens the gate" || { slow::gate(true); } ] }`,
});
afterAll(() => model.close());

const view = new MarkerView(memory);

async function inFlight(): Promise<CallInFlight[]> {
  for (;;) {
    const calls = view.inFlight();
    if (calls.length > 0) return calls;
    await delay(5);
  }
}

it("A blocking call shows the mail and the directive that wait for it, and nothing any more once it is over.", async () => {
  const client = connection();
  const mail = transaction(client, "a@a.example", "b@b.example");
  mail.fingerprint = "the same again";
  const status = model.rules.run("mail", client, mail);
  expect(await inFlight()).toMatchObject([
    {
      plugin: "slow",
      function: "hang",
      situation: { mail: mail.id, fingerprint: "the same again", stage: "mail", directive: "asks slowly" },
    },
  ]);
  expect(await model.rules.run("rcpt", client, mail)).toEqual({ kind: "next" });
  expect(await status).toMatchObject({ kind: "accept" });
  expect(view.inFlight()).toEqual([]);
});
