/**
 * The TypeScript face of the native storage core: mails go in as plain bytes and a location, and come out as files.
 *
 * No C pointer and no object of the core crosses this face, so that storage may move into a process of its own. The
 * core does the work on its own threads: nothing here waits for a disk on the event loop.
 */

import { VsmtpError } from "../errors.ts";
import { native, type WriterError } from "../native/index.ts";

export interface MailDelivery {
  /** Where the mailbox is, `maildir:/absolute/path`. */
  readonly location: string;
  /** Unique on this machine and the same when the delivery is tried again: `<secs>.M<usecs>P<pid>Q<n>….<host>`. */
  readonly name: string;
  /** The mail, in parts that follow each other. Not copied: unchanged until the promise settles. */
  readonly parts: readonly Uint8Array[];
  /** An earlier try may have delivered this mail: take a file of the same name for it. */
  readonly again: boolean;
}

export interface Storage {
  /**
   * Resolves with the path of the file once the mail is on stable storage.
   * Rejects with VsmtpError STORAGE_LOCATION or STORAGE_WRITE; the mail is then not in the mailbox, or will be
   * recognised when the delivery is tried `again`.
   */
  deliver(delivery: MailDelivery): Promise<string>;
}

/** Loads the native core. @throws VsmtpError NATIVE_NOT_LOADED */
export function openStorage(): Storage {
  const core = native();
  const deliver = async ({ location, name, parts, again }: MailDelivery): Promise<string> => {
    const maildir = maildirOf(location);
    try {
      return await core.deliverMaildir(maildir, name, parts, again);
    } catch (error) {
      const { code, path, syscall, message } = error as WriterError;
      const facts = { file: path ?? maildir, reason: code === undefined ? message : `${syscall} failed with ${code}` };
      throw new VsmtpError("STORAGE_WRITE", facts, { cause: error });
    }
  };
  return { deliver };
}

function maildirOf(location: string): string {
  const [, path] = /^maildir:(\/.+)$/.exec(location) ?? [];
  if (path === undefined) throw new VsmtpError("STORAGE_LOCATION", { location });
  return path;
}
