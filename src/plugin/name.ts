/**
 * Names of plugins: in files, in imports, in manifests.
 *
 * A file name is a claim, `[lib]vsmtp-plugin-<name>[-<version>].so`, with `_` for `-` where a build tool prefers that;
 * storage plugins may be called `[lib][NN_]<name>_plugin.so`, as Dovecot does. The manifest decides; `admit.ts` holds
 * the claim against it.
 */

/** What a file name says. A name of another form says nothing, and claims nothing. */
export interface FileClaim {
  readonly name: string;
  /** The vSMTP version that the plugin is built for. */
  readonly version: string | undefined;
}

const PLUGIN_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Semantic Versioning 2.0.0: three numbers, then perhaps what comes before the release and what was built. */
const VERSION = String.raw`\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?`;
const OWN_STYLE = new RegExp(
  `^(?:lib)?vsmtp[-_]plugin[-_](?<name>[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*?)(?:[-_](?<version>${VERSION}))?$`,
);
const STORAGE_STYLE = /^(?:lib)?(?:\d*_)?(?<name>[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)_plugin$/;

export function isPluginName(text: string): boolean {
  return PLUGIN_NAME.test(text);
}

/** Whether a directory entry is looked at: only shared objects are. */
export function isLibraryName(fileName: string): boolean {
  return fileName.endsWith(".so");
}

/** What a file name, with or without `.so`, claims; undefined: nothing. */
export function readFileName(fileName: string): FileClaim | undefined {
  const stem = withoutSuffix(fileName);
  const { name, version } = OWN_STYLE.exec(stem)?.groups ?? STORAGE_STYLE.exec(stem)?.groups ?? {};
  if (name === undefined) return undefined;
  return { name: name.replaceAll("_", "-"), version };
}

/** What the symbols of a storage plugin begin with: `mail_log_plugin` for `mail-log`. */
export function baseName(name: string): string {
  return `${name.replaceAll("-", "_")}_plugin`;
}

/** The plugin that somebody means who writes `mail_log`, `mail-log` or `mail_log_plugin`. */
export function storageName(text: string): string {
  return text.replace(/_plugin$/, "").replaceAll("_", "-");
}

/** Which of two files of storage plugins is loaded first, as for sort(): by their names without `lib`, byte by byte. */
export function loadOrder(one: string, other: string): number {
  return Buffer.compare(withoutLib(one), withoutLib(other));
}

function withoutLib(fileName: string): Buffer {
  return Buffer.from(fileName.replace(/^lib/, ""));
}

/** `x.so` and `x` are the same file for an import. */
export function withoutSuffix(fileName: string): string {
  return fileName.endsWith(".so") ? fileName.slice(0, -3) : fileName;
}

/**
 * The last part of `import "plugins/x"`, or undefined when the import leads elsewhere. `directory` is where plugins
 * are, for imports that name it in full.
 */
export function importedName(specifier: string, directory: string): string | undefined {
  const slash = specifier.lastIndexOf("/");
  const folder = specifier.slice(0, Math.max(0, slash)).replace(/^(\.\/)+/, "");
  if (folder !== "" && folder !== "plugins" && folder !== directory.replace(/\/+$/, "")) return undefined;
  return specifier.slice(slash + 1);
}

/** Names that are so close to a wrong one that they may have been meant, the closest first. */
export function nearNames(wrong: string, names: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(wrong.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** How many letters must be typed, deleted or changed to make one word of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const change = (previous[column - 1] as number) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current[column] = Math.min(change, (previous[column] as number) + 1, (current[column - 1] as number) + 1);
    }
    previous = current;
  }
  return previous[other.length] as number;
}
