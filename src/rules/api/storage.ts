/** `storage::…`: what is about to happen in a mailbox, for rules at the stage storage. Read only. */

import { type NativeFunction, NativeModule, native, type Run, type Value, VslArray } from "../../vsl/index.ts";
import { type StorageQuestion, storageOperations } from "../storage-stage.ts";
import { questionAt } from "./situation.ts";

const OPERATIONS = storageOperations.map((name) => `\`${name}\``).join(", ");

export function storageModule(): NativeModule {
  return new NativeModule("storage", "What is about to happen in a mailbox.").add(
    asked("operation", "string", `What it is: ${OPERATIONS}.`, ({ operation }) => operation),
    asked("user", "string", "Whose mailbox it is; usually an address.", ({ user }) => user),
    asked("mailbox", "string", "The mailbox; at `rename` by its new name.", ({ mailbox }) => mailbox),
    asked(
      "source",
      "string|()",
      "The mailbox that a copy comes from; at `rename` the old name.",
      ({ source }) => source,
    ),
    asked("uid", "i64|()", "The mail's UID; `()` while it has none.", ({ uid }) => uid),
    asked("flags", "array", "The flags that the mail will have; at `expunge` those it has.", ({ flags }) =>
      list(flags),
    ),
    asked("keywords", "array", "The same of keywords.", ({ keywords }) => list(keywords)),
    asked("size", "i64|()", "The mail's size in bytes, if it is known.", ({ size }) => size),
  );
}

function asked(name: string, returns: string, doc: string, read: (question: StorageQuestion) => Value): NativeFunction {
  const path = `storage::${name}`;
  return native(name, `-> ${returns}`, doc, (run: Run) => read(questionAt(run, path)), { stage: "storage" });
}

function list(texts: readonly string[] | undefined): VslArray {
  return new VslArray([...(texts ?? [])]);
}
