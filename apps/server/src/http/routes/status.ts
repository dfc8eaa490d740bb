import { ErrorResponse, type LiveRuns, PATHS, StatusView } from '@meshwise/api';
import type { LiveRun } from '@meshwise/performance';
import Type from 'typebox';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

const PING_MS = 10_000;

export function statusRoutes(api: Api, services: ApiServices): void {
  api.get(
    PATHS.status,
    { schema: { summary: 'The state of the mesh', response: { 200: StatusView, '4xx': ErrorResponse } } },
    async () => services.status.current(),
  );

  api.get(
    PATHS.stream,
    {
      schema: {
        summary: 'The state of the mesh, and load tests that go on, as server-sent events',
        produces: ['text/event-stream'],
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String()) }),
      },
    },
    (request, reply) => {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      // A resume that has nothing new to tell must show at once that it was accepted.
      raw.flushHeaders();
      const lastSeen = Number(request.headers['last-event-id']);
      const end = services.status.subscribe(Number.isNaN(lastSeen) ? undefined : lastSeen, ({ id, status }) => {
        // A reader that does not keep up misses states in between, never the newest.
        if (!raw.writableNeedDrain) raw.write(`id: ${id}\nevent: status\ndata: ${JSON.stringify(status)}\n\n`);
      });
      const tell = (runs: readonly LiveRun[]) => {
        // That the last has ended is told in any case: nothing comes after it.
        if (!raw.writableNeedDrain || runs.length === 0)
          raw.write(`event: runs\ndata: ${JSON.stringify({ runs: [...runs] } satisfies LiveRuns)}\n\n`);
      };
      const endRuns = services.measuring.subscribe(tell);
      let stopPing = () => {};
      const ping = () => {
        raw.write('event: ping\ndata: {}\n\n');
        stopPing = services.clock.after(PING_MS, ping);
      };
      stopPing = services.clock.after(PING_MS, ping);
      const close = () => {
        end();
        endRuns();
        stopPing();
        raw.end();
        services.stopping.removeEventListener('abort', close);
      };
      raw.on('close', close);
      services.stopping.addEventListener('abort', close, { once: true });
    },
  );

  api.post(
    PATHS.shutdown,
    {
      schema: {
        summary: 'Stop the mesh and the daemon',
        response: { 202: Type.Object({ stopping: Type.Boolean() }), '4xx': ErrorResponse },
      },
    },
    async (_request, reply) => {
      services.shutDown();
      return reply.status(202).send({ stopping: true });
    },
  );
}
