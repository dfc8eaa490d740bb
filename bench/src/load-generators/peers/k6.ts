import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../command-generator.ts';
import type { LoadTask, Report } from '../generator.ts';

const TRENDS = ['p(50)', 'p(90)', 'p(99)', 'p(99.9)'];

/** At a rate it may use more of its virtual users, so connections, when those are busy; what is beyond is dropped. */
const MOST_VUS = 1_000;

/** With the script that its documentation begins with, bodies thrown away. */
export function k6(path: string): Command {
  return {
    name: 'k6',
    path,
    async arguments(task, directory) {
      const script = join(directory, 'script.js');
      await writeFile(script, scriptFor(task));
      return ['run', '--quiet', '--no-usage-report', script];
    },
    report: parseK6,
  };
}

function scriptFor({ url, connections, rps, durationMs }: LoadTask): string {
  const duration = `${durationMs}ms`;
  const closed = { executor: 'constant-vus', vus: connections, duration };
  const vus = { preAllocatedVUs: connections, maxVUs: MOST_VUS };
  const open = { executor: 'constant-arrival-rate', rate: rps, timeUnit: '1s', duration, ...vus };
  const scenarios = { load: rps === null ? closed : open };
  const options = { discardResponseBodies: true, summaryTrendStats: TRENDS, scenarios };
  return [
    `import http from 'k6/http';`,
    `export const options = ${JSON.stringify(options)};`,
    `export default function () { http.get(${JSON.stringify(url)}); }`,
    `export function handleSummary(data) { return { stdout: JSON.stringify(data.metrics) }; }`,
  ].join('\n');
}

interface K6Metrics {
  readonly http_reqs: { readonly values: { readonly rate: number } };
  readonly http_req_duration: { readonly values: Readonly<Record<string, number>> };
}

/** The metrics that its script prints: milliseconds. */
export function parseK6(output: string): Report {
  const metrics = JSON.parse(output) as K6Metrics;
  const at = (trend: string) => metrics.http_req_duration.values[trend] ?? Number.NaN;
  return {
    rps: metrics.http_reqs.values.rate,
    latency: { p50Ms: at('p(50)'), p90Ms: at('p(90)'), p99Ms: at('p(99)'), p999Ms: at('p(99.9)') },
  };
}
