import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AccessDecisions,
  AccessQuery,
  AccessRequest,
  AccessView,
  ApplyRequest,
  ApplyResponse,
  AttachRequest,
  AttachResponse,
  DeleteRequest,
  ErrorResponse,
  ExportIdentityResponse,
  ExportQuery,
  IdentityResponse,
  IdentityTarget,
  IdentityView,
  ListIdentitiesResponse,
  LogsQuery,
  PATHS,
  ProxyConfigQuery,
  ProxyConfigResponse,
  ProxyRestartRequest,
  ResourcesQuery,
  ResourcesResponse,
  RevisionsQuery,
  RevisionsResponse,
  RevokeIdentityRequest,
  RevokeIdentityResponse,
  RollbackRequest,
  RollbackResponse,
  RotateRootRequest,
  RotationView,
  RunPlanResponse,
  RunRequest,
  RunResponse,
  RunStarted,
  SessionToken,
  StatusView,
  TapEvent,
  TapQuery,
} from '@meshwise/api';
import { systemClock } from '@meshwise/core';
import Type from 'typebox';
import { Value } from 'typebox/value';

export const TOKEN = 'test-token-that-is-long-enough-for-anyone';

/** What an operation answers: a body by its schema, lines that stream, or an error with its status. */
export type Answer =
  | { readonly body: unknown }
  | { readonly stream: readonly string[]; readonly open?: boolean; readonly afterMs?: number }
  | { readonly status: number; readonly error: unknown };

export type Handler = (input: Record<string, unknown>) => Answer | Promise<Answer>;
export type Handlers = Partial<Record<keyof typeof PATHS, Handler>>;

interface Operation {
  readonly method: 'GET' | 'POST';
  readonly input: Type.TSchema;
  readonly output: Type.TSchema;
}

const none = Type.Object({});

const OPERATIONS: Partial<Record<keyof typeof PATHS, Operation>> = {
  status: { method: 'GET', input: none, output: StatusView },
  sessionToken: { method: 'POST', input: none, output: SessionToken },
  apply: { method: 'POST', input: ApplyRequest, output: ApplyResponse },
  diff: { method: 'POST', input: ApplyRequest, output: ApplyResponse },
  delete: { method: 'POST', input: DeleteRequest, output: ApplyResponse },
  resources: { method: 'GET', input: ResourcesQuery, output: ResourcesResponse },
  access: { method: 'GET', input: AccessQuery, output: AccessView },
  accessRequest: { method: 'POST', input: AccessRequest, output: AccessDecisions },
  revisions: { method: 'GET', input: RevisionsQuery, output: RevisionsResponse },
  rollback: { method: 'POST', input: RollbackRequest, output: RollbackResponse },
  logs: { method: 'GET', input: LogsQuery, output: Type.String() },
  tap: { method: 'GET', input: TapQuery, output: TapEvent },
  proxyConfig: { method: 'GET', input: ProxyConfigQuery, output: ProxyConfigResponse },
  proxyRestart: {
    method: 'POST',
    input: ProxyRestartRequest,
    output: Type.Object({ restarted: Type.Array(Type.String()) }),
  },
  proxyAttach: { method: 'POST', input: AttachRequest, output: AttachResponse },
  identities: { method: 'GET', input: none, output: ListIdentitiesResponse },
  identity: { method: 'GET', input: IdentityTarget, output: IdentityResponse },
  identityRevoke: { method: 'POST', input: RevokeIdentityRequest, output: RevokeIdentityResponse },
  identityReadmit: { method: 'POST', input: IdentityTarget, output: IdentityView },
  identityExport: { method: 'POST', input: IdentityTarget, output: ExportIdentityResponse },
  identityRotation: { method: 'GET', input: none, output: RotationView },
  identityRotate: { method: 'POST', input: RotateRootRequest, output: RotationView },
  perfPlan: { method: 'POST', input: RunRequest, output: RunPlanResponse },
  perfRuns: { method: 'POST', input: RunRequest, output: RunStarted },
  perfRun: { method: 'GET', input: none, output: RunResponse },
  perfStop: { method: 'POST', input: none, output: Type.Object({}) },
  perfExport: {
    method: 'GET',
    input: ExportQuery,
    output: Type.Object({ record: RunResponse.properties.record, intervals: Type.Array(Type.Unknown()) }),
  },
  stream: { method: 'GET', input: none, output: Type.String() },
  shutdown: { method: 'POST', input: none, output: Type.Object({}) },
};

export interface ContractServer {
  readonly api: string;
  /** Calls that fitted the contract, in order. */
  readonly calls: readonly { readonly operation: string; readonly input: Record<string, unknown> }[];
  close(): Promise<void>;
}

/**
 * A real HTTP server that speaks the daemon's contract and holds both sides to it: a request that does not fit its schema is
 * refused with MW6006, an answer that does not is a broken test and ends as status 500.
 */
export async function contractServer(handlers: Handlers, port = 0): Promise<ContractServer> {
  const calls: { operation: string; input: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    answer(request, response, handlers, calls).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: actual } = server.address() as AddressInfo;
  return { api: `http://127.0.0.1:${actual}`, calls, close: () => close(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: Handlers,
  calls: { operation: string; input: Record<string, unknown> }[],
): Promise<void> {
  const refuse = (status: number, code: string, message: string) =>
    json(response, status, ErrorResponse, { code, message, advice: `advice of ${code}`, details: {} });
  if (request.headers.authorization !== `Bearer ${TOKEN}`)
    return refuse(401, 'MW6004', 'the token is missing or wrong');
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const name = (Object.keys(PATHS) as (keyof typeof PATHS)[]).find((key) =>
    new RegExp(`^${PATHS[key].replace('{id}', '[^/]+')}$`).test(url.pathname),
  );
  const operation = name === undefined ? undefined : OPERATIONS[name];
  const handler = name === undefined ? undefined : handlers[name];
  if (name === undefined || operation === undefined || handler === undefined || operation.method !== request.method) {
    return refuse(404, 'MW6007', `there is no ${request.method} ${url.pathname}`);
  }
  const text = await readAll(request);
  const raw: unknown = request.method === 'POST' ? JSON.parse(text) : Object.fromEntries(url.searchParams);
  const input = request.method === 'GET' ? Value.Convert(operation.input, raw) : raw;
  if (!Value.Check(operation.input, input))
    return refuse(400, 'MW6006', JSON.stringify(Value.Errors(operation.input, input)));
  calls.push({ operation: name, input: input as Record<string, unknown> });
  const result = await handler(input as Record<string, unknown>);
  if ('body' in result) return json(response, 200, operation.output, result.body);
  if ('status' in result) return json(response, result.status, ErrorResponse, result.error);
  // The head goes out with the first line, as it does from the daemon.
  if (result.afterMs !== undefined) await systemClock.sleep(result.afterMs);
  response.writeHead(200, { 'content-type': 'text/plain' });
  for (const chunk of result.stream) response.write(chunk);
  if (result.open !== true) response.end();
}

function json(response: ServerResponse, status: number, schema: Type.TSchema, body: unknown): void {
  if (!Value.Check(schema, body))
    throw new Error(`answer outside the contract: ${JSON.stringify(Value.Errors(schema, body))}`);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
