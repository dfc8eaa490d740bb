import {
  ErrorResponse,
  PATHS,
  TrafficMetrics,
  TrafficMetricsList,
  TrafficMetricsQuery,
  TrafficMetricsResources,
} from '@meshwise/api';
import Type from 'typebox';
import { TrafficQuery } from '../../traffic-metrics/query.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';
import { routePath } from './perf.ts';

const Name = Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$', maxLength: 253 });
const failures = { '4xx': ErrorResponse, '5xx': ErrorResponse };
const list = { querystring: TrafficMetricsQuery, response: { 200: TrafficMetricsList, ...failures } };
const one = { 200: Type.Union([TrafficMetrics, TrafficMetricsList]), ...failures };

/** SMI's TrafficMetrics, at the addresses at which an aggregated API of Kubernetes would have them. */
export function trafficMetricsRoutes(api: Api, services: ApiServices): void {
  const traffic = () => {
    const { store, model, proxies, traffic: recorder } = services;
    return new TrafficQuery({ store, model, recorder, proxies: () => proxies.all() });
  };
  api.get(
    PATHS.trafficMetrics,
    {
      schema: {
        summary: 'Kinds of which traffic is measured (SMI)',
        response: { 200: TrafficMetricsResources, ...failures },
      },
    },
    async () => traffic().resources(),
  );
  api.get(
    routePath(PATHS.trafficMetricsOfAll),
    {
      schema: {
        summary: 'What every resource of a kind received in the last half minute (SMI)',
        params: Type.Object({ resources: Name }),
        ...list,
      },
    },
    async ({ params, query }) => traffic().list(params.resources, undefined, query.labelSelector),
  );
  api.get(
    routePath(PATHS.trafficMetricsOfNamespace),
    {
      schema: {
        summary: 'What all pods of a namespace received in the last half minute (SMI)',
        params: Type.Object({ namespace: Name }),
        response: one,
      },
    },
    async ({ params }) => traffic().get('namespaces', undefined, params.namespace),
  );
  api.get(
    routePath(PATHS.trafficMetricsIn),
    {
      schema: {
        summary: 'What every resource of a kind in a namespace received in the last half minute (SMI)',
        description:
          '`edges` in place of a kind: what the pods of the namespace sent to those of others, and they to them.',
        params: Type.Object({ namespace: Name, resources: Name }),
        ...list,
      },
    },
    async ({ params: { namespace, resources }, query }) =>
      resources === 'edges'
        ? traffic().edges('namespaces', undefined, namespace)
        : traffic().list(resources, namespace, query.labelSelector),
  );
  const params = Type.Object({ namespace: Name, resources: Name, name: Name });
  api.get(
    routePath(PATHS.trafficMetricsOf),
    { schema: { summary: 'What one resource received in the last half minute (SMI)', params, response: one } },
    async ({ params: { namespace, resources, name } }) => traffic().get(resources, namespace, name),
  );
  api.get(
    routePath(PATHS.trafficMetricsEdges),
    {
      schema: {
        summary: 'What one resource sent to others of its kind in the last half minute, and they to it (SMI)',
        description:
          'Seen at the clients. A proxy counts by cluster: where that leads to pods of several resources, the edge has a kind and no name. ' +
          'Of a TrafficSplit: by the pods that sent it.',
        params,
        response: { 200: TrafficMetricsList, ...failures },
      },
    },
    async ({ params: { namespace, resources, name } }) => traffic().edges(resources, namespace, name),
  );
}
