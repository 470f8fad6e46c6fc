/** A small DNS server on loopback: answers A, AAAA and PTR questions from a table (RFC 1035). */

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";
import { parseIp } from "../../../src/rules/api/ip.ts";

/** By name in lower case: addresses, or names after `PTR `; `REFUSED` and `SILENT` do what they say. */
export type Zone = Readonly<Record<string, readonly string[]>>;

const TYPES = { A: 1, PTR: 12, AAAA: 28 } as const;

export class NameServer {
  readonly #socket: Socket;
  /** Names that were asked for. */
  readonly asked: string[] = [];

  private constructor(socket: Socket, zone: Zone) {
    this.#socket = socket;
    socket.on("message", (question, { port, address }) => {
      const { name, type, end } = read(question);
      this.asked.push(name);
      const records = zone[name];
      if (records?.[0] !== "SILENT") socket.send(answer(question.subarray(0, end), type, records), port, address);
    });
  }

  static async open(zone: Zone): Promise<NameServer> {
    const socket = createSocket("udp4");
    const server = new NameServer(socket, zone);
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): void {
    this.#socket.close();
  }
}

function read(question: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), type: question.readUInt16BE(at + 1), end: at + 5 };
}

function answer(question: Buffer, type: number, records: readonly string[] | undefined): Buffer {
  const data = (records ?? []).flatMap((record) => recordData(record, type));
  const reply = Buffer.from(question);
  const status = records === undefined ? 3 : records[0] === "REFUSED" ? 5 : 0;
  reply.writeUInt16BE(0x8580 | status, 2);
  reply.writeUInt16BE(1, 4);
  reply.writeUInt16BE(data.length, 6);
  reply.writeUInt32BE(0, 8);
  return Buffer.concat([reply, ...data.map((bytes) => Buffer.concat([head(type, bytes.length), bytes]))]);
}

/** A pointer to the name of the question, type, class IN, a minute to live, the length. */
function head(type: number, length: number): Buffer {
  const bytes = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, 0]);
  bytes.writeUInt16BE(length, 10);
  return bytes;
}

function recordData(record: string, type: number): Buffer[] {
  if (record.startsWith("PTR ")) return type === TYPES.PTR ? [encodedName(record.slice(4))] : [];
  const ip = parseIp(record);
  if (!ip || type !== (isIPv4(record) ? TYPES.A : TYPES.AAAA)) return [];
  return [Buffer.from(ip.bits.toString(16).padStart(ip.family === 4 ? 8 : 32, "0"), "hex")];
}

function encodedName(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
