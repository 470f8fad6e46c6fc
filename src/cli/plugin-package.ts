/** Which package of the system brought a file, where dpkg knows it. */

import { execFile } from "node:child_process";

const DPKG = "/usr/bin/dpkg-query";
const MILLISECONDS = 10_000;

/** Names of packages by file; empty where the system has no dpkg, or it knows none of them. */
export async function packagesOf(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const output = await query(files);
  // `vsmtp:amd64, other: /usr/lib/…`
  const known = output.split("\n").map((line) => ({ line, end: line.indexOf(": /") }));
  return new Map(known.filter(({ end }) => end > 0).map(({ line, end }) => [line.slice(end + 2), line.slice(0, end)]));
}

/** It ends with 1 when there is a file that it does not know; what it knows it has told by then. */
function query(files: readonly string[]): Promise<string> {
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" };
  return new Promise((resolve) => {
    execFile(DPKG, ["--search", "--", ...files], { env, timeout: MILLISECONDS }, (_error, stdout) => resolve(stdout));
  });
}
