/** Which script runs at which stage: senders and recipients inside and outside, domains below others, null senders. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connection, Model, traced, transaction } from "./model.ts";

const INNER = "example.com";
const OUTER = "foreign.example";

const toMaildir = { rcpt: `action "d" || transport::maildir_all()` };

describe("with all scripts", () => {
  let model: Model;

  beforeAll(async () => {
    model = await Model.open({
      filter: traced("root", toMaildir),
      domains: {
        "example.com/incoming": traced("incoming", toMaildir),
        "example.com/outgoing": traced("outgoing", toMaildir),
        "example.com/internal": traced("internal", toMaildir),
      },
    });
  });

  afterAll(() => model.close());

  /** The stages of the session and then of the queue, without what only puts mails somewhere. */
  async function path(from: string, ...to: string[]): Promise<string[]> {
    model.ran.length = 0;
    await model.send(from, to);
    await settled(model);
    return model.ran.filter((name) => name !== "d");
  }

  test("from inside to inside: outgoing for the sender, internal for the rest, and outgoing once more", async () => {
    expect(await path(`john@${INNER}`, `jane@${INNER}`)).toEqual([
      "root connect",
      "root helo",
      "outgoing mail",
      "internal rcpt",
      "internal preq",
      "outgoing preq",
      "internal postq",
      "internal delivery",
    ]);
  });

  test("from inside to outside: outgoing", async () => {
    expect(await path(`john@${INNER}`, `jane@${OUTER}`)).toEqual([
      "root connect",
      "root helo",
      "outgoing mail",
      "outgoing rcpt",
      "outgoing preq",
      "outgoing postq",
      "outgoing delivery",
    ]);
  });

  test("from outside to inside: incoming from the recipient on", async () => {
    expect(await path(`john@${OUTER}`, `jane@${INNER}`)).toEqual([
      "root connect",
      "root helo",
      "root mail",
      "incoming rcpt",
      "incoming preq",
      "incoming postq",
      "incoming delivery",
    ]);
  });

  test("from outside to outside: the root filter alone", async () => {
    expect(await path(`john@${OUTER}`, `jane@${OUTER}`)).toEqual([
      "root connect",
      "root helo",
      "root mail",
      "root rcpt",
      "root preq",
      "root postq",
      "root delivery",
    ]);
  });

  test("the null sender is the root filter's at every stage, whoever the recipient is", async () => {
    expect(await path("", `jane@${INNER}`)).toEqual([
      "root connect",
      "root helo",
      "root mail",
      "root rcpt",
      "root preq",
      "root postq",
      "root delivery",
    ]);
  });

  test("domains are compared without regard to case", async () => {
    expect(await path(`john@EXAMPLE.com`, `jane@Example.COM`)).toContain("internal rcpt");
  });

  test("internal means equal domains, not a common handled one", async () => {
    expect(await path(`john@a.${INNER}`, `jane@b.${INNER}`)).toContain("outgoing rcpt");
    expect(await path(`john@a.${INNER}`, `jane@a.${INNER}`)).toContain("internal rcpt");
  });

  test("of several accepted recipients the last one decides about the mail", async () => {
    expect(await path(`john@${OUTER}`, `jane@${INNER}`, `jack@${OUTER}`)).toContain("root preq");
    expect(await path(`john@${OUTER}`, `jack@${OUTER}`, `jane@${INNER}`)).toContain("incoming preq");
  });
});

/** The spool is empty: every mail has passed its last stage. */
async function settled(model: Model): Promise<void> {
  while (model.site.spooled().length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("with domains below others", () => {
  let model: Model;

  beforeAll(async () => {
    const names = (who: string) => `#{ rcpt: [ rule "${who}" || state::accept("250 ${who}") ] }`;
    model = await Model.open({
      filter: traced("root"),
      domains: { "example.com/incoming": names("parent"), "mta.example.com/incoming": names("child") },
    });
  });

  afterAll(() => model.close());

  test.each([
    ["example.com", "parent"],
    ["unknown.example.com", "parent"],
    ["mta.example.com", "child"],
    ["deep.below.mta.example.com", "child"],
  ])("mail to %s is judged by the %s", async (domain, who) => {
    const session = model.session();
    await session.mail("a@foreign.example");
    expect((await session.rcpt(`b@${domain}`)).reply?.lines).toEqual([who]);
  });

  test.each(["notexample.com", "com", "example.com.evil.example"])("%s is nobody's", async (domain) => {
    const session = model.session();
    await session.mail("a@foreign.example");
    model.ran.length = 0;
    await session.rcpt(`b@${domain}`);
    expect(model.ran).toEqual(["root rcpt"]);
  });
});

describe("where scripts are missing", () => {
  let model: Model;

  afterEach(() => model.close());

  test("without a root filter nobody is let in", async () => {
    model = await Model.open({ filter: undefined });
    expect(await model.session().connect()).toMatchObject({ passed: false, close: true, reply: { code: 554 } });
    expect(model.lines.join()).toContain("every client is refused");
  });

  test("without outgoing.vsl nobody sends for the domain", async () => {
    model = await Model.open({ filter: traced("root"), domains: { "example.com/README": "" } });
    const answer = await model.session().mail("any@example.com");
    expect(answer).toMatchObject({ passed: false, close: true, reply: { code: 554 } });
  });

  test("without incoming.vsl nobody gets mail there", async () => {
    model = await Model.open({ filter: traced("root"), domains: { "example.com/outgoing": traced("outgoing") } });
    const session = model.session();
    expect(await session.mail("a@foreign.example")).toMatchObject({ passed: true });
    expect(await session.rcpt("any@example.com")).toMatchObject({ passed: false, close: true, reply: { code: 554 } });
  });

  test("without internal.vsl mails inside the domain pass", async () => {
    const outgoing = traced("outgoing");
    model = await Model.open({ filter: traced("root"), domains: { "example.com/outgoing": outgoing } });
    expect(await model.send("a@example.com", ["b@example.com"])).toMatchObject({ passed: true });
    expect(model.ran).toEqual(["root connect", "root helo", "outgoing mail", "outgoing preq"]);
  });

  test("a domain of server.virtual without a directory is handled too", async () => {
    model = await Model.open({ filter: traced("root"), config: `config.server.virtual["example.org"] = #{};` });
    expect(await model.session().mail("any@example.org")).toMatchObject({ passed: false, reply: { code: 554 } });
  });

  test("an accepted mail whose domain is handled no longer waits, and is never let through", async () => {
    model = await Model.open({ filter: traced("root") });
    const mail = transaction(connection(), "a@x.example", "b@gone.example", {
      role: "incoming",
      domain: "gone.example",
    });
    expect(await model.rules.run("postq", connection(), mail)).toMatchObject({ kind: "error" });
    expect(model.lines.join()).toContain("gone.example");
  });
});

test("a refused recipient does not decide about the mail", async () => {
  const model = await Model.open({
    filter: traced("root", { rcpt: `rule "no" || state::reject("550 no")` }),
    domains: { "example.com/incoming": traced("incoming") },
  });
  await model.send("a@foreign.example", ["b@example.com", "c@foreign.example"]);
  await model.close();
  expect(model.ran).toContain("root rcpt");
  expect(model.ran).toContain("incoming preq");
});

test("header fields of connect and helo rules begin every mail of the connection", async () => {
  const field = (stage: string) => `${stage}: [ action "${stage}" || msg::append_header("X-${stage}", "1") ]`;
  const postq = `postq: [ rule "keep" || state::quarantine("kept") ]`;
  const model = await Model.open({ filter: `#{ ${field("connect")}, ${field("helo")}, ${field("mail")}, ${postq} }` });
  const session = model.session();
  await session.connect();
  await session.helo("client.example", true);
  for (const subject of ["1", "2"]) {
    await session.mail("a@a.example");
    await session.rcpt("b@b.example");
    await session.data(Buffer.from(`Subject: ${subject}\r\n\r\n`), () => true);
    session.reset();
  }
  await model.queue.stop(10_000);
  const mails = model.site.quarantined("kept").map((file) => readFileSync(file, "latin1").replace(/^.*\n/, ""));
  await model.close();
  const early = "X-connect: 1\r\nX-helo: 1\r\nX-mail: 1\r\n";
  expect(mails).toEqual([`${early}Subject: 1\r\n\r\n`, `${early}Subject: 2\r\n\r\n`]);
});

test.each(["connect", "helo", "mail", "rcpt", "preq"])(
  "a delegation at %s is refused when scripts are loaded",
  async (stage) => {
    const opened = Model.open({ filter: `#{ ${stage}: [ delegate "filter" "antivirus" || state::next() ] }` });
    await expect(opened).rejects.toMatchObject({ problems: [{ code: "RULES_DELEGATE_EARLY" }] });
  },
);

test("all wrong scripts are told at once", async () => {
  const opened = Model.open({ filter: "42", domains: { "example.com/incoming": "#{ nostage: [] }" } });
  await expect(opened).rejects.toMatchObject({
    problems: [{ code: "RULES_NOT_A_MAP" }, { code: "RULES_UNKNOWN_STAGE" }],
  });
});

test("a service that several scripts import is built once", async () => {
  const counter = join(mkdtempSync(join(tmpdir(), "vsmtp-count-")), "built");
  const use = (role: string) => `import "services/one" as one; #{ connect: [ action "${role}" || one::NAME ] }`;
  const model = await Model.open({
    filter: use("root"),
    domains: { "example.com/incoming": use("incoming"), "example.com/outgoing": use("outgoing") },
    files: {
      "services/one.vsl": `cmd::build(#{ command: "/bin/sh", args: ["-c", "echo built >> ${counter}"] }).run(); export const NAME = "x";`,
    },
  });
  await model.close();
  expect(readFileSync(counter, "utf8")).toBe("built\n");
  rmSync(dirname(counter), { recursive: true });
});
