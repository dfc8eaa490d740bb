/** One JSON object a line: constant message, the rest as fields. Errors go to stderr. */
export function logLine(
  level: 'info' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const line = JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
  (level === 'error' ? process.stderr : process.stdout).write(`${line}\n`);
}
