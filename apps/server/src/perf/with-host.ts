import type { LoadInput } from '@meshwise/load';

/** The same load with a Host header on every request, but for those that have one. */
export function withHost(load: LoadInput, host: string | undefined): LoadInput {
  if (host === undefined) return load;
  const requests = (load.requests ?? [{}]).map((request) => {
    const headers = request.headers ?? [];
    if (headers.some(([name]) => name.toLowerCase() === 'host')) return request;
    return { ...request, headers: [['host', host] as [string, string], ...headers] };
  });
  return { ...load, requests };
}
