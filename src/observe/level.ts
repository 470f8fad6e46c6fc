/** How much a part of the program logs: the directives of `server.logs.level`, `"info"` or `"rules=trace"`. */

export const levels = ["trace", "debug", "info", "warn", "error", "off"] as const;

export type Level = (typeof levels)[number];

export interface LogLevels {
  /** For every area that no directive names. */
  readonly base: Level;
  readonly areas: ReadonlyMap<string, Level>;
}

/** Areas may carry the prefix that they have in configurations of the original: `vsmtp_delivery=trace`. */
const DIRECTIVE = /^(?:(?:vsmtp_)?([a-z][a-z_-]*)=)?(trace|debug|info|warn|error|off)$/i;

export function isLevelDirective(text: string): boolean {
  return DIRECTIVE.test(text);
}

/** Reads directives that {@link isLevelDirective} accepts; a later one wins over an earlier one for the same area. */
export function parseLevels(directives: readonly string[]): LogLevels {
  let base: Level = "warn";
  const areas = new Map<string, Level>();
  for (const directive of directives) {
    const match = DIRECTIVE.exec(directive);
    const level = match?.[2]?.toLowerCase() as Level | undefined;
    if (level === undefined) continue;
    const area = match?.[1]?.toLowerCase();
    if (area === undefined) base = level;
    else areas.set(area, level);
  }
  return { base, areas };
}
