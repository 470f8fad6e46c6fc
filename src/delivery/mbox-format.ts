/** What a mail looks like in an mbox file, and how to tell whether one is there. */

import type { FileHandle } from "node:fs/promises";
import { type Letter, showMailbox } from "./letter.ts";

/**
 * The separator line, the mail with line ends of this system, and the empty line that ends it. Lines that could be taken
 * for separators, quoted ones too, get a `>` in front, so that a reader can tell how they were.
 */
export function mboxEntry({ sender, message }: Letter, headers: string): Buffer {
  const from = sender === undefined ? "MAILER-DAEMON" : showMailbox(sender).replace(/\s/g, "-");
  const mail = asLines(`${headers}${Buffer.from(message).toString("latin1")}`).replace(/(^|\n)(>*From )/g, "$1>$2");
  const end = mail.endsWith("\n") ? "\n" : "\n\n";
  return Buffer.from(`From ${asBytes(from)} ${timestamp(new Date())}\n${mail}${end}`, "latin1");
}

/** What must come before the next entry: an empty line, if the file has something and does not end with one. */
export async function endOf(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat();
  if (size === 0) return "";
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
  const end = buffer.toString("latin1", 0, bytesRead);
  return end === "\n\n" ? "" : end.endsWith("\n") ? "\n" : "\n\n";
}

const CHUNK = 1024 * 1024;

/** Whether a mail with these headers, which name the mail and its recipient, is in the file. */
export async function contains(handle: FileHandle, headers: string): Promise<boolean> {
  const wanted = Buffer.from(asLines(headers), "latin1");
  let rest = Buffer.alloc(0);
  for (let at = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
    if (bytesRead === 0) return false;
    const window = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    if (window.includes(wanted)) return true;
    rest = window.subarray(Math.max(0, window.length - wanted.length));
    at += bytesRead;
  }
}

function asLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** UTF-8, one character a byte. */
function asBytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** As asctime(3) has it, in UTC: `Fri Nov 20 12:53:10 2026`. */
function timestamp(date: Date): string {
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${weekday} ${month} ${String(Number(day)).padStart(2, " ")} ${time} ${year}`;
}
