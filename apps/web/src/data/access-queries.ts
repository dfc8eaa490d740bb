import { type AccessView, PATHS, type ResourcesResponse } from '@meshwise/api';
import { useQuery } from '@tanstack/react-query';
import { FailureError, failureOf, UNREADABLE } from '../logic/failure.ts';
import { hasFields } from '../logic/performance/shape.ts';
import { ask, readJson } from './api.ts';
import { useNow } from './status-context.tsx';

const POLL_MS = 4_000;
/** What could not be read is asked for again by itself. */
const RETRY_MS = 10_000;

/** Who may call whom, read again while the page is looked at. */
export function useAccess() {
  const paused = useNow().freshness.tone === 'paused';
  return useQuery({
    queryKey: ['access'],
    queryFn: ({ signal }) => read<AccessView>(PATHS.access, ['clients', 'servers', 'summaries'], signal),
    refetchInterval: ({ state }) => (paused ? false : state.error === null ? POLL_MS : RETRY_MS),
  });
}

/** One resource as it is stored; undefined when it is gone meanwhile. */
export function useResource(kind: string, namespace: string, name: string) {
  const query = new URLSearchParams({ kind, namespace, name });
  return useQuery({
    queryKey: ['resource', kind, namespace, name],
    queryFn: async ({ signal }) => {
      const { items } = await read<ResourcesResponse>(`${PATHS.resources}?${query}`, ['items'], signal);
      return items[0] ?? null;
    },
  });
}

async function read<T>(path: string, fields: readonly (keyof T & string)[], signal: AbortSignal): Promise<T> {
  const response = await ask(path, { signal, headers: { accept: 'application/json' } });
  const body = await readJson(response);
  if (!response.ok) throw new FailureError(failureOf(response.status, body));
  if (!hasFields<T>(body, fields)) throw new FailureError(UNREADABLE);
  return body;
}
