import { isIP } from 'node:net';
import { MeshwiseError } from '@meshwise/core';
import type { LoadPlan, LoadTls } from '../plan/plan.ts';

/** Where the connections of a plan go to: one origin, since a connection belongs to one. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Instead of what name resolution would say. */
  readonly address: string | null;
  readonly unixSocketPath: string | null;
  /** Null without TLS. */
  readonly tls: LoadTls | null;
  /** What TLS asks for and verifies: the plan's name, else that of the URL. */
  readonly serverName: string;
  readonly connectTimeoutMs: number;
}

const PLAIN_TLS: LoadTls = { verify: true, ca: null, certificate: null, key: null, serverName: null };

export function targetOf(plan: Pick<LoadPlan, 'requests' | 'connections' | 'tls'>): Target {
  const urls = plan.requests.map(({ url }) => parse(url));
  const [first, ...others] = urls;
  if (first === undefined) throw impossible('it has no request');
  const other = others.find((url) => url.origin !== first.origin);
  if (other !== undefined) throw impossible(`its requests go to ${first.origin} and to ${other.origin}`);

  const { connectTimeoutMs, unixSocketPath, resolve } = plan.connections;
  const host = first.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = first.protocol === 'https:';
  const port = first.port === '' ? (secure ? 443 : 80) : Number(first.port);
  const override = resolve.find((one) => one.host.toLowerCase() === host && (one.port ?? port) === port);
  const tls = secure ? (plan.tls ?? PLAIN_TLS) : null;
  return {
    host,
    port,
    address: override?.address ?? (isIP(host) === 0 ? null : host),
    unixSocketPath,
    tls,
    serverName: tls?.serverName ?? host,
    connectTimeoutMs,
  };
}

function parse(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed !== null && (parsed.protocol === 'http:' || parsed.protocol === 'https:')) return parsed;
  throw impossible(`“${url}” is no http or https URL`);
}

function impossible(reason: string): MeshwiseError {
  return new MeshwiseError('MW8001', `This load plan is not possible: ${reason}.`);
}
