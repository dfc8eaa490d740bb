/**
 * Which resources a rejection is about. The protocol does not say (before "resource_errors", which clients do not
 * send), but Envoy and gRPC name them in the message; when they do not, halves of the response are tried one after
 * the other until the bad resource stands alone.
 */

/** A name ends where none of these follows: "outbound|80||a" is not named by "outbound|80||a-canary". */
const NAME_CHARACTER = /[A-Za-z0-9_|/-]/;

/** Those of `names` that the message names. A name inside a longer matching name does not count. */
export function namesInMessage(message: string, names: Iterable<string>): string[] {
  const found: { name: string; at: number }[] = [];
  for (const name of names) {
    if (name === '') continue;
    for (let at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
      if (!isPartOfLonger(message, at, name)) found.push({ name, at });
    }
  }
  const isInside = (inner: { name: string; at: number }) =>
    found.some(
      (outer) =>
        outer.name.length > inner.name.length &&
        outer.at <= inner.at &&
        outer.at + outer.name.length >= inner.at + inner.name.length,
    );
  return [...new Set(found.filter((match) => !isInside(match)).map(({ name }) => name))];
}

function isPartOfLonger(message: string, at: number, name: string): boolean {
  const before = message.charAt(at - 1);
  const after = message.charAt(at + name.length);
  if (at > 0 && (NAME_CHARACTER.test(before) || before === '.')) return true;
  if (NAME_CHARACTER.test(after)) return true;
  // A dot or colon may end a sentence, or go on with the name.
  return (after === '.' || after === ':') && NAME_CHARACTER.test(message.charAt(at + name.length + 1));
}

/** What is bad for sure, and what to try again in which portions. */
export interface Isolation {
  readonly bad: readonly string[];
  readonly retries: readonly (readonly string[])[];
}

export function isolate(message: string, names: readonly string[]): Isolation {
  if (names.length <= 1) return { bad: names, retries: [] };
  const named = new Set(namesInMessage(message, names));
  if (named.size === 0) {
    const middle = Math.ceil(names.length / 2);
    return { bad: [], retries: [names.slice(0, middle), names.slice(middle)] };
  }
  const rest = names.filter((name) => !named.has(name));
  return { bad: [...named], retries: rest.length === 0 ? [] : [rest] };
}
