/** All modules that rules reach without importing them. */

import type { Config } from "../../config/index.ts";
import { fromPlain, NativeModule } from "../../vsl/index.ts";
import { codeModule } from "./code.ts";
import { ctxModule } from "./ctx.ts";
import { dnsModule } from "./dns.ts";
import { envelopModule } from "./envelop.ts";
import { fsModule } from "./fs.ts";
import { laterModules } from "./later.ts";
import { loggingModule } from "./logging.ts";
import { machineModule } from "./machine.ts";
import { msgModule } from "./msg.ts";
import { Names } from "./names.ts";
import { netModule } from "./net.ts";
import { objModule } from "./obj.ts";
import { stateModule } from "./state.ts";
import { storageModule } from "./storage.ts";
import { timeModule } from "./time.ts";
import { transportModule } from "./transport.ts";
import { utilsModule } from "./utils.ts";

export function apiModules(config: Config): NativeModule[] {
  return [
    stateModule(),
    codeModule(),
    ctxModule(),
    envelopModule(),
    msgModule(),
    transportModule(),
    storageModule(),
    objModule(config.directory),
    netModule(),
    dnsModule(new Names(config.server.dns)),
    fsModule(config.app.dirpath),
    loggingModule(),
    timeModule(),
    utilsModule(),
    machineModule(),
    ...laterModules(),
    cfgModule(config),
  ];
}

function cfgModule({ server, app }: Config): NativeModule {
  const module = new NativeModule("cfg", "The configuration.");
  module.variables.set("server", fromPlain(server));
  module.variables.set("app", fromPlain(app));
  return module;
}
