import type { IncomingMessage } from 'node:http';
import { unreachable } from './transport.ts';

/** The lines of a streamed answer as they come, without their ends. Ends quietly when the caller aborted. */
export async function* lines(response: IncomingMessage, api: string, signal?: AbortSignal): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const part of response) {
      const pieces = (rest + String(part)).split('\n');
      rest = pieces.pop() ?? '';
      yield* pieces.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    }
  } catch (error) {
    if (signal?.aborted) return;
    throw unreachable(api, error instanceof Error ? error : new Error(String(error)));
  }
  if (rest !== '') yield rest;
}
