/** Records of crashes on disk, `<state>/crashes/<time>-<pid>.json`: the latest, one a file, for people and for the next host. */

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { reasonOf, VsmtpError } from "../../errors.ts";
import type { AreaLog, CrashRecord } from "../../observe/index.ts";
import { readState, writeState } from "./state-file.ts";

/** Latest first. What cannot be read is told to `unreadable` and left out. */
export function storedCrashes(directory: string, unreadable: (problem: VsmtpError) => void): CrashRecord[] {
  const attempt = <T>(read: () => T[]): T[] => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof VsmtpError)) throw error;
      unreadable(error);
      return [];
    }
  };
  return attempt(() => namesIn(directory)).flatMap((name) =>
    attempt(() => [readState(join(directory, name), RecordShape)].filter((record) => record !== undefined)),
  );
}

/** Returns the file. Keeps `most` records, the latest. @throws VsmtpError STATE_WRITE */
export function storeCrash(directory: string, record: CrashRecord, most: number, log: AreaLog): string {
  const file = join(directory, `${record.time.replace(/[-:.]/g, "")}-${record.pid}.json`);
  writeState(file, record);
  for (const name of namesIn(directory).slice(most)) {
    try {
      rmSync(join(directory, name), { force: true });
    } catch (error) {
      log.warn({ file: join(directory, name) }, `an old record cannot be removed: ${reasonOf(error)}`);
    }
  }
  return file;
}

function namesIn(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => NAME.test(name));
    return names.sort().reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new VsmtpError("STATE_READ", { file: directory, reason: reasonOf(error) }, { cause: error });
  }
}

/** They sort by time. */
const NAME = /^\d{8}T\d+Z-\d+\.json$/;

const Situation = z.object({
  mail: z.string().optional(),
  fingerprint: z.string().optional(),
  stage: z.string().optional(),
  directive: z.string().optional(),
  entry: z.string().optional(),
  user: z.string().optional(),
});

const Call = z.object({ plugin: z.string(), function: z.string() });

const RecordShape = z.object({
  time: z.string(),
  since: z.string().optional(),
  pid: z.number(),
  process: z.string(),
  kind: z.enum(["signal", "exit", "hung"]),
  signal: z.string().optional(),
  status: z.number().optional(),
  sender: z.number().optional(),
  address: z.string().optional(),
  plugin: z.string().optional(),
  call: Call.optional(),
  function: z.string().optional(),
  offset: z.string().optional(),
  file: z.string().optional(),
  buildId: z.string().optional(),
  sha256: z.string().optional(),
  by: z.enum(["place", "stack", "marker"]).optional(),
  note: z.string().optional(),
  backtrace: z.array(z.string()),
  situation: Situation.optional(),
  inFlight: z.array(Call.extend({ tid: z.number(), situation: Situation.optional() })),
  lastCalled: z.array(Call),
}) satisfies z.ZodType<CrashRecord>;
