/** `vsmtp plugin handles`: the objects of plugins that live in a running host. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { Host } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { vsmtp } from "./vsmtp.ts";

const SOURCE = `
#include <stdlib.h>
#include <vsmtp/plugin.h>

VSMTP_PLUGIN("boxes")

typedef struct box {
    int32_t size;
} box;

VSMTP_OBJECT(box, "Box", box_close)

VSMTP_FUNCTION(box *, box_open, (void), VSMTP_QUICK VSMTP_NAME("open"))
{
    return calloc(1, sizeof(box));
}

void box_close(box *self)
{
    free(self);
}
`;

let site: Site;
let host: Host;

beforeAll(async () => {
  site = new Site({
    plugins: [compile(SOURCE, { name: "libvsmtp-plugin-boxes-1.0.0.so" })],
    files: { "services/box.vsl": `import "plugins/boxes" as boxes; export const ONE = boxes::open();` },
    filter: `import "services/box" as kept; #{ connect: [ rule "all" || { type_of(kept::ONE); state::next() } ] }`,
    config: "config.server.system.thread_pool.receiver = 2;",
  });
  host = await Host.start(site);
});

afterAll(async () => {
  await host.stop();
  expect(vsmtp(["plugin", "handles", "-c", site.config])).toMatchObject({ status: 1, stderr: /HOST_NOT_RUNNING/ });
  site.remove();
});

const handles = (...args: string[]) => vsmtp(["plugin", "handles", ...args, "-c", site.config]);

it("A service is alive in each process that has it.", async () => {
  const client = await SmtpClient.open(host.port);
  await client.quit();
  const { status, stdout } = handles("--json");
  expect(status).toBe(0);
  const one = { plugin: "boxes", type: "Box", count: 1, pid: expect.any(Number) };
  expect(JSON.parse(stdout)).toEqual({
    handles: [
      { ...one, process: "smtp 1" },
      { ...one, process: "smtp 2" },
    ],
  });
});

it("For people they are rows with plugin, type, count and process.", () => {
  expect(handles("boxes").stdout).toMatch(
    /^boxes {2}Box {2}1 {2}smtp 1 \(pid \d+\)\nboxes {2}Box {2}1 {2}smtp 2 \(pid \d+\)\n$/,
  );
});

it("Of a plugin that has none nothing is shown.", () => {
  expect(handles("other")).toMatchObject({ status: 0, stdout: "No objects of plugins are alive.\n" });
});
