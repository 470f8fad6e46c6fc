/** The face of this folder: mails into mailboxes, as plain data. */

export { type MailDelivery, openStorage, type Storage } from "./storage.ts";
