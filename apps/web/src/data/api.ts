import { PATHS, type StatusView } from '@meshwise/api';
import { FailureError, failureOf, UNREACHABLE, UNREADABLE } from '../logic/failure.ts';
import { isStatusView } from '../logic/status-shape.ts';

/** Reads the whole status once. Throws FailureError with what a person can do about it. */
export async function fetchStatus(signal: AbortSignal): Promise<StatusView> {
  const response = await ask(PATHS.status, { signal, headers: { accept: 'application/json' } });
  const body = await readJson(response);
  if (!response.ok) throw new FailureError(failureOf(response.status, body));
  if (!isStatusView(body)) throw new FailureError(UNREADABLE);
  return body;
}

/** Trades the one-time token for the session cookie. True when the daemon took it. */
export async function openSession(token: string): Promise<boolean> {
  const response = await ask(PATHS.session, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  return response.ok;
}

/** Asks the daemon; nobody answering is a FailureError too. */
export async function ask(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new FailureError(UNREACHABLE);
  }
}

/** Undefined when it is no JSON. */
export async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
