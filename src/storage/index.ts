/** The face of this folder: mailboxes of users, as plain data. */

export type { StorageEvent, StorageListener } from "./event.ts";
export type {
  Delivered,
  Delivery,
  FetchPart,
  FetchValue,
  FlagChange,
  HookChain,
  HookLink,
  MailboxInfo,
  MailboxStatus,
  Saved,
  SavedMail,
} from "./mail.ts";
export type { Ask, StorageAnswer, StorageQuestion } from "./question.ts";
export type { MailSession } from "./session.ts";
export { openStorage, type Storage, type StorageLogLine, type StorageOptions } from "./storage.ts";
export type { MailboxSetting, MailNamespace, MailUser } from "./user.ts";
