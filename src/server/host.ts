/** Where the files are that come with this installation of the host. */

import { fileURLToPath } from "node:url";
import { hostVersion } from "../plugin/index.ts";

/** The package's directory, from src/ as from dist/. */
const root = new URL("../../", import.meta.url);

/** The directory with the headers for plugins. */
export const includeDirectory = fileURLToPath(new URL("native/include", root));

/** The directory with the headers for storage plugins, under the names that Dovecot's have. */
export const dovecotIncludeDirectory = fileURLToPath(new URL("native/include/dovecot", root));

/** The shell file that builds of Dovecot plugins read, `dovecot-config`. */
export const dovecotConfigFile = fileURLToPath(new URL("build/native/dovecot-config", root));

/** The directory with libvsmtp.so.1. */
export const libraryDirectory = fileURLToPath(new URL("build/native", root));

/** Plugins that are there even when the plugins directory is empty. */
export function shippedPlugins(): string[] {
  return [fileURLToPath(new URL(`build/plugins/libvsmtp-plugin-command-${hostVersion()}.so`, root))];
}
