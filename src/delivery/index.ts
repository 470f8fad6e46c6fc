/** The face of this folder: the transports, and what they are given. */

export { type Destination, type Letter, type Mailbox, showMailbox } from "./letter.ts";
export { type Reception, receivedHeader } from "./received.ts";
export { type Transport, type Transports, transportTable } from "./transport.ts";
