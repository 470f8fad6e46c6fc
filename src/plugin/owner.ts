/**
 * Who could change what is loaded. A plugin runs with the rights of the host, so its file belongs to root or to the user
 * that runs this, and nobody else can write to it, or to a directory or link on the way to it.
 *
 * A file is judged by what was opened, the way there by what stands in it. Between the two nobody can exchange anything
 * whom this did not find out to be able to.
 */

import { constants, lstatSync, readlinkSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { ErrorCode, Facts, VsmtpError } from "../errors.ts";
import { problem } from "./problem.ts";

/** What is known of an open file. */
export interface Owned {
  readonly uid: number;
  readonly gid: number;
  /** With the bits of its kind, as in Stats. */
  readonly mode: number;
}

export interface Trust {
  /** Why the file is not loaded. */
  readonly problems: readonly VsmtpError[];
  /** What only the members of a group could do, told to whoever is not root. One for each path. */
  readonly warnings: readonly VsmtpError[];
}

interface Fault {
  readonly code: ErrorCode;
  readonly facts: Facts;
}

/** A directory or link on the way. */
interface Step {
  readonly faults: readonly Fault[];
  /** Where it leads to, if it is a link. */
  readonly target: string | undefined;
}

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

const TRUSTED: Trust = { problems: [], warnings: [] };

/** As many as the kernel follows. */
const MAX_LINKS = 40;

export class Ownership {
  readonly #uid: number;
  readonly #steps = new Map<string, Step>();
  readonly #directories = new Map<string, readonly Fault[]>();

  /** @param uid who trusts: the user whose rights this process has. What is seen of directories is kept as long as this */
  constructor(uid: number = process.geteuid?.() ?? 0) {
    this.#uid = uid;
  }

  /**
   * Whether nobody else can exchange the file that was opened.
   *
   * @param file its absolute path, as it was found
   * @param realFile where links lead to
   */
  check(file: string, realFile: string, opened: Owned): Trust {
    const way = file === realFile ? this.#directory(dirname(file)) : this.#way(file);
    const faults = [...way, ...this.#faultsOf(realFile, opened)];
    if (faults.length === 0) return TRUSTED;
    const told = (some: readonly Fault[]) => some.map(({ code, facts }) => problem(code, { file, ...facts }));
    return { problems: told(faults.filter(isGrave)), warnings: told(faults.filter((fault) => !isGrave(fault))) };
  }

  /** Of a directory without links in its path, and of those above it. */
  #directory(path: string): readonly Fault[] {
    let faults = this.#directories.get(path);
    if (!faults) {
      faults = this.#way(path);
      this.#directories.set(path, faults);
    }
    return faults;
  }

  /** Of all directories and links through which the kernel goes to the file. */
  #way(file: string): Fault[] {
    const faults = [...this.#look("/").faults];
    const names = partsOf(file);
    let place = "/";
    for (let links = 0; links <= MAX_LINKS; ) {
      const name = names.shift();
      if (name === undefined) break;
      const next = name === ".." ? dirname(place) : join(place, name);
      const { faults: found, target } = this.#look(next);
      faults.push(...found);
      if (target === undefined) place = next;
      else {
        links++;
        if (isAbsolute(target)) place = "/";
        names.unshift(...partsOf(target));
      }
    }
    return faults;
  }

  #look(path: string): Step {
    let step = this.#steps.get(path);
    if (!step) {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      step = stats ? this.#stepOf(path, stats) : { faults: [], target: undefined };
      this.#steps.set(path, step);
    }
    return step;
  }

  #stepOf(path: string, stats: Stats): Step {
    if (stats.isSymbolicLink()) return { faults: this.#strangerOf(path, stats.uid, "-h "), target: readlinkSync(path) };
    // The file itself is known better by what was opened.
    return { faults: stats.isDirectory() ? this.#faultsOf(path, stats) : [], target: undefined };
  }

  #faultsOf(path: string, { uid, gid, mode }: Owned): Fault[] {
    return [...this.#strangerOf(path, uid, ""), ...this.#writersOf(path, gid, mode)];
  }

  #strangerOf(path: string, uid: number, option: string): Fault[] {
    if (uid === 0 || uid === this.#uid) return [];
    return [{ code: "PLUGIN_OWNER", facts: { path, uid, command: `chown ${option}root ${quoted(path)}` } }];
  }

  #writersOf(path: string, gid: number, mode: number): Fault[] {
    const others = (mode & OTHERS_WRITE) !== 0;
    const group = (mode & GROUP_WRITES) !== 0;
    if (!others && !group) return [];
    // In a sticky directory everybody can make files, but only take away their own. For a file the bit means nothing.
    if ((mode & STICKY) !== 0 && (mode & constants.S_IFMT) === constants.S_IFDIR) return [];
    const who = others ? "everybody" : `the group with gid ${gid}`;
    const which = others && group ? "go-w" : others ? "o-w" : "g-w";
    const facts = { path, who, mode: octal(mode), command: `chmod ${which} ${quoted(path)}` };
    return [{ code: others || this.#uid === 0 ? "PLUGIN_WRITABLE" : "PLUGIN_GROUP_WRITABLE", facts }];
  }
}

function isGrave({ code }: Fault): boolean {
  return code !== "PLUGIN_GROUP_WRITABLE";
}

function partsOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** As a shell wants it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
