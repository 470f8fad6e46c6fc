/** Values that are there at once unless a rule waits for something: promises cost a turn that most mails do not need. */

export type Eventually<T> = T | Promise<T>;

/** Goes on at once when there is nothing to wait for. */
export function afterwards<A, B>(value: Eventually<A>, next: (value: A) => Eventually<B>): Eventually<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}
