/** A moment of the calendar, as `ctx::connection_timestamp()` gives it: shown as RFC 3339 text in UTC. */

import { HostObject, type HostType, type Value } from "../../vsl/index.ts";

export class DateTime extends HostObject {
  readonly type = dateTimeType;
  /** Milliseconds since the epoch. */
  readonly time: number;

  constructor(time: number) {
    super();
    this.time = time;
  }

  toText(): string {
    return new Date(this.time).toISOString();
  }
}

export const dateTimeType: HostType = {
  name: "date_time",
  methods: new Map(),
  getters: new Map([["unix", (self): Value => Math.floor((self as DateTime).time / 1000)]]),
  equals: (self, other) => other instanceof DateTime && other.time === (self as DateTime).time,
};
