/** The face of this folder: clients, and what they are told. */

export { type SmtpOptions, SmtpService } from "./service.ts";
export { Session, type SessionTools } from "./session.ts";
