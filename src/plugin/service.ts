/** Whether a plugin is in service in this process, and if not, why. */

import { VsmtpError } from "../errors.ts";
import type { NativeModule } from "../vsl/index.ts";
import type { Admitted } from "./admit.ts";
import type { ServiceState } from "./figures.ts";

/** Plugins that run in processes of their own: another part makes their modules. */
export interface Elsewhere {
  has(verdict: Admitted): boolean;
  /** For checking scripts, or for calling it. */
  bind(verdict: Admitted, purpose: "describe" | "load"): NativeModule | VsmtpError;
}

/** What came of loading a plugin, as far as that was tried: for scripts and for storing mails. */
export interface Outcomes {
  readonly quarantined: string | undefined;
  readonly elsewhere: boolean;
  readonly loaded: readonly unknown[];
}

export function stateOf({ file, sha256, buildId, manifest }: Admitted, outcomes: Outcomes): ServiceState {
  const { name, release } = manifest;
  return { name, file, sha256, buildId, release, ...standingOf(outcomes) };
}

function standingOf({ quarantined, elsewhere, loaded }: Outcomes): Pick<ServiceState, "state" | "reason"> {
  if (quarantined !== undefined) return { state: "quarantined", reason: quarantined };
  const failure = loaded.find((one) => one instanceof VsmtpError);
  if (failure) return { state: "failed", reason: failure.message };
  if (elsewhere) return { state: "isolated" };
  return { state: loaded.length > 0 ? "loaded" : "ready" };
}
