/** What the host answers on its control socket. */

import { VsmtpError } from "../../errors.ts";
import type { Answer } from "../control/control.ts";
import type { ControlRequest } from "../control/control-protocol.ts";
import type { HostFigures, Released } from "../messages.ts";
import { asProblem, problemsOf } from "../problems.ts";

/** What can be asked of a host. */
export interface Controlled {
  reload(): Promise<VsmtpError[]>;
  release(plugin: string, mails: boolean): Promise<Released | VsmtpError[]>;
  reopenLogs(): VsmtpError[];
  figures(): Promise<HostFigures>;
}

export function controlAnswers(host: Controlled): Answer {
  return async (request) => {
    const value = await carryOut(request, host).catch(problemsOf);
    if (!isProblems(value)) return { ok: true, value };
    return value.length === 0 ? { ok: true } : { ok: false, problems: value.map(asProblem) };
  };
}

/** A value; or what is wrong, which may be nothing. */
async function carryOut(request: ControlRequest, host: Controlled): Promise<unknown> {
  switch (request.do) {
    case "reload":
      return host.reload();
    case "figures":
      return host.figures();
    case "release":
      return host.release(request.plugin, request.mails);
    case "reopen-logs":
      return host.reopenLogs();
  }
}

function isProblems(value: unknown): value is VsmtpError[] {
  return Array.isArray(value) && value.every((one) => one instanceof VsmtpError);
}
