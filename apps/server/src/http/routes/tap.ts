import { Readable } from 'node:stream';
import { ErrorResponse, PATHS, TapQuery } from '@meshwise/api';
import Type from 'typebox';
import { findProxies } from '../../operations/find-proxy.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

export function tapRoutes(api: Api, services: ApiServices): void {
  api.get(
    PATHS.tap,
    {
      schema: {
        summary: 'Requests as proxies see them, one JSON object a line',
        querystring: TapQuery,
        produces: ['application/x-ndjson'],
        response: { 200: Type.Unsafe<Readable>(Type.String()), '4xx': ErrorResponse },
      },
    },
    async (request, reply) => {
      const { target, namespace, limit } = request.query;
      const proxies = await findProxies(services.store, services.proxies.all(), target, namespace);
      const gone = new AbortController();
      request.raw.on('close', () => gone.abort());
      const events = services.taps.tap(proxies, AbortSignal.any([gone.signal, services.stopping]), limit);
      reply.type('application/x-ndjson');
      return reply.send(Readable.from(lines(events)));
    },
  );
}

async function* lines(events: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`;
}
