/** Nothing in it means anything to a shell (POSIX shells, IEEE Std 1003.1 section 2.2), at the beginning of a word either. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/** One word for a POSIX shell: as it is where that is safe, else in single quotes, in which everything stands for itself. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
