/** The face of this folder: mailboxes of users, as plain data, in this process or in others. */

export { type ChannelReply, type ChannelRequest, decodeReply, encodeReply } from "./channel.ts";
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
export { RemoteChannel } from "./remote-channel.ts";
export { type ServeOptions, type StorageServer, serveStorage } from "./remote-server.ts";
export { RequestServer, type RequestServerOptions } from "./request-server.ts";
export type { MailSession } from "./session.ts";
export { type ConnectOptions, connectStorage, openStorage, type Storage } from "./storage.ts";
export type { StorageLogLine, ThreadOptions as StorageOptions } from "./thread-channel.ts";
export type { MailboxSetting, MailNamespace, MailUser } from "./user.ts";
