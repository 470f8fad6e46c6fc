/** Storage plugins and the storage stage of the rules in a running host: a mail on its way passes both. */

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile, includeFolder } from "../fixtures/compile.ts";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

/** Refuses mails for users whose setting says so, logs the others, and leaves a trace of its end. */
const SOURCE = `
#include <lib.h>
#include <mail-storage-private.h>
#include <stdio.h>
#include <unistd.h>

const char *gate_plugin_version = DOVECOT_ABI_VERSION;
void gate_plugin_init(struct module *module);
void gate_plugin_deinit(void);

static MODULE_CONTEXT_DEFINE_INIT(gate_storage_module, &mail_storage_module_register);
#define GATE_CONTEXT(box) ((union mailbox_module_context *)MODULE_CONTEXT(box, gate_storage_module))

static int gate_copy(struct mail_save_context *ctx, struct mail *mail)
{
    struct mailbox *box = ctx->transaction->box;
    const char *closed = mail_user_plugin_getenv(box->storage->user, "gate_closed");
    const char *subject = "";

    if (closed != NULL && strcmp(closed, box->storage->user->username) == 0) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOQUOTA, "The gate is closed");
        return -1;
    }
    (void)mail_get_first_header(mail, "Subject", &subject);
    i_info("gate: %s", subject);
    if (strcmp(subject, "hang") == 0)
        for (;;)
            (void)pause();
    if (strcmp(subject, "panic") == 0)
        i_panic("the gate has fallen");
    return GATE_CONTEXT(box)->super.copy(ctx, mail);
}

static void gate_allocated(struct mailbox *box)
{
    union mailbox_module_context *context = p_new(box->pool, union mailbox_module_context, 1);
    struct mailbox_vfuncs *v = box->vlast;

    context->super = *v;
    box->vlast = &context->super;
    v->copy = gate_copy;
    MODULE_CONTEXT_SET_SELF(box, gate_storage_module, context);
}

static const struct mail_storage_hooks gate_hooks = {.mailbox_allocated = gate_allocated};

void gate_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &gate_hooks);
}

void gate_plugin_deinit(void)
{
    FILE *file = fopen("deinit", "w");

    mail_storage_hooks_remove(&gate_hooks);
    if (file != NULL)
        (void)fclose(file);
}
`;

const flags = [`-I${includeFolder}/dovecot`, "-fvisibility=default"];
const gate = () => compile(SOURCE, { name: "20_gate_plugin.so", core: false, flags });

async function send(host: Host, to: readonly string[], mail: string): Promise<void> {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", to, mail)).toMatchObject({ code: 250 });
  await client.quit();
}

test("a storage plugin sees deliveries, is in the log by its name, and ends with the host", async () => {
  const site = new Site({ plugins: [gate()], config: `config.server.logs.level = ["info", "storage=debug"];` });
  const host = await Host.start(site);
  await send(host, ["x@b.example"], "Subject: through the gate\r\n\r\nx");
  const line = await host.logged(({ area, msg }) => area === "storage" && msg.includes("gate:"));
  expect(line).toMatchObject({ level: "info", plugin: "gate", msg: expect.stringContaining("through the gate") });
  await until(() => site.mails("x@b.example").length === 1);
  expect(existsSync(site.path("deinit"))).toBe(false);
  expect(await host.stop()).toBe(0);
  expect(existsSync(site.path("deinit"))).toBe(true);
  site.remove();
});

test("what a plugin refuses stays in the spool, with its reason, and others get their mail", async () => {
  const config = `config.app.storage.settings = #{ gate_closed: "shut@b.example" };`;
  const site = new Site({ plugins: [gate()], config });
  const host = await Host.start(site);
  await send(host, ["shut@b.example", "open@b.example"], "Subject: x\r\n\r\nx");
  const line = await host.logged(({ recipient }) => recipient === "shut@b.example");
  expect(line).toMatchObject({ code: "STORAGE_OPERATION", msg: expect.stringContaining("The gate is closed") });
  await until(() => site.mails("open@b.example").length === 1);
  expect(site.mails("shut@b.example")).toEqual([]);
  expect(await host.stop()).toBe(0);
  expect(site.spooled()).toHaveLength(1);
  site.remove();
});

test("a plugin that is wanted and not there makes mails wait, and says so at the start", async () => {
  const site = new Site({ config: `config.app.storage.plugins = ["gate"];` });
  const host = await Host.start(site);
  await host.logged(({ area, code }) => area === "storage" && code === "STORAGE_PLUGIN");
  await send(host, ["x@b.example"], "Subject: x\r\n\r\nx");
  const line = await host.logged(({ code }) => code === "STORAGE_UNAVAILABLE");
  expect(line.msg).toContain("The storage plugin gate is to take part");
  expect(await host.stop()).toBe(0);
  expect(site.spooled()).toHaveLength(1);

  const again = new Site({ config: `config.app.storage.plugins = [];`, plugins: [gate()] });
  const without = await Host.start(again);
  await send(without, ["x@b.example"], "Subject: x\r\n\r\nx");
  await until(() => again.mails("x@b.example").length === 1);
  expect(await without.stop()).toBe(0);
  expect(existsSync(again.path("deinit"))).toBe(false);
  site.remove();
  again.remove();
});

test("a plugin that is refused stops nothing", async () => {
  const name = "20_gate_plugin.so";
  const site = new Site({ plugins: [compile("#include <lib.h>\nint gate;", { name, core: false, flags })] });
  const host = await Host.start(site);
  await host.logged(({ area, level, file }) => area === "plugin" && level === "error" && String(file).endsWith(name));
  await send(host, ["x@b.example"], "Subject: x\r\n\r\nx");
  await until(() => site.mails("x@b.example").length === 1);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("a plugin that hangs holds up mailboxes only: mails are taken, and the host ends when it is told to", async () => {
  const site = new Site({ plugins: [gate()] });
  const host = await Host.start(site);
  await send(host, ["x@b.example"], "Subject: hang\r\n\r\nx");
  await host.logged(({ area, msg }) => area === "storage" && msg.includes("gate: hang"));
  await send(host, ["x@b.example"], "Subject: after it\r\n\r\nx");
  expect(await host.stop()).toBe(0);
  expect(host.log.some(({ level, msg }) => level === "error" && msg.includes("a plugin hangs"))).toBe(true);
  expect(site.spooled()).toHaveLength(2);
  site.remove();
});

test("a plugin that panics ends the host with a line that names it, and no mail is lost", async () => {
  const site = new Site({ plugins: [gate()] });
  const host = await Host.start(site, { prepare: 'ulimit -c 0; exec "$@"' });
  const client = await SmtpClient.open(host.port);
  // The host may be gone before the client has its answer.
  await client.mail("a@a.example", ["x@b.example"], "Subject: panic\r\n\r\nx").catch(() => undefined);
  expect(await host.exited).toBe("SIGABRT");
  expect(host.stderr).toMatch(/20_gate_plugin\.so: .*the gate has fallen/);
  expect(site.spooled()).toHaveLength(1);
  site.remove();
});

test("the storage stage of the rules decides about deliveries", async () => {
  const filter = `#{
    rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
    storage: [ rule "not for everybody" || {
      if storage::user() == "closed@b.example" { state::deny("550 5.2.1 no mails here") } else { state::next() }
    } ],
  }`;
  const site = new Site({ filter });
  const host = await Host.start(site);
  await send(host, ["closed@b.example", "open@b.example"], "Subject: x\r\n\r\nx");
  const line = await host.logged(({ recipient }) => recipient === "closed@b.example");
  expect(line.msg).toContain("no mails here");
  await until(() => site.mails("open@b.example").length === 1);
  expect(site.mails("closed@b.example")).toEqual([]);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("addresses cannot reach what is not theirs by their names", async () => {
  const site = new Site();
  const host = await Host.start(site);
  await send(host, [`"a:INDEX=/x"@b.example`, `"%u"@b.example`], "Subject: x\r\n\r\nx");
  await until(() => site.everyMail().length === 2);
  const folders = site.everyMail().map((file) => file.replace(site.path("mailboxes/"), "").split("/")[0]);
  expect(folders.sort()).toEqual([`"%25u"@b.example`, `"a%3aindex=%2fx"@b.example`]);
  expect(readFileSync(site.everyMail()[0] as string, "utf8")).toContain("Subject: x");
  expect(await host.stop()).toBe(0);
  site.remove();
});
