/** The face of this folder: the transports, what they are given, and who has a mailbox. */

export { type Destination, type Letter, type Mailbox, showMailbox } from "./letter.ts";
export { LocalRecipients, type LocalTransport } from "./local-recipients.ts";
export { mailboxNamed, mailUser } from "./mail-user.ts";
export { mboxTransport } from "./mbox.ts";
export { MBOX_OPERATIONS, mboxService } from "./mbox-remote.ts";
export { type Reception, receivedHeader } from "./received.ts";
export type { AskRules } from "./rule-users.ts";
export { accountOf, groupId } from "./system-users.ts";
export { type Transport, type Transports, transportTable } from "./transport.ts";
export { knownUsers, type Owner, type UserDatabase, userDatabase } from "./user-database.ts";
