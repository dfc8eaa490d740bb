import { readFile } from 'node:fs/promises';
import type { RunRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { type LoadInput, parseRequestFile, type RequestInput } from '@meshwise/load';
import { parseExpectation, parseStages } from '@meshwise/performance';
import type { CliContext } from '../context.ts';
import type { RunOptions } from './run-options.ts';

/** The request of the API that the options make, with every file they name read. Nothing in it that was not said. */
export async function runRequest(target: string, options: RunOptions, context: CliContext): Promise<RunRequest> {
  const { from, name, expect = [], yes } = options;
  return {
    target,
    load: await loadInput(options, context),
    ...said({ from, name, yes }),
    ...(expect.length > 0 && { criteria: expect.map((text) => parseExpectation(text)) }),
    ...compareMesh(options),
  };
}

async function loadInput(options: RunOptions, context: CliContext): Promise<LoadInput> {
  const abort = said({
    errorPercent: options.abortErrors,
    responseP99Ms: options.abortP99,
    windowMs: options.abortWindow,
  });
  const requests = await requestInputs(options, context);
  const tls = await tlsInput(options);
  return {
    ...said({
      protocol: options.protocol,
      rps: options.rps,
      closed: options.closed,
      arrivals: options.arrivals,
      durationMs: options.duration,
      maxRequests: options.requestsLimit,
      warmUpMs: options.warmUp,
      connections: options.connections,
      streamsPerConnection: options.streams,
      burst: options.burst,
      requestsPerConnection: options.reuse,
      connectTimeoutMs: options.connectTimeout,
      unixSocketPath: options.unixSocket,
      timeoutMs: options.timeout,
      workers: options.workers,
      seed: options.seed,
      maxBacklog: options.maxBacklog,
      maxHeadBytes: options.maxHeadBytes,
      maxBodyBytes: options.maxBodyBytes,
    }),
    ...(options.stages !== undefined && { stages: parseStages(options.stages) }),
    ...(!options.keepAlive && { keepAlive: false }),
    ...(options.resolve !== undefined && { resolve: [...options.resolve] }),
    ...(requests !== undefined && { requests }),
    ...(Object.keys(tls).length > 0 && { tls }),
    ...(Object.keys(abort).length > 0 && { abort }),
  };
}

async function requestInputs(options: RunOptions, context: CliContext): Promise<RequestInput[] | undefined> {
  const { requests, method, header = [], cookie = [], body } = options;
  const single = method !== undefined || header.length > 0 || cookie.length > 0 || body !== undefined;
  if (requests !== undefined) {
    if (single) throw misuse('--requests', 'with --method, --header, --cookie or --body', 'one or the other');
    const text = requests === '-' ? await context.readStdin() : await readText(requests, '--requests');
    return parseRequestFile(text, requests);
  }
  if (!single) return undefined;
  const headers = [
    ...header.map(headerPair),
    ...(cookie.length > 0 ? [['cookie', cookie.join('; ')] as [string, string]] : []),
  ];
  const content = body?.startsWith('@') === true ? await readBody(body.slice(1)) : body;
  return [
    {
      ...said({ method: method ?? (body === undefined ? undefined : 'POST') }),
      ...(headers.length > 0 && { headers }),
      ...(content !== undefined && {
        body: typeof content === 'string' ? ({ encoding: 'utf8', content } as const) : content,
      }),
    },
  ];
}

function headerPair(line: string): [string, string] {
  const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw misuse('--header', line, 'name: value');
  return [name, value];
}

async function tlsInput({ insecure, ca, cert, key, serverName }: RunOptions): Promise<NonNullable<LoadInput['tls']>> {
  const read = (path: string | undefined, option: string) => (path === undefined ? undefined : readText(path, option));
  return said({
    verify: insecure === true ? false : undefined,
    ca: await read(ca, '--ca'),
    certificate: await read(cert, '--cert'),
    key: await read(key, '--key'),
    serverName,
  });
}

function compareMesh({ compareMesh, rounds, block, variants }: RunOptions): Pick<RunRequest, 'compareMesh'> {
  const details = { ...said({ rounds, blockMs: block }), ...(variants !== undefined && { variants: [...variants] }) };
  if (compareMesh === true) return { compareMesh: details };
  if (Object.keys(details).length === 0) return {};
  throw misuse('--rounds, --block and --variants', 'without --compare-mesh', 'with it');
}

/** What is UTF-8 is sent as text, so that it can be read in the result; everything else as it is. */
async function readBody(path: string): Promise<NonNullable<RequestInput['body']>> {
  const bytes = await read(path, '--body');
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  return isText ? { encoding: 'utf8', content: text } : { encoding: 'base64', content: bytes.toString('base64') };
}

async function readText(path: string, option: string): Promise<string> {
  return (await read(path, option)).toString('utf8');
}

async function read(path: string, option: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    const found = `${path}: ${(cause as NodeJS.ErrnoException).code ?? 'cannot be read'}`;
    throw new MeshwiseError(
      'MW7001',
      `${option} names a file that cannot be read`,
      { field: option, found },
      { cause },
    );
  });
}

function misuse(field: string, found: string, expected: string): MeshwiseError {
  return new MeshwiseError('MW7001', `${field} cannot be used like this`, { field, found, expected });
}

type Said<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function said<T extends object>(values: T): Said<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Said<T>;
}
