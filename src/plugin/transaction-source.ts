/**
 * What a plugin function that takes a `vsmtp_transaction *` may read of the client and its mail, and change in it.
 *
 * These are questions to whoever runs the script: the host of a run (`run.host`) answers them when it is a
 * {@link TransactionSource}. This folder knows neither SMTP nor how a mail is kept.
 */

/** What the host of a run is while a client or its mail is dealt with. */
export interface TransactionSource {
  /** Asked once for each call of a plugin function that takes the transaction. */
  transactionView(): TransactionView;
}

export interface TransactionView {
  /** The stage that runs: `connect`, `helo`, `mail`, … */
  readonly stage: string;
  readonly client: { readonly ip: string; readonly port: number };
  /** The name that we greet with. */
  readonly serverName: string;
  /** Undefined before HELO or EHLO. */
  readonly helo: string | undefined;
  /** `local@domain`; null: the null sender `<>`; undefined: before MAIL. */
  readonly mailFrom: string | null | undefined;
  /** `local@domain` of each, in the order of RCPT. */
  readonly recipients: readonly string[];
  /** What `ctx::message_id()` answers; undefined before MAIL. */
  readonly id: string | undefined;
  /** Undefined at stages where there is nothing that header fields could be added to. */
  readonly mail: MailView | undefined;
}

/** The mail itself. What is changed here follows the rules of `msg::…`. */
export interface MailView {
  /**
   * The header fields in their order; before the end of DATA those that rules have added. Lines without a colon are
   * none. The same array as long as no field changes: what is made of it is kept.
   */
  fields(): readonly RawField[];
  /**
   * The mail as it would be delivered; undefined before the end of DATA. Its memory is not written to any more, also
   * when fields change later: calls on other threads read from it.
   */
  readonly bytes: Uint8Array | undefined;
  /** Names and values that cross here are Unicode, as with `msg::…`. */
  prepend(name: string, value: string): void;
  append(name: string, value: string): void;
  /** Replaces the first field of that name; appends it when there is none. */
  set(name: string, value: string): void;
  /** Removes the first field of that name, if there is one. */
  remove(name: string): void;
}

/** One field as it stands in the mail: latin1 text, that is, one character for each byte. */
export interface RawField {
  /** What stands before the colon, without white space at its end. */
  readonly name: string;
  /** All that follows the colon, folds included, without the line end at the end. */
  readonly raw: string;
}

/** Undefined: scripts are only loaded, services or a configuration built; there is no client. */
export function transactionSource(host: unknown): TransactionSource | undefined {
  const source = host as Partial<TransactionSource> | null | undefined;
  return typeof source === "object" && typeof source?.transactionView === "function"
    ? (source as TransactionSource)
    : undefined;
}
