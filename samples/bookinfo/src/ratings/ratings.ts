/** Ratings of a book by reviewer, kept in memory; `moods.ts` says how each version misbehaves. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { sendJson, sendMethodNotAllowed, sendNotFound } from '../http/reply.ts';
import { productId, readBody, requestPath } from '../http/request.ts';
import type { Handler } from '../http/serve.ts';
import { type Behaviour, behaviourOf, type Chance, lateMs } from './moods.ts';

export interface RatingsOptions {
  readonly version: string;
  readonly chance?: Chance;
  readonly lateMs?: number;
}

const maxBodyBytes = 64 * 1024;
const realChance: Chance = { nowMs: () => performance.now(), random: Math.random };

export function createRatings(options: RatingsOptions): Handler {
  const behaviour = behaviourOf(options.version, options.chance ?? realChance);
  const stored = new Map<number, unknown>();
  const delayMs = options.lateMs ?? lateMs;
  return async (request, response) => {
    const path = requestPath(request);
    const isRatings = path === '/ratings' || path.startsWith('/ratings/');
    if (path !== '/health' && !isRatings) return sendNotFound(response);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && !(isRatings && request.method === 'POST')) {
      return sendMethodNotAllowed(response, isRatings ? 'GET, HEAD, POST' : 'GET, HEAD');
    }
    if (!isRatings) return sendHealth(behaviour, response);
    const id = productId(path.slice('/ratings/'.length));
    if (!reads) return await store(behaviour, stored, id, request, response);
    if (id === undefined) return sendJson(response, 400, { error: 'please provide numeric product ID' });
    const ratings = stored.get(id) ?? { Reviewer1: 5, Reviewer2: 4 };
    switch (behaviour.mood()) {
      case 'no-database':
        return sendJson(response, 500, { error: 'could not connect to ratings database' });
      case 'unavailable':
        return sendJson(response, 503, { error: 'Service unavailable' });
      case 'late':
        await wait(delayMs);
        return sendJson(response, 200, { id, ratings });
      case 'ok':
        return sendJson(response, 200, { id, ratings });
    }
  };
}

function sendHealth(behaviour: Behaviour, response: ServerResponse): void {
  if (behaviour.healthy()) sendJson(response, 200, { status: 'Ratings is healthy' });
  else sendJson(response, 500, { status: 'Ratings is not healthy' });
}

async function store(
  behaviour: Behaviour,
  stored: Map<number, unknown>,
  id: number | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, maxBodyBytes);
  if (id === undefined) return sendJson(response, 400, { error: 'please provide numeric product ID' });
  const ratings = body === undefined ? undefined : parseRatings(body);
  if (ratings === undefined) return sendJson(response, 400, { error: 'please provide valid ratings JSON' });
  if (!behaviour.storesRatings) {
    return sendJson(response, 501, { error: 'Post not implemented for database backed ratings' });
  }
  stored.set(id, ratings);
  sendJson(response, 200, { id, ratings });
}

function parseRatings(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
