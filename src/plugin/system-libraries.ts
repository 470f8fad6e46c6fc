/**
 * Finds the libraries that a plugin needs the way the dynamic loader will, and answers what they provide, without
 * loading any. What the server has loaded already counts as found: the loader takes it by its SONAME, whatever the
 * directories hold.
 *
 * ld.so(8); glibc: elf/dl-load.c (_dl_map_object). Builds for single processors (glibc-hwcaps) beside a plain one are
 * taken for equal to it. What is learned is kept as long as the object lives: one judgement of all plugins.
 */

import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { VsmtpError } from "../errors.ts";
import { ElfFile, type Wanted } from "./elf/elf-file.ts";
import { hostMachine, type Machine, sameMachine } from "./elf/machine.ts";
import { FileSource } from "./elf/source.ts";
import type { Owned } from "./owner.ts";
import { LoaderCache } from "./system-libraries-cache.ts";
import { directoriesOf, directoriesOfEnvironment, expand, systemDirectories } from "./system-libraries-paths.ts";

/** A library that was found, or the server's executable. */
export class Library {
  readonly path: string;
  readonly elf: ElfFile;
  /** Of the file that was opened. */
  readonly owned: Owned;
  readonly needed: readonly string[];
  readonly #answers = new Map<string, boolean>();

  constructor(path: string, elf: ElfFile, owned: Owned) {
    this.path = path;
    this.elf = elf;
    this.owned = owned;
    this.needed = elf.dynamic.needed;
  }

  provides(wanted: Wanted): boolean {
    const key = `${wanted.name}@${wanted.version ?? ""}`;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.elf.provides(wanted);
      this.#answers.set(key, answer);
    }
    return answer;
  }
}

export interface Dependencies {
  /** All libraries that are loaded with a file, in the order in which the loader searches them for symbols. */
  readonly libraries: readonly Library[];
  /** By the name under which they are needed. */
  readonly byName: ReadonlyMap<string, Library>;
  readonly missing: readonly MissingLibrary[];
}

export interface MissingLibrary {
  readonly name: string;
  /** The file that needs it. */
  readonly by: string;
  /** What is wrong with the file of that name; undefined: there is none. */
  readonly damage: VsmtpError | undefined;
  /** What `$ORIGIN` would lead to if the file itself were loaded, and not a copy of it. */
  readonly beside: Library | undefined;
}

export interface LibraryOptions {
  /** The running program, whose symbols plugins may use. */
  readonly executable: string;
  /**
   * Libraries that are in memory when plugins are loaded, libvsmtp.so.1 and its like, in files named by their
   * SONAMEs. Those that are not there are ignored.
   */
  readonly loaded: readonly string[];
  /** LD_LIBRARY_PATH and LD_PRELOAD as the loader saw them. */
  readonly libraryPath: string | undefined;
  readonly preload: string | undefined;
  readonly cacheFile: string;
}

/** A file whose needs are looked for. */
interface Seeker {
  readonly elf: ElfFile;
  readonly needed: readonly string[];
  readonly file: string;
  /** What `$ORIGIN` means in it. */
  readonly origin: string;
  /** Directories from the DT_RPATH of those for which this file is loaded. */
  readonly inherited: readonly string[];
}

/** Plugins are loaded from copies that lie in no directory (seal.ts). */
const ORIGIN_OF_COPIES = "/proc/self/fd";

export class SystemLibraries {
  readonly #options: LibraryOptions;
  readonly #machine = hostMachine();
  readonly #environment: readonly string[];
  readonly #dependencies = new Map<string, Dependencies>();
  readonly #opened = new Map<string, Library | VsmtpError | undefined>();
  readonly #byIdentity = new Map<string, Library>();
  readonly #found = new Map<string, Library | VsmtpError | undefined>();
  #cache: LoaderCache | undefined;
  #process: readonly Library[] | undefined;
  #ownSymbols: ReadonlySet<string> | undefined;

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.#environment = directoriesOfEnvironment(options.libraryPath, dirname(options.executable));
  }

  /** What the loader would load with a copy of this file. */
  dependenciesOf(elf: ElfFile, file: string): Dependencies {
    const { needed, rpath, runpath, noDefaultDirectories } = elf.dynamic;
    // Where a file lies does not matter for its copy, so most plugins have the same.
    const key = JSON.stringify([needed, rpath, runpath, noDefaultDirectories]);
    let dependencies = this.#dependencies.get(key);
    if (!dependencies) {
      const seeker = { elf, needed, file, origin: ORIGIN_OF_COPIES, inherited: [] };
      const { missing, ...found } = this.#collect(seeker, (name, by) => this.#findAsLoaded(name, by));
      dependencies = { ...found, missing: missing.map((one) => ({ ...one, beside: this.#findBeside(one, seeker) })) };
      // What is missing is told of this very file.
      if (missing.length === 0) this.#dependencies.set(key, dependencies);
    }
    return dependencies;
  }

  /** Whether the program has it in memory, so that all that load it share it. */
  isInProcess(library: Library): boolean {
    const { soname } = library.elf.dynamic;
    if (this.#options.loaded.includes(library.path)) return true;
    // Nearly always the program needs it by itself, and then nothing else has to be opened.
    const program = soname === undefined ? undefined : this.#open(this.#options.executable);
    if (program instanceof Library && program.needed.includes(soname ?? "")) return true;
    return this.process.includes(library);
  }

  /** The library of this SONAME that the program has in memory. */
  inProcess(name: string): Library | undefined {
    return this.process.find(({ elf }) => elf.dynamic.soname === name);
  }

  /** The program itself and what was loaded with it: every plugin can use their symbols. */
  get process(): readonly Library[] {
    this.#process ??= this.#findProcess();
    return this.#process;
  }

  /** Libraries of the server itself that are in memory when plugins are loaded. */
  get own(): readonly Library[] {
    return this.#options.loaded.map((path) => this.#open(path)).filter((found) => found instanceof Library);
  }

  /** The one of them whose symbols every storage plugin sees; undefined: it is not built. */
  get storageCore(): Library | undefined {
    return this.own.find(({ path }) => basename(path).startsWith("libvsmtp-storage.so"));
  }

  /** Names of the functions that these libraries offer to plugins. */
  get ownSymbols(): ReadonlySet<string> {
    this.#ownSymbols ??= new Set(this.own.flatMap(({ elf }) => elf.exported("vsmtp_")));
    return this.#ownSymbols;
  }

  /** Closes all files; libraries that were found must not be used any more. */
  close(): void {
    for (const library of this.#byIdentity.values()) library.elf.source.close();
    for (const map of [this.#opened, this.#byIdentity, this.#found, this.#dependencies]) map.clear();
    this.#process = undefined;
  }

  #findProcess(): readonly Library[] {
    const program = this.#open(this.#options.executable);
    if (!(program instanceof Library)) return [];
    const preloaded = (this.#options.preload ?? "").split(/[ :]+/).filter((name) => name !== "");
    const { path: file, elf } = program;
    const seeker = { elf, needed: [...preloaded, ...program.needed], file, origin: dirname(file), inherited: [] };
    return [program, ...this.#collect(seeker, (name, by) => this.#find(name, by)).libraries];
  }

  /** What is in memory under a SONAME is not looked for; opening all of that is put off until it could matter. */
  #findAsLoaded(name: string, seeker: Seeker): Library | VsmtpError | undefined {
    const own = this.#options.loaded.find((path) => basename(path) === name);
    const library = own === undefined ? undefined : this.#open(own);
    if (library instanceof Library) return library;
    // Without directories of its own, a file gets from the system what the program got from it.
    const special = this.#directoriesOf(seeker).length > 0;
    return special
      ? (this.inProcess(name) ?? this.#find(name, seeker))
      : (this.#find(name, seeker) ?? this.inProcess(name));
  }

  /** Breadth first, as the loader does. */
  #collect(root: Seeker, find: (name: string, seeker: Seeker) => Library | VsmtpError | undefined): Dependencies {
    const byName = new Map<string, Library>();
    const libraries = new Set<Library>();
    const missing: MissingLibrary[] = [];
    const queue: Seeker[] = [root];
    for (const seeker of queue) {
      for (const name of seeker.needed) {
        if (byName.has(name) || missing.some((one) => one.name === name)) continue;
        const library = find(name, seeker);
        if (!(library instanceof Library)) {
          missing.push({ name, by: seeker.file, damage: library, beside: undefined });
          continue;
        }
        byName.set(name, library);
        if (libraries.has(library)) continue;
        libraries.add(library);
        const { elf, needed, path: file } = library;
        queue.push({ elf, needed, file, origin: dirname(file), inherited: ownRpath(seeker) });
      }
    }
    return { libraries: [...libraries], byName, missing };
  }

  /** What the file at the root would find in its own directory. */
  #findBeside({ name, by, damage }: MissingLibrary, root: Seeker): Library | undefined {
    // DT_RUNPATH is for what the file needs itself.
    if (damage || (by !== root.file && root.elf.dynamic.runpath !== undefined)) return undefined;
    const found = this.#find(name, { ...root, origin: dirname(root.file) });
    return found instanceof Library ? found : undefined;
  }

  #find(name: string, seeker: Seeker): Library | VsmtpError | undefined {
    if (name.includes("/")) return first(expand(name, seeker.origin), (path) => this.#open(path));
    const { noDefaultDirectories } = seeker.elf.dynamic;
    const directories = this.#directoriesOf(seeker);
    const key = [name, noDefaultDirectories, ...directories].join("\0");
    if (this.#found.has(key)) return this.#found.get(key);
    const library =
      first(directories, (directory) => this.#open(join(directory, name))) ??
      (noDefaultDirectories ? undefined : this.#findInSystem(name));
    this.#found.set(key, library);
    return library;
  }

  /** Where the loader looks first, before the system's directories. */
  #directoriesOf(seeker: Seeker): readonly string[] {
    const { runpath } = seeker.elf.dynamic;
    if (runpath === undefined) return [...ownRpath(seeker), ...this.#environment];
    return [...this.#environment, ...directoriesOf(runpath, seeker.origin)];
  }

  #findInSystem(name: string): Library | VsmtpError | undefined {
    this.#cache ??= LoaderCache.read(this.#options.cacheFile);
    return (
      first(this.#cache.lookup(name), (path) => this.#open(path)) ??
      first(systemDirectories(), (directory) => this.#open(join(directory, name)))
    );
  }

  /** Undefined: there is no such file, or it is for another machine, and the loader looks on; an error: it gives up. */
  #open(path: string): Library | VsmtpError | undefined {
    if (this.#opened.has(path)) return this.#opened.get(path);
    const library = this.#openNew(path);
    this.#opened.set(path, library);
    return library;
  }

  #openNew(path: string): Library | VsmtpError | undefined {
    const fd = openQuietly(path);
    if (fd === undefined) return undefined;
    const stats = fstatSync(fd);
    const { dev, ino, mtimeMs, size } = stats;
    const identity = `${dev}:${ino}:${mtimeMs}`;
    const known = this.#byIdentity.get(identity);
    if (known) {
      closeSync(fd);
      return known;
    }
    const source = new FileSource(path, fd, size);
    const library = readLibrary(path, source, { machine: this.#machine, owned: stats });
    if (library instanceof Library) this.#byIdentity.set(identity, library);
    else source.close();
    return library;
  }
}

/** An open regular file; anything else is no library, and opening it must not wait for a writer. */
function openQuietly(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return undefined;
}

function readLibrary(
  path: string,
  source: FileSource,
  { machine, owned }: { readonly machine: Machine; readonly owned: Owned },
): Library | VsmtpError | undefined {
  try {
    const elf = new ElfFile(source);
    return sameMachine(elf.header.machine, machine) ? new Library(path, elf, owned) : undefined;
  } catch (error) {
    if (!(error instanceof VsmtpError)) throw error;
    return error.code === "ELF_OTHER_MACHINE" ? undefined : error;
  }
}

/** DT_RPATH counts only in files without DT_RUNPATH, but then for everything that is loaded for them. */
function ownRpath({ elf, origin, inherited }: Seeker): readonly string[] {
  const { rpath, runpath } = elf.dynamic;
  if (runpath !== undefined || rpath === undefined) return inherited;
  return [...directoriesOf(rpath, origin), ...inherited];
}

function first<T, R>(items: Iterable<T>, attempt: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = attempt(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
