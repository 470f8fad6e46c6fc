/** `net::…`: the address ranges that are not routed on the Internet (RFC 1918). */

import { NativeModule, native, VslArray } from "../../vsl/index.ts";
import { objectOf } from "./object.ts";

const RANGES = { rg_192: "192.168.0.0/16", rg_172: "172.16.0.0/12", rg_10: "10.0.0.0/8" } as const;

export function netModule(): NativeModule {
  const ranges = Object.entries(RANGES).map(([name, range]) => {
    return native(name, "-> object", `The range ${range}.`, () => objectOf("rg4", range));
  });
  return new NativeModule("net", "Ranges of addresses that are not routed.").add(
    ...ranges,
    native("non_routable", "-> array", "All three: `ctx::client_ip() in net::non_routable()`.", () => {
      return new VslArray(Object.values(RANGES).map((range) => objectOf("rg4", range)));
    }),
  );
}
