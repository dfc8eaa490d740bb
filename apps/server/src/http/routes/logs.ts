import { Readable } from 'node:stream';
import { ErrorResponse, LogsQuery, PATHS } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { logFiles, readLog } from '@meshwise/platform';
import type { PodSpec } from '@meshwise/resources';
import Type from 'typebox';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

const PROXY_CONTAINER = 'istio-proxy';

export function logRoutes(api: Api, services: ApiServices): void {
  api.get(
    PATHS.logs,
    {
      schema: {
        summary: "A container's output",
        querystring: LogsQuery,
        produces: ['text/plain'],
        response: { 200: Type.Unsafe<Readable>(Type.String()), '4xx': ErrorResponse },
      },
    },
    async (request, reply) => {
      const { namespace, pod, tailLines, follow = false, previous = false } = request.query;
      const container = request.query.container ?? (await onlyProgram(services, namespace, pod));
      const files = await logFiles(services.logDirectory, namespace, pod, container);
      const path = files.at(previous ? -2 : -1);
      if (path === undefined) {
        const what = previous ? 'an earlier start' : 'any output';
        throw new MeshwiseError('MW2001', `container ${container} of pod ${namespace}/${pod} has not left ${what}`);
      }
      const gone = new AbortController();
      request.raw.on('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, services.stopping]);
      const options = { follow, signal, clock: services.clock, ...(tailLines === undefined ? {} : { tailLines }) };
      reply.type('text/plain; charset=utf-8');
      return reply.send(Readable.from(readLog(path, options)));
    },
  );
}

async function onlyProgram({ store }: ApiServices, namespace: string, name: string): Promise<string> {
  const pod = await store.get({ group: '', kind: 'Pod', namespace, name });
  if (pod === undefined) throw new MeshwiseError('MW2001', `there is no pod ${name} in namespace ${namespace}`);
  const { containers } = pod.spec as PodSpec;
  const programs = containers.filter((container) => container.name !== PROXY_CONTAINER);
  const chosen = programs[0] ?? containers[0];
  if (programs.length > 1 || chosen === undefined) {
    throw new MeshwiseError('MW6006', `pod ${name} has several containers`, {
      field: 'container',
      expected: `one of ${containers.map((container) => container.name).join(', ')}`,
    });
  }
  return chosen.name;
}
