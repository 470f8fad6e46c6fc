/** `time::…`: the clock on the wall, in UTC. */

import { NativeModule, native } from "../../vsl/index.ts";

export function timeModule(): NativeModule {
  return new NativeModule("time", "The clock on the wall, in UTC.").add(
    native("now", "-> string", "The time of day, `HH:MM:SS`.", () => new Date().toISOString().slice(11, 19)),
    native("date", "-> string", "The date, `YYYY-MM-DD`.", () => new Date().toISOString().slice(0, 10)),
  );
}
