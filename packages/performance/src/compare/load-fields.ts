import type { LoadPlan } from '@meshwise/load';
import { figures, numberText, timeText } from '../charts/units.ts';
import type { Field } from './field.ts';

const field = (what: string, of: (plan: LoadPlan) => string): Field => ({
  kind: 'load',
  what,
  of: ({ plan }) => of(plan),
});

/** The plan, one property at a time. Its seed is none of them: runs that differ in it alone are repetitions. */
export const LOAD_FIELDS: readonly Field[] = [
  field('Rate', rateWords),
  field('Duration', ({ pace }) =>
    timeText(pace.kind === 'open' ? pace.stages.reduce((sum, { durationMs }) => sum + durationMs, 0) : pace.durationMs),
  ),
  field('Warm-up', ({ warmUpMs }) => timeText(warmUpMs)),
  field('Most requests', ({ maxRequests }) => (maxRequests === null ? 'no limit' : numberText(maxRequests))),
  field('Protocol', ({ protocol }) => protocol),
  field('Requests', requestWords),
  field('Connections', ({ connections }) => String(connections.count)),
  field('Streams per connection', ({ connections }) => String(connections.streamsPerConnection)),
  field('Connections begin', ({ connections }) => (connections.burst ? 'all at one moment' : 'one after the other')),
  field('Requests per connection', ({ connections: { requestsPerConnection: range } }) =>
    range === null ? 'no limit' : range.min === range.max ? String(range.min) : `${range.min} to ${range.max}`,
  ),
  field('TLS', ({ tls }) => (tls === null ? 'none' : tls.certificate === null ? 'yes' : 'mutual')),
  field('Timeout', ({ timeoutMs }) => timeText(timeoutMs)),
  field('Load generator’s workers', ({ workers }) => String(workers)),
];

function rateWords({ pace }: LoadPlan): string {
  if (pace.kind === 'closed') {
    return `closed loop, ${pace.maxRps === null ? 'as fast as answers come' : `at most ${figures(pace.maxRps)} rps`}`;
  }
  const stages = pace.stages.map(({ fromRps, toRps, durationMs }) => {
    const rate = fromRps === toRps ? `${figures(fromRps)} rps` : `${figures(fromRps)} to ${figures(toRps)} rps`;
    return pace.stages.length === 1 ? rate : `${rate} for ${timeText(durationMs)}`;
  });
  return `${stages.join(', ')}${pace.arrivals === 'poisson' ? ', at random (Poisson)' : ''}`;
}

function requestWords({ requests }: LoadPlan): string {
  return requests
    .map(({ method, url, headers, body, weight }) => {
      const rest = [
        headers.length > 0 ? `${headers.length} headers` : '',
        body === null ? '' : `a body of ${body.content.length} characters`,
        requests.length > 1 ? `weight ${figures(weight)}` : '',
      ].filter((part) => part !== '');
      return `${method} ${url}${rest.length > 0 ? ` with ${rest.join(', ')}` : ''}`;
    })
    .join('; ');
}
