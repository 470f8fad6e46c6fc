/**
 * What a plugin says about itself in the ELF notes of its file, once read and checked. No code of the plugin has run
 * to learn it. `manifest.ts` fills these from notes, `admit.ts` judges them, `bind.ts` makes vSL functions of them.
 */

import type { Signature } from "./prototype.ts";

export interface Manifest {
  /** `[a-z][a-z0-9]*(-[a-z0-9]+)*` */
  readonly name: string;
  /** The vSMTP version that the plugin was compiled against. */
  readonly vsmtp: string;
  /** The author's own version. */
  readonly release: string;
  readonly description: string;
  /** The name of the global vSL module that the plugin offers without an import; undefined: only by import. */
  readonly module: string | undefined;
  /** VSMTP_THREADSAFE: calls on one object may run at the same time. */
  readonly threadsafe: boolean;
  readonly functions: readonly FunctionRecord[];
  readonly objects: readonly ObjectRecord[];
  /** Names of plugins that must be there too. */
  readonly dependencies: readonly string[];
  /** VSMTP_PLUGIN: scripts can import it. A plugin is this, a storage plugin, or both. */
  readonly scripted: boolean;
  /** What it is as a storage plugin in Dovecot's style; undefined: it is none. */
  readonly storage: StorageRecord | undefined;
}

export interface StorageRecord {
  /** What its symbols begin with, `mail_log_plugin`; Dovecot calls it the module's name. */
  readonly base: string;
  /** It has a function that runs while it is loaded, before the init of any plugin. */
  readonly preinit: boolean;
  /** Names of storage plugins that must be loaded before it, without what the host itself brings (`notify`). */
  readonly dependencies: readonly string[];
  /** The programs that it is meant for; undefined: any. */
  readonly binaries: readonly string[] | undefined;
}

export interface FunctionRecord {
  /** The exported C symbol. */
  readonly symbol: string;
  /** The C prototype as written. */
  readonly prototype: string;
  readonly signature: Signature;
  /** The name in vSL. */
  readonly name: string;
  /** The vSL type whose method this is (the type of its first parameter); undefined: an ordinary function. */
  readonly method: string | undefined;
  readonly call: "quick" | "blocking";
  readonly doc: string;
}

export interface ObjectRecord {
  /** The C type as it stands in prototypes without `*`, `const` and `struct`: `cmd`. */
  readonly cType: string;
  /** What `type_of` says in vSL. */
  readonly name: string;
  /** The exported C function `void destroy(T *)` that ends an object. */
  readonly destroy: string;
  readonly doc: string;
}
