import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import type { ResultFile } from '../../perf/result-file.ts';

/** `{id}` of the contract in Fastify's words. */
export function routePath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

export const IdParams = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** False when it had ended already. */
export const Stopped = Type.Object({ stopping: Type.Boolean() });
export const Deleted = Type.Object({ deleted: Type.Boolean() });

/** To be saved and not shown: a report is a page of its own, and must not be one of ours. */
export function sendFile(reply: Pick<FastifyReply, 'header' | 'type' | 'send'>, file: ResultFile) {
  reply.header('content-disposition', `attachment; filename="${file.name}"`).type(file.contentType);
  return reply.send(file.text);
}
