/**
 * What the processes of one crew are given to start with, ready before the first of them starts: whom each of them runs
 * as, the sockets on which they serve each other, and what they share. Descriptors stay open as long as a process may
 * have to be replaced.
 */

import { lchownSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Config, processesOf } from "../../config/index.ts";
import type { Privileges } from "../../native/index.ts";
import { isolatedNames, isolatedSocket } from "../isolation.ts";
import type { Role } from "../messages.ts";
import { nameOfRole } from "../names.ts";
import { privilegesOf } from "../privileges.ts";
import type { ClientCounts } from "./client-counts.ts";
import { runtimeDirectory } from "./directories.ts";
import type { Generation } from "./generation.ts";
import { closeServiceSocket, type OpenSocket, openServiceSocket } from "./sockets.ts";
import type { Equipment } from "./worker.ts";

export interface OutfitOptions {
  readonly generation: Generation;
  /** Of the crew: no two that live at a time have the same. */
  readonly number: number;
  /** On which clients are met. */
  readonly sockets: readonly OpenSocket[];
  readonly stdout: boolean;
  /** Where processes count their clients. */
  readonly clients: ClientCounts;
  /** Descriptors that every process has open, but for those of isolated plugins. */
  readonly keepOpen: readonly number[];
}

/** What changes between the start of one process and of another that takes its place. */
export type Standing = Pick<Equipment, "quarantined" | "heldMails">;

interface Service {
  readonly path: string;
  readonly descriptor: number;
}

export class Outfit {
  readonly roles: readonly Role[];
  readonly #options: OutfitOptions;
  /** With a directory for the sockets of this crew alone. */
  readonly #config: Config;
  readonly #services = new Map<string, Service>();
  readonly #privileges = new Map<Role["kind"] | string, Privileges | undefined>();

  private constructor(options: OutfitOptions) {
    const { config, plugins } = options.generation;
    const runtime = { dirpath: join(runtimeDirectory(config), String(options.number)) };
    this.#options = options;
    this.#config = { ...config, server: { ...config.server, runtime } };
    this.roles = rolesOf(config, isolatedNames(config, plugins));
  }

  /** @throws VsmtpError PRIVILEGES_USER, USERS_SYSTEM or RUNTIME_SOCKET; nothing is left open then */
  static async open(options: OutfitOptions): Promise<Outfit> {
    const outfit = new Outfit(options);
    try {
      await outfit.#open();
      return outfit;
    } catch (error) {
      outfit.close();
      throw error;
    }
  }

  equip(role: Role, standing: Standing): Equipment {
    const { generation, sockets, stdout, keepOpen } = this.#options;
    const isSmtp = role.kind === "smtp";
    const listeners = sockets.flatMap(({ name, descriptor, protocol }) =>
      protocol === "metrics" || !isSmtp ? [] : [{ name, descriptor, protocol }],
    );
    return {
      ...standing,
      role,
      config: this.#config,
      stdout,
      privileges: this.#privileges.get(nameOfRole(role)),
      scripts: isSmtp ? generation.scripts : new Map(),
      plugins: generation.held,
      listeners,
      service: this.#services.get(nameOfRole(role))?.descriptor,
      metrics: isSmtp ? sockets.find(({ protocol }) => protocol === "metrics")?.descriptor : undefined,
      root: process.geteuid?.() === 0,
      storage: isSmtp ? this.#paths("storage") : [],
      mbox: isSmtp ? this.#paths("mbox")[0] : undefined,
      clients: isSmtp ? this.#placeOfClients() : undefined,
      // A spool is no business of an isolated plugin, which could unlock it.
      keepOpen: role.kind === "isolated" ? [] : keepOpen,
    };
  }

  #placeOfClients(): Equipment["clients"] {
    const { clients } = this.#options;
    const place = clients.take();
    return place === undefined ? undefined : { descriptor: clients.descriptor, place };
  }

  /** Once no process is left. */
  close(): void {
    for (const { path, descriptor } of this.#services.values()) closeServiceSocket(path, descriptor);
    this.#services.clear();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #directory(): string {
    return runtimeDirectory(this.#config);
  }

  async #open(): Promise<void> {
    const byKind = new Map<string, Privileges | undefined>();
    for (const role of this.roles) {
      const key = role.kind === "isolated" ? nameOfRole(role) : role.kind;
      if (!byKind.has(key)) byKind.set(key, await privilegesOf(this.#config, role));
      this.#privileges.set(nameOfRole(role), byKind.get(key));
    }
    const clients = byKind.get("smtp");
    mkdirSync(this.#directory, { recursive: true, mode: 0o750 });
    if (clients) lchownSync(this.#directory, process.geteuid?.() ?? 0, clients.gid);
    for (const role of this.roles) {
      const path = this.#socketOf(role);
      if (path !== undefined)
        this.#services.set(nameOfRole(role), { path, descriptor: openServiceSocket(path, clients) });
    }
  }

  #socketOf(role: Role): string | undefined {
    switch (role.kind) {
      case "smtp":
        return undefined;
      case "storage":
        return join(this.#directory, `storage-${role.number}.sock`);
      case "mbox":
        return join(this.#directory, "mbox.sock");
      case "isolated":
        return isolatedSocket(this.#config, role.plugin);
    }
  }

  #paths(kind: Role["kind"]): string[] {
    return this.roles
      .filter((role) => role.kind === kind)
      .flatMap((role) => this.#services.get(nameOfRole(role))?.path ?? []);
  }
}

function rolesOf(config: Config, isolated: readonly string[]): Role[] {
  const { smtp, storage } = processesOf(config);
  const numbered = <Kind extends "smtp" | "storage">(kind: Kind, count: number) =>
    Array.from({ length: count }, (_, i) => ({ kind, number: i + 1 }));
  const root = process.geteuid?.() === 0;
  return [
    ...numbered("storage", storage),
    ...(root && config.app.mbox.users === "system" ? [{ kind: "mbox" as const }] : []),
    ...isolated.map((plugin) => ({ kind: "isolated" as const, plugin })),
    ...numbered("smtp", smtp),
  ];
}
