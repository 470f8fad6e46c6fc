/** A fetch as a loop: one request for each load of parts, and between two of them others have the storage thread. */

import type { FetchPart, FetchValue } from "./mail.ts";

/** Asks the core for something about the mailbox. */
export type FetchAsked = (operation: string, more: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** What comes of one request. */
interface Load {
  readonly done: boolean;
  readonly parts: readonly (
    | { readonly uid: number; readonly fields: Readonly<Record<string, FetchValue>> }
    | { readonly field: string; readonly bytes: Uint8Array }
  )[];
}

export async function* fetchParts(
  ask: FetchAsked,
  query: string,
  fields: readonly string[],
): AsyncGenerator<FetchPart, void, undefined> {
  const fetch = (await ask("fetch", { query, fields })) as number;
  let open = true;
  try {
    while (open) {
      const { done, parts } = await next(ask, fetch).catch((error: unknown) => {
        open = false;
        throw error;
      });
      open = !done;
      for (const part of parts) {
        if ("bytes" in part) yield { kind: "bytes", ...part };
        else yield { kind: "mail", uid: part.uid, fields: inOrder(part.fields, fields) };
      }
    }
  } finally {
    if (open) await ask("fetch-end", { fetch });
  }
}

async function next(ask: FetchAsked, fetch: number): Promise<Load> {
  return (await ask("fetch-next", { fetch })) as Load;
}

/** Encoded maps are sorted by their keys. */
function inOrder(
  values: Readonly<Record<string, FetchValue>>,
  fields: readonly string[],
): Readonly<Record<string, FetchValue>> {
  return Object.fromEntries(fields.flatMap((field) => (field in values ? [[field, values[field] ?? null]] : [])));
}
