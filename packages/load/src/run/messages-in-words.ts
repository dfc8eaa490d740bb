const MAX_QUOTED = 120;
const MAX_FAILURE = 2_000;

/** The text of an error that came as JSON: the form of `MeshwiseError`, of an `Error`, or whatever it is. */
export function describeFailure(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return (text ?? 'no reason was given').slice(0, MAX_FAILURE);
}

/** A line that somebody else wrote, fit to stand in a sentence. */
export function quoteLine(line: string): string {
  return JSON.stringify(line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line);
}
