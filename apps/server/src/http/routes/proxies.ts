import {
  AttachRequest,
  AttachResponse,
  ErrorResponse,
  PATHS,
  ProxyConfigQuery,
  ProxyConfigResponse,
  ProxyRestartRequest,
} from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { adminRequest } from '@meshwise/platform';
import Type from 'typebox';
import { attach } from '../../operations/attach.ts';
import { findProxies } from '../../operations/find-proxy.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

/** Which parts of Envoy's configuration dump answer which question (admin.v3.ConfigDump). */
const DUMPS: Readonly<Record<string, string>> = {
  clusters: '?resource=dynamic_active_clusters',
  listeners: '?resource=dynamic_listeners',
  routes: '?resource=dynamic_route_configs',
  endpoints: '?include_eds&resource=dynamic_endpoint_configs',
  secrets: '?resource=dynamic_active_secrets',
  bootstrap: '?mask=bootstrap',
  all: '?include_eds',
};

export function proxyRoutes(api: Api, services: ApiServices): void {
  api.get(
    PATHS.proxyConfig,
    {
      schema: {
        summary: 'The configuration a proxy has, in its own words',
        querystring: ProxyConfigQuery,
        response: { 200: ProxyConfigResponse, '4xx': ErrorResponse },
      },
    },
    async (request) => {
      const { proxy: target, namespace, type } = request.query;
      const all = [...services.proxies.all(), ...services.attachments.envoys()];
      const [proxy] = await findProxies(services.store, all, target, namespace);
      if (proxy === undefined) throw new MeshwiseError('MW2001', `no proxy is called ${target}`);
      const { status, body } = await adminRequest(proxy.adminSocketPath, `/config_dump${DUMPS[type] ?? ''}`, {
        timeoutMs: 10_000,
      }).catch((cause: unknown) => {
        throw new MeshwiseError('MW3202', `proxy ${proxy.descriptor.id} does not answer`, {}, { cause });
      });
      if (status !== 200) throw new MeshwiseError('MW3202', `proxy ${proxy.descriptor.id} answered ${status}`);
      // Envoy itself writes "[redacted]" for private keys in its dump.
      return { proxy: proxy.descriptor.id, config: JSON.parse(body) as unknown };
    },
  );

  api.post(
    PATHS.proxyRestart,
    {
      schema: {
        summary: 'Restart a proxy without losing a request',
        body: ProxyRestartRequest,
        response: { 200: Type.Object({ restarted: Type.Array(Type.String()) }), '4xx': ErrorResponse },
      },
    },
    async (request) => {
      const { proxy, namespace } = request.body;
      const found = await findProxies(services.store, services.proxies.all(), proxy, namespace);
      const ids = found.map((proxy) => proxy.descriptor.id);
      await Promise.all(ids.map((id) => services.proxies.restart(id)));
      return { restarted: ids };
    },
  );

  api.post(
    PATHS.proxyAttach,
    {
      schema: {
        summary: 'Let a process join from outside, and say what to start it with',
        body: AttachRequest,
        response: { 200: AttachResponse, '4xx': ErrorResponse },
      },
    },
    async (request) => attach(services, request.body),
  );
}
