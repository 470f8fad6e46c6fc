/** A storage plugin that does what no plugin should: only its process is replaced, and its mails wait for a better one. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { badStoragePlugin } from "./compiled.ts";
import { foundMails } from "./found.ts";
import { sendLoad } from "./load.ts";

const CONFIG = `
  config.app.storage.deadline = "1s";
  config.app.plugins.quarantine.crashes = 1000;
  config.app.plugins.quarantine.mail_crashes = 2;
`;

const CASES = [
  ["null", { kind: "signal", signal: "SIGSEGV" }],
  ["hang", { kind: "hung" }],
  ["exit", { kind: "exit", status: 3 }],
] as const;

for (const [name, facts] of CASES) {
  test(`a storage plugin's ${name} is recorded with plugin and mail, others get their mails, and the mail is held`, async () => {
    const site = new Site({ plugins: [badStoragePlugin()], config: CONFIG });
    const host = await Host.start(site);
    const fates = await sendLoad({
      port: host.port,
      mails: 40,
      connections: 4,
      mail: (number) => ({
        from: number === 20 ? `${name}@a.example` : "good@a.example",
        to: `user${number % 3}@b.example`,
      }),
    });
    expect(fates.filter(({ code }) => code !== 250)).toEqual([]);
    await until(() => site.quarantined("held").length === 1);
    await until(() => site.spooled().length === 0);
    const found = foundMails(site);
    expect(fates.filter(({ number }) => found.get(number) !== 1)).toEqual([]);

    const directory = site.path("spool/state/crashes");
    const records = readdirSync(directory).map((file) => JSON.parse(readFileSync(`${directory}/${file}`, "utf8")));
    expect(records).toHaveLength(2);
    for (const record of records) {
      expect(record).toMatchObject({ plugin: "bad-storage", ...facts });
      expect(record.situation).toMatchObject({ user: "user2@b.example", fingerprint: expect.any(String) });
    }
    expect(await host.stop()).toBe(0);
    site.remove();
  });
}
