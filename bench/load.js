/**
 * A load client of SMTP and LMTP: some connections that stay open, each sending mail after mail. Commands are not pipelined; each
 * waits for its reply, as most clients do.
 */

import { connect } from "node:net";

/** Opens connections and greets on each, with `LHLO` for LMTP, so that what follows measures mails alone. */
export async function openConnections(port, count, greeting = "EHLO") {
  const connections = Array.from({ length: count }, (_, i) => new Connection(port, `user${i}@example.com`));
  await Promise.all(connections.map((connection) => connection.greet(greeting)));
  return connections;
}

/** Sends `count` mails over the connections; resolves when the last 250 was read. */
export async function sendMails(connections, count, mail) {
  let left = count;
  await Promise.all(
    connections.map(async (connection) => {
      while (left-- > 0) await connection.send(mail);
    }),
  );
}

/** Rejects what is under way when the server says no success, or closes the connection. */
export class Connection {
  #socket;
  #recipient;
  #pending = "";
  #waiting;

  constructor(port, recipient) {
    this.#recipient = recipient;
    this.#socket = connect(port, "127.0.0.1").setNoDelay(true);
    this.#socket.on("error", (error) => this.#waiting?.reject(error));
    this.#socket.on("close", () => this.#waiting?.reject(new Error("the server closed the connection")));
    this.#socket.on("data", (chunk) => this.#read(chunk));
  }

  async greet(greeting) {
    await this.#reply();
    await this.#command(`${greeting} bench.example.org\r\n`);
  }

  async send(mail, sender = "sender@example.org") {
    await this.#command(`MAIL FROM:<${sender}>\r\n`);
    await this.#command(`RCPT TO:<${this.#recipient}>\r\n`);
    await this.#command("DATA\r\n");
    await this.#command(mail);
  }

  close() {
    this.#socket.end("QUIT\r\n");
  }

  drop() {
    this.#socket.destroy();
  }

  #command(bytes) {
    const reply = this.#reply();
    this.#socket.write(bytes);
    return reply;
  }

  #reply() {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error("the server closed the connection"));
      this.#waiting = { resolve, reject };
    });
  }

  /** A reply is complete at a line whose code is followed by a space. */
  #read(chunk) {
    this.#pending += chunk.toString("latin1");
    if (!/(?:^|\n)\d{3} [^\n]*\n$/.test(this.#pending)) return;
    const reply = this.#pending;
    this.#pending = "";
    if (/^[23]/.test(reply)) this.#waiting.resolve(reply);
    else this.#waiting.reject(new Error(`the server said ${reply.trim()}`));
  }
}

/** A mail of `bytes` bytes with its final dot, ready for the socket. */
export function mailOf(bytes) {
  const header = "From: sender@example.org\r\nTo: user@example.com\r\nSubject: bench\r\n\r\n";
  const line = `${"x".repeat(70)}\r\n`;
  const body = line.repeat(Math.ceil((bytes - header.length) / line.length)).slice(0, bytes - header.length - 2);
  return Buffer.from(`${header}${body}\r\n.\r\n`, "latin1");
}
