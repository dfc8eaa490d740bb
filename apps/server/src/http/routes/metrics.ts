import { ErrorResponse, PATHS } from '@meshwise/api';
import Type from 'typebox';
import { meshMetrics } from '../../metrics/mesh-metrics.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

/** Where Prometheus scrapes (its `authorization.credentials_file` is the file `token`). */
export function metricsRoutes(api: Api, services: ApiServices): void {
  api.get(
    PATHS.metrics,
    {
      schema: {
        summary: "Istio's standard metrics of all proxies, for Prometheus",
        description:
          'istio_requests_total, istio_request_duration_milliseconds and istio_tcp_* with Istio’s labels, from the counters of ' +
          'the proxies. Durations are not told apart by response_code. What a proxy cannot know is `unknown`: at the client the ' +
          'destination workload of a cluster with several, at the server the source.',
        produces: ['text/plain'],
        response: { 200: Type.String(), '4xx': ErrorResponse },
      },
    },
    async (_request, reply) => {
      const { store, model, proxies } = services;
      const text = await meshMetrics({ store, model, proxies: () => proxies.all() });
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    },
  );
}
