import { MeshwiseError } from '@meshwise/core';
import { parseDuration } from '@meshwise/load';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../input/options.ts';

/** What commander hands over for `perf run`; every field is absent unless it was said. */
export interface RunOptions {
  readonly from?: 'outside' | 'inside';
  readonly name?: string;
  readonly protocol?: 'http1' | 'http2' | 'grpc';
  readonly method?: string;
  readonly header?: readonly string[];
  readonly cookie?: readonly string[];
  readonly body?: string;
  readonly requests?: string;
  readonly rps?: number | 'max';
  readonly closed?: boolean;
  readonly arrivals?: 'constant' | 'poisson';
  readonly stages?: string;
  readonly duration?: number;
  readonly requestsLimit?: number;
  readonly warmUp?: number;
  readonly connections?: number;
  readonly streams?: number;
  readonly burst?: boolean;
  /** False with `--no-keep-alive`. */
  readonly keepAlive: boolean;
  readonly reuse?: { readonly min: number; readonly max: number };
  readonly connectTimeout?: number;
  readonly unixSocket?: string;
  readonly resolve?: readonly { readonly host: string; readonly port: number | null; readonly address: string }[];
  readonly insecure?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly timeout?: number;
  readonly workers?: number;
  readonly seed?: number;
  readonly abortErrors?: number;
  readonly abortP99?: number;
  readonly abortWindow?: number;
  readonly maxBacklog?: number;
  readonly maxHeadBytes?: number;
  readonly maxBodyBytes?: number;
  readonly expect?: readonly string[];
  readonly yes?: boolean;
  readonly compareMesh?: boolean;
  readonly rounds?: number;
  readonly block?: number;
  readonly variants?: readonly ('none' | 'server' | 'both')[];
  /** False with `--no-store`. */
  readonly store: boolean;
  readonly report?: string;
  readonly output: string;
}

/** Adds every option of `perf run`. The names are those that `commandOf` of @meshwise/performance prints. */
export function withRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--from <place>', 'where load comes from: this machine, or a pod of the mesh').choices([
        'outside',
        'inside',
      ]),
    )
    .option('--name <name>', 'what the result is called')
    .optionsGroup('Load:')
    .option(
      '--rps <rate>',
      'requests per second, each with its own time (open loop); max: as fast as answers come',
      rate,
    )
    .option('--closed', 'each connection sends its next request after the last answer; --rps is a cap then')
    .option('--duration <time>', 'how long to measure, as 30s or 1m30s', duration)
    .option('--stages <list>', 'rates one after the other: 100..500@30s,500@1m')
    .addOption(
      new Option('--arrivals <kind>', 'evenly spaced, or random as independent users').choices(['constant', 'poisson']),
    )
    .option('--requests-limit <count>', 'end after so many requests', wholeNumber(1))
    .option('--warm-up <time>', 'load before the measured time', duration)
    .option('--workers <count>', 'generator processes', wholeNumber(1, 64))
    .option('--seed <number>', 'of everything random', wholeNumber(0, 0xffff_ffff))
    .optionsGroup('Requests:')
    .addOption(new Option('--protocol <name>', 'protocol').choices(['http1', 'http2', 'grpc']))
    .option('--method <method>', 'method')
    .option('-H, --header <line>', 'header as "name: value"; may be repeated', collect)
    .option('--cookie <pair>', 'cookie as name=value; may be repeated', collect)
    .option('--body <text>', 'body; @FILE reads a file')
    .option('--requests <file>', 'several weighted requests from a file: JSON, or lines "METHOD path weight=N"')
    .option('--timeout <time>', 'for one answer, from sending the request', duration)
    .optionsGroup('Connections:')
    .option('--connections <count>', 'connections in all', wholeNumber(1, 65_536))
    .option('--streams <count>', 'requests at once on a connection (HTTP/2, gRPC)', wholeNumber(1, 1024))
    .option('--no-keep-alive', 'a new connection for each request')
    .option('--reuse <range>', 'requests after which a connection is replaced, as 100:200', range)
    .option('--burst', 'all connections begin at one moment')
    .option('--connect-timeout <time>', 'for one connection', duration)
    .option('--unix-socket <path>', 'connect to this socket')
    .option('--resolve <entry>', 'HOST:PORT:ADDRESS, as curl; PORT may be *; may be repeated', resolveEntry)
    .option('--insecure', 'do not verify the certificate')
    .option('--ca <file>', 'certificates to trust')
    .option('--cert <file>', "the client's certificate, for mutual TLS")
    .option('--key <file>', 'its key')
    .option('--server-name <name>', 'name to ask for and to verify')
    .optionsGroup('Limits:')
    .option('--abort-errors <percent>', 'end early when more fail', percent)
    .option('--abort-p99 <time>', 'end early when the response time is longer', duration)
    .option('--abort-window <time>', 'over which both are judged', duration)
    .option(
      '--max-backlog <count>',
      'requests that may wait for a connection; more are dropped',
      wholeNumber(0, 10_000_000),
    )
    .option('--max-head-bytes <count>', 'of an answer', wholeNumber(256, 16_777_216))
    .option('--max-body-bytes <count>', 'of an answer', wholeNumber(0))
    .option('--yes', 'the target is not mine, and its owner agrees')
    .optionsGroup('Result:')
    .option(
      '--expect <criterion>',
      'exit 1 unless it holds: p50<5ms, p99<50ms, errors<1%, achieved>95%; may be repeated',
      collect,
    )
    .option('--compare-mesh', 'the same requests without sidecars, with one and with both, in random order')
    .option('--rounds <count>', 'how often (with --compare-mesh)', wholeNumber(2, 1000))
    .option('--block <time>', 'how long each block takes (with --compare-mesh)', duration)
    .option('--variants <list>', 'of none,server,both (with --compare-mesh)', variants)
    .option('--report <file>', 'write an HTML report there')
    .option('--no-store', 'do not keep the result');
}

function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function rate(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 10_000_000) return value;
  throw new InvalidArgumentError('Expected a number above 0, at most 10000000, or max.');
}

function percent(text: string): number {
  const value = Number(text.replace(/\s*%$/, ''));
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('Expected a share from 0 to 100.');
}

function duration(text: string): number {
  try {
    return parseDuration(text, 'duration');
  } catch (error) {
    throw new InvalidArgumentError(`Expected a time, as ${MeshwiseError.from(error).details.expected ?? '30s'}.`);
  }
}

function range(text: string): { min: number; max: number } {
  const [, min, max = min] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (min !== undefined && Number(min) >= 1 && Number(max) >= Number(min))
    return { min: Number(min), max: Number(max) };
  throw new InvalidArgumentError('Expected MIN:MAX, from 1.');
}

function resolveEntry(text: string, before: RunOptions['resolve']): NonNullable<RunOptions['resolve']> {
  const [, host, port, address] = /^([^:]+):(\*|\d+):(.+)$/.exec(text) ?? [];
  if (host === undefined || port === undefined || address === undefined) {
    throw new InvalidArgumentError('Expected HOST:PORT:ADDRESS.');
  }
  return [...(before ?? []), { host, port: port === '*' ? null : Number(port), address }];
}

function variants(text: string): NonNullable<RunOptions['variants']> {
  const names = text.split(',');
  const known = names.filter((name) => name === 'none' || name === 'server' || name === 'both');
  if (known.length === names.length && known.length >= 2 && new Set(known).size === known.length) return known;
  throw new InvalidArgumentError('Expected two or three of none, server and both, with commas between.');
}
