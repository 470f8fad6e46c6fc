/** The face of this folder: clients, and what they are told. */

export type { SharedCounts } from "./clients.ts";
export { type ClientSocket, type SmtpOptions, SmtpService } from "./service.ts";
export { Session, type SessionTools } from "./session.ts";
