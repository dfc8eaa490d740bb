import { existsSync } from 'node:fs';
import cookie from '@fastify/cookie';
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { MeshwiseError } from '@meshwise/core';
import fastify from 'fastify';
import type { Api } from './api.ts';
import { checkAddressed } from './auth.ts';
import { accessRoutes } from './routes/access.ts';
import { identityRoutes } from './routes/identity.ts';
import { logRoutes } from './routes/logs.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { perfCompareRoutes } from './routes/perf-compare.ts';
import { perfExperimentRoutes } from './routes/perf-experiments.ts';
import { perfRunRoutes } from './routes/perf-runs.ts';
import { proxyRoutes } from './routes/proxies.ts';
import { resourceRoutes, revisionRoutes } from './routes/resources.ts';
import { sessionRoutes } from './routes/session.ts';
import { shiftRoutes } from './routes/shifts.ts';
import { statusRoutes } from './routes/status.ts';
import { tapRoutes } from './routes/tap.ts';
import { trafficMetricsRoutes } from './routes/traffic-metrics.ts';
import type { ApiServices } from './services.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Everything that takes the token. */
const ROUTES = [
  ...[statusRoutes, resourceRoutes, revisionRoutes, logRoutes, metricsRoutes, proxyRoutes, tapRoutes],
  trafficMetricsRoutes,
  ...[perfRunRoutes, perfCompareRoutes, perfExperimentRoutes, shiftRoutes, accessRoutes, identityRoutes],
];

/** What the page shows by its own routes; each is the same page. */
const PAGE_PATHS = [
  '/',
  '/services',
  '/workloads',
  '/proxies',
  '/gateways',
  '/conditions',
  '/topology',
  '/security',
  '/performance',
  '/performance/new',
  '/performance/compare',
  '/performance/runs/:id',
  '/performance/experiments/:id',
  '/shifts',
  '/shifts/new/:step',
  '/shifts/live/:namespace/:name',
];

/** Nothing from elsewhere, nothing inline but the styles that the component library sets, no frames. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Builds the API with every route; `ownHosts` are the Host headers it answers to. Not listening yet. */
export async function createApi(
  services: ApiServices,
  options: { ownHosts: ReadonlySet<string>; webDirectory: string; version: string },
): Promise<Api> {
  const api: Api = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false, strict: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();

  api.addHook('onRoute', (route) => {
    if (route.schema === undefined) throw new MeshwiseError('MW0001', `route ${route.url} has no schema`);
  });
  api.setErrorHandler((error, _request, reply) => {
    const known = toKnown(error);
    if (known.code === 'MW0001')
      services.logger.error('request failed', { error: String(error), stack: (error as Error).stack });
    reply.status(known.httpStatus).send(known.toJSON());
  });
  api.setNotFoundHandler((request, reply) => {
    const error = new MeshwiseError('MW6007', `there is nothing at ${request.method} ${request.url.split('?')[0]}`);
    reply.status(error.httpStatus).send(error.toJSON());
  });
  api.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    checkAddressed(request, options.ownHosts);
  });

  await api.register(cookie);
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Meshwise',
        version: options.version,
        description: 'The management plane above any service mesh.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  });
  await api.register(async (scope) => sessionRoutes(scope as unknown as Api, services));
  await api.register(async (scope) => {
    scope.addHook('onRequest', async (request) => services.authority.check(request));
    for (const routes of ROUTES) routes(scope as unknown as Api, services);
  });
  await serveWeb(api, options.webDirectory);
  return api;
}

/** The page itself needs no token; everything it shows does. */
async function serveWeb(api: Api, directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  await api.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.schema ??= { hide: true };
    });
    await scope.register(staticFiles, { root: directory, index: false, wildcard: true, cacheControl: false });
    const page = { schema: { hide: true } };
    for (const url of PAGE_PATHS) {
      scope.get(url, page, (_request, reply) => reply.header('cache-control', 'no-cache').sendFile('index.html'));
    }
  });
}

function toKnown(error: unknown): MeshwiseError {
  if (error instanceof MeshwiseError) return error;
  const { validation, statusCode, message } = error as { validation?: unknown; statusCode?: number; message?: string };
  if (validation !== undefined || (statusCode !== undefined && statusCode >= 400 && statusCode < 500)) {
    return new MeshwiseError(statusCode === 413 ? 'MW1002' : 'MW6006', message ?? 'the request is malformed');
  }
  return MeshwiseError.from(error);
}
