/** A record of a crash for people: what, where, for which mail, since when, what to do. */

import type { CallInFlight, CrashRecord, PluginCall, SituationFacts } from "../observe/index.ts";
import { printable } from "../plugin/index.ts";
import { endText, isFault, situationText } from "../server/index.ts";

/** Lines with their ends. `all`: the records that are kept, which tell since when. */
export function crashText(record: CrashRecord, all: readonly CrashRecord[]): string {
  const { time, process, pid, plugin, note, by, backtrace, inFlight, lastCalled } = record;
  const facts: (readonly [label: string, ...lines: string[]])[] = [
    ["what", whatText(record)],
    ["where", ...whereLines(record)],
    ["known by", by === undefined ? "" : KNOWN_BY[by]],
    ["mail", situationLine(record.situation)],
    ["note", note ?? ""],
    ["in flight", ...inFlight.map(flightText)],
    ["called last", ...(plugin === undefined ? lastCalled.map(callText) : [])],
    ["way there", ...backtrace],
    ["since", sinceText(record, all)],
    ["what to do", ...helpLines(record)],
  ];
  return [
    `${time}  ${process} (pid ${pid})`,
    ...facts.flatMap(([label, ...lines]) => factLines(label, lines)),
    "",
  ].join("\n");
}

const KNOWN_BY = {
  place: "the place where the thread was",
  stack: "what was on the stack of the thread",
  marker: "what the thread had been called for",
} as const;

const LABEL = 12;

/** Nothing for a fact that is not known. */
function factLines(label: string, lines: readonly string[]): string[] {
  const known = lines.filter((line) => line !== "").map(printable);
  return known.map((line, i) => `  ${(i === 0 ? label : "").padEnd(LABEL)}${line}`);
}

function whatText({ plugin, address, ...record }: CrashRecord): string {
  const at = address === undefined ? "" : `, at the address ${address}`;
  const nobody = isFault(record) ? "whose fault it is, is not known" : "that came from outside";
  const whose = plugin === undefined ? nobody : `the plugin ${plugin}`;
  return `ended ${endText({ ...record })}${at}: ${whose}`;
}

function whereLines({ call, function: name, offset, file, buildId, sha256 }: CrashRecord): string[] {
  const place = [
    name === undefined ? "" : `the function ${name}`,
    call === undefined || call.function === name ? "" : `called as ${call.function}`,
    offset === undefined ? "" : `at ${offset} of the file`,
  ];
  const build = buildId === undefined ? sha256 && `sha256 ${sha256}` : `build-id ${buildId}`;
  return [place.filter((part) => part !== "").join(", "), file ?? "", build ?? ""];
}

function situationLine(situation: SituationFacts = {}): string {
  const { entry, fingerprint } = situation;
  const known = [situationText(situation), entry && `entry ${entry}`, fingerprint && `fingerprint ${fingerprint}`];
  return known.filter((part) => part !== undefined && part !== "").join(", ");
}

function flightText({ tid, situation, ...call }: CallInFlight): string {
  const mail = situationText(situation ?? {});
  return `${callText(call)}, on thread ${tid}${mail === "" ? "" : `, ${mail}`}`;
}

function callText({ plugin, function: name }: PluginCall): string {
  return `${plugin}: ${name}`;
}

function sinceText({ plugin, since, time, buildId }: CrashRecord, all: readonly CrashRecord[]): string {
  if (plugin === undefined || since === undefined) return "";
  const same = all.filter((other) => other.plugin === plugin && other.buildId === buildId);
  if (since === time && same.length < 2) return "the only crash of this build that is known";
  return `${since}, when this build crashed first; records of ${same.length} crashes are kept`;
}

function helpLines(record: CrashRecord): string[] {
  const { plugin, file, offset, lastCalled } = record;
  if (!isFault(record)) {
    return [
      "look who ends processes, or whether memory was short (`journalctl -k`): no plugin is held to account for it",
    ];
  }
  if (plugin === undefined) {
    const suspect = lastCalled[0]?.plugin ?? "NAME";
    return [
      "run the plugins that were called last in processes of their own, until one of these ends instead:",
      `  config.app.plugins.named${keyText(suspect)} = #{ isolate: true };`,
    ];
  }
  return [
    ...(file !== undefined && offset !== undefined
      ? ["find the line, in a file that has its debug information:", `  addr2line -f -e ${file} ${offset}`]
      : []),
    "give this record to its author; then replace the file and run `vsmtp reload`",
    `until then, \`vsmtp plugin list\` tells whether it is quarantined, and \`vsmtp plugin release ${plugin}\` ends that`,
  ];
}

/** How a key of a map is named in vSL. */
function keyText(name: string): string {
  return name.includes("-") ? `["${name}"]` : `.${name}`;
}
