/** The plugin that is called, loaded as a worker does it, and a transaction for those functions that take one. */

import { Plugins, setCallPolicy } from "../../../dist/plugin/index.js";
import { defaultLimits, HostObject, Run } from "../../../dist/vsl/index.js";
import { anything } from "./values.js";

/** An object of nobody. */
class Foreign extends HostObject {
  type = { name: "foreign", methods: new Map(), getters: new Map() };
  toText() {
    return "foreign";
  }
}

export function admitted(file, random) {
  setCallPolicy({ deadline: () => 2_000, onLost: () => undefined });
  const plugins = Plugins.find({ directory: undefined, files: [file], shipped: [] });
  const module = plugins.load(plugins.verdicts[0]);
  if (module instanceof Error) throw module;
  return { module, run: new Run(defaultLimits, new Source(random)), foreign: new Foreign() };
}

/** A transaction whose texts are as bad as those of arguments. */
class Source {
  #random;

  constructor(random) {
    this.#random = random;
  }

  transactionView() {
    const text = () => {
      const value = anything(this.#random, new Map([["", [undefined]]]));
      return typeof value === "string" ? value.slice(0, 10_000) : "x";
    };
    return {
      stage: "preq",
      client: { ip: text(), port: this.#random.below(65_536) },
      serverName: text(),
      helo: this.#random.once(2) ? undefined : text(),
      mailFrom: this.#random.of([undefined, null, text()]),
      recipients: Array.from({ length: this.#random.below(4) }, text),
      id: text(),
      mail: this.#random.once(3) ? undefined : mail(text, this.#random),
    };
  }
}

function mail(text, random) {
  const fields = Array.from({ length: random.below(20) }, () => ({ name: text(), raw: text() }));
  const change = () => undefined;
  return {
    fields: () => fields,
    bytes: random.once(3) ? undefined : Buffer.from(text(), "latin1"),
    prepend: change,
    append: change,
    set: change,
    remove: change,
  };
}
