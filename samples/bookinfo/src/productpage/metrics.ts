/** The one counter of the page, in Prometheus' text format: how its calls to other services ended. */
export interface RequestResults {
  readonly count: (destinationApp: string, responseCode: number) => void;
  readonly print: () => string;
}

export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

export function createRequestResults(): RequestResults {
  const counts = new Map<string, number>();
  return {
    count: (destinationApp, responseCode) => {
      const labels = `destination_app="${destinationApp}",response_code="${responseCode}"`;
      counts.set(labels, (counts.get(labels) ?? 0) + 1);
    },
    print: () => {
      const samples = [...counts].sort().map(([labels, count]) => `request_result_total{${labels}} ${count}\n`);
      return `# HELP request_result_total Results of requests\n# TYPE request_result_total counter\n${samples.join('')}`;
    },
  };
}
