/** Storage plugins in another process: whom they work for, and what becomes of clients when they do not come back. */

import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SituationFacts } from "../../src/observe/index.ts";
import { hostVersion } from "../../src/plugin/index.ts";
import { type Frame, FrameReader, writeFrame } from "../../src/storage/frames.ts";
import { compile, includeFolder } from "../fixtures/compile.ts";
import { until } from "../fixtures/host.ts";
import {
  bytes,
  connected,
  delivery,
  folder,
  MAIL,
  type StorageProcess,
  started,
  UNAVAILABLE,
  user,
} from "./remote-host.ts";

/** Logs the end of every user, and does what the subject of a mail says. */
const WATCH = `
#include <lib.h>
#include <mail-storage-private.h>
#include <mail-user.h>
#include <unistd.h>

const char *watch_plugin_version = DOVECOT_ABI_VERSION;
void watch_plugin_init(struct module *module);
void watch_plugin_deinit(void);

static MODULE_CONTEXT_DEFINE_INIT(watch_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(watch_storage_module, &mail_storage_module_register);
#define USER(user) ((union mail_user_module_context *)MODULE_CONTEXT(user, watch_user_module))
#define BOX(box) ((union mailbox_module_context *)MODULE_CONTEXT(box, watch_storage_module))

static void watch_user_deinit(struct mail_user *user)
{
    i_info("the end of %s", user->username);
    USER(user)->super.deinit(user);
}

static void watch_user_created(struct mail_user *user)
{
    union mail_user_module_context *context = p_new(user->pool, union mail_user_module_context, 1);

    context->super = *user->vlast;
    user->vlast = &context->super;
    user->v.deinit = watch_user_deinit;
    MODULE_CONTEXT_SET_SELF(user, watch_user_module, context);
}

static int watch_copy(struct mail_save_context *ctx, struct mail *mail)
{
    const char *subject = "";

    (void)mail_get_first_header(mail, "Subject", &subject);
    i_info("subject %s", subject);
    while (strcmp(subject, "hang") == 0)
        (void)pause();
    return BOX(ctx->transaction->box)->super.copy(ctx, mail);
}

static void watch_mailbox_allocated(struct mailbox *box)
{
    union mailbox_module_context *context = p_new(box->pool, union mailbox_module_context, 1);
    struct mailbox_vfuncs *v = box->vlast;

    context->super = *v;
    box->vlast = &context->super;
    v->copy = watch_copy;
    MODULE_CONTEXT_SET_SELF(box, watch_storage_module, context);
}

static const struct mail_storage_hooks hooks = {
    .mail_user_created = watch_user_created,
    .mailbox_allocated = watch_mailbox_allocated,
};

void watch_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

void watch_plugin_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}
`;

const flags = [`-I${includeFolder}/dovecot`, "-fvisibility=default"];
const watch = () => compile(WATCH, { name: "20_watch_plugin.so", core: false, flags });

interface Line {
  readonly text: string;
  readonly situation?: SituationFacts;
}

async function logged(process: StorageProcess, text: string): Promise<Line> {
  const lines = () => process.told.flatMap(({ line }) => (line === undefined ? [] : [line as Line]));
  return until(() => lines().find((line) => line.text.includes(text)));
}

describe("sessions", () => {
  it("of a client that goes away are closed, and others' live on", async () => {
    const process = await started({ files: [watch()] });
    const [leaving, staying] = [connected([process]), connected([process])];
    await leaving.open(user("john"));
    const session = await staying.open(user("mary"));
    await leaving.close();
    expect(await logged(process, "the end of john@b.example")).toMatchObject({ situation: { user: "john@b.example" } });
    expect(await session.search("INBOX", "all")).toEqual([]);
  });

  it("of one client are none of another's.", async () => {
    const process = await started();
    await connected([process]).open(user());
    const answer = new Promise<Frame>((resolve) => {
      const client = connect(process.path);
      const reader = new FrameReader(["hello", "failure", "result"], (frame) => frame.number === 7 && resolve(frame));
      client.on("data", (chunk) => reader.push(chunk));
      writeFrame(client, "hello", 0, { version: hostVersion() });
      writeFrame(client, "request", 7, { asked: { operation: "search", session: 1, mailbox: "INBOX", query: "all" } });
    });
    expect((await answer).name).toBe("failure");
  });
});

describe("the storage process", () => {
  it("knows for whom a plugin has logged a line", async () => {
    const process = await started({ files: [watch()] });
    const storage = connected([process]);
    const parts = (subject: string) => bytes(`Subject: ${subject}\r\n\r\n`);
    const deliveries = ["one", "two", "three"].map((subject, n) =>
      storage.deliver(user(subject), { ...delivery(`1.M${n}P3.mx`), parts: parts(subject), mail: `mail ${subject}` }),
    );
    await Promise.all(deliveries);
    expect((await logged(process, "subject two")).situation).toEqual({
      stage: "deliver",
      user: "two@b.example",
      mail: "mail two",
      entry: "1.M1P3.mx",
    });
    expect((await logged(process, "subject three")).situation?.mail).toBe("mail three");
  });

  it("tells of a plugin that does not come back, and on what it works", async () => {
    const process = await started({ files: [watch()], deadline: 200 });
    const storage = connected([process]);
    const hung = storage.deliver(user(), {
      ...delivery("1.M2P3.mx"),
      parts: bytes("Subject: hang\r\n\r\n"),
      fingerprint: "abc",
    });
    const failed = expect(hung).rejects.toMatchObject(UNAVAILABLE);
    expect(await process.said("hung")).toMatchObject({ stage: "deliver", user: "jane@b.example", fingerprint: "abc" });
    await process.kill();
    await failed;
  });

  it("that is held up is asked for nothing more, and what was not sent fails in time", async () => {
    const process = await started({ files: [watch()] });
    const storage = connected([process], { patience: 200 });
    const deliver = (n: number, subject: string) =>
      storage.deliver(user(), { ...delivery(`1.M${n}P3.mx`), parts: bytes(`Subject: ${subject}\r\n\r\n`) });
    const sent = ["hang", ..."abcdefg"].map((subject, n) => expect(deliver(n, subject)).rejects.toThrow("has ended"));
    const waiting = [..."hijk"].map((subject, n) => deliver(n + 10, subject));
    for (const one of waiting) await expect(one).rejects.toThrow("held up");
    await expect(deliver(20, "l")).rejects.toThrow("held up");
    await process.kill();
    await Promise.all(sent);
    expect(readdirSync(join(folder, "jane/new"))).toEqual([]);
  });

  it("gives the rules their time: they are not the plugin", async () => {
    const process = await started({ deadline: 100 });
    const ask = () => new Promise<{ kind: "allow" }>((resolve) => setTimeout(resolve, 500, { kind: "allow" }));
    expect(await connected([process], { ask }).deliver(user(), delivery("1.M2P3.mx"))).toMatchObject({ uid: 1 });
    expect(process.told.some((told) => "hung" in told)).toBe(false);
  });

  it("fails everything with the reason when a plugin that is to take part does not.", async () => {
    const process = await started({ problem: "the plugin quota is quarantined" });
    await expect(connected([process]).open(user())).rejects.toThrow("the plugin quota is quarantined");
  });

  it("waits for its clients to go when it ends, and then takes no new ones.", async () => {
    const process = await started();
    const storage = connected([process]);
    const session = await storage.open(user());
    process.send({ close: 60_000 });
    expect(await session.search("INBOX", "all")).toEqual([]);
    await session.close();
    await storage.close();
    expect(await process.exited).toEqual([0, null]);
  });

  it("answers clients that do not go in time what they have asked for, and goes itself", async () => {
    const process = await started();
    const storage = connected([process], {
      ask: () => new Promise((resolve) => setTimeout(resolve, 300, { kind: "allow" })),
    });
    const session = await storage.open(user());
    const under = session.save("INBOX", { content: bytes(MAIL) });
    process.send({ close: 60_000 });
    process.send({ close: 10 });
    expect(await under).toMatchObject({ uid: 1 });
    expect(await process.exited).toEqual([0, null]);
    await expect(session.search("INBOX", "all")).rejects.toMatchObject(UNAVAILABLE);
  });
});
