/**
 * Lays out a vSMTP directory as an admin would: plugin files in a lib folder, links to them in plugins/, an object that
 * is built once in services/, rules in filter.vsl. `npm run demo` and `npm start` run a host on it.
 */

import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Writes everything below `directory`, for a host on `address` that logs at `level`.
 * @returns {{ config: string, mailboxes: string }} paths of the configuration and of the directory of mailboxes
 */
export function layOut(directory, { address, level }) {
  const library = `libvsmtp-plugin-hello-${version}.so`;
  const files = {
    "etc/vsmtp/vsmtp.vsl": VSMTP,
    "etc/vsmtp/conf.d/config.vsl": configuration(address, level),
    "etc/vsmtp/services/command.vsl": SERVICE,
    "etc/vsmtp/filter.vsl": FILTER,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  mkdirSync(join(directory, "usr/lib/vsmtp"), { recursive: true });
  copyFileSync(join(root, "build/plugins", library), join(directory, "usr/lib/vsmtp", library));
  mkdirSync(join(directory, "etc/vsmtp/plugins"));
  symlinkSync(join("../../../usr/lib/vsmtp", library), join(directory, "etc/vsmtp/plugins/vsmtp-plugin-hello.so"));
  return { config: join(directory, "etc/vsmtp/vsmtp.vsl"), mailboxes: join(directory, "var/mail") };
}

const VSMTP = `// The entry point. What an admin changes is in conf.d/.
import "conf.d/config" as cfg;

fn on_config(config) {
  cfg::on_config(config)
}
`;

function configuration(address, level) {
  return `fn on_config(config) {
  config.server.name = "mx.example.com";
  config.server.interfaces.addr = ["${address}"];
  // One process of each kind: what happens is easier to follow.
  config.server.system.thread_pool.receiver = 1;
  config.server.system.thread_pool.delivery = 1;
  config.server.logs.level = ["${level}"];
  config.server.logs.filename = ();
  config.app.logs.filename = ();
  config.server.queues.dirpath = "../../var/spool/vsmtp";
  config.app.dirpath = "../../var/spool/vsmtp/app";
  config.app.storage.location = "maildir:../../var/mail/%u";
  config
}
`;
}

const SERVICE = `// Built once when the host starts. \`export\` makes it visible to those who import this file.
export const echo = cmd::build(#{
  command: "echo",
  args: ["-n", "executing a command from vSMTP!"],
});
`;

const FILTER = `import "plugins/vsmtp-plugin-hello" as hello;
import "services/command" as command;

#{
  connect: [
    action "use echo" || command::echo.run(),
    rule "greeting" || state::accept(code(220, \`\${ctx::server_name()} ESMTP \${hello::greet(ctx::client_ip())}\`)),
  ],

  helo: [
    rule "no impostors" || if ctx::helo() is ctx::server_name() { state::deny("550 5.7.1 That is my name") } else { state::next() },
  ],

  mail: [
    action "note the sender" || msg::append_header("X-Greeting", hello::greet(\`\${ctx::mail_from()}\`)),
  ],

  rcpt: [
    rule "not too many" || if hello::is_crowd(ctx::rcpt_list().len(), 10) { state::reject("452 4.5.3 Too many recipients") } else { state::next() },
    action "into the mailbox" || transport::maildir(ctx::rcpt()),
  ],

  preq: [
    rule "stamp" || {
      let run = command::echo.run(["-n", \`checked \${ctx::message_id()}\`]);
      msg::append_header("X-Command", run.stdout);
      state::next()
    },
  ],
}
`;
