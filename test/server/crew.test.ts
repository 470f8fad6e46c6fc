/** The processes of a generation: what becomes of a place whose process cannot even be begun. */

import { expect, test } from "vitest";
import { openLog, parseLevels } from "../../src/observe/index.ts";
import { Crew } from "../../src/server/supervisor/crew.ts";

test("what the machine is short of is told at the start, and throws nothing", async () => {
  const log = openLog({ levels: parseLevels(["off"]) });
  const nothing = () => {};
  const crew = new Crew([{ kind: "smtp", number: 1 }], {
    log: log("server"),
    namesAfter: 0,
    equip: () => {
      throw new Error("EMFILE: too many open files");
    },
    onMessage: nothing,
    onStart: nothing,
    onServing: nothing,
    onRetiring: nothing,
    onGone: nothing,
  });
  expect(await crew.start(true)).toMatchObject([
    { code: "PROCESS_START", message: "The process smtp 1 cannot be started: EMFILE: too many open files" },
  ]);
  expect(crew.processes).toEqual([]);
  await crew.retire(0);
  log.close();
});
