/** A log for tests that look at what was logged. */

import type { Log } from "../../src/observe/index.ts";

/** A log that keeps its lines as text. */
export function logInto(lines: string[]): Log {
  const write = (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`);
  const area = { trace: write, debug: write, info: write, warn: write, error: write, isLevelEnabled: () => false };
  return Object.assign(() => area, { close: () => undefined }) as unknown as Log;
}
