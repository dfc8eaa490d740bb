import { durationWords } from './duration.ts';
import type { LoadPlan } from './plan.ts';
import { numberWords, plural } from './words.ts';

/** How requests get to the server: connections, protocol, TLS, addresses. */
export function describeWay(plan: LoadPlan): string[] {
  const { unixSocketPath, resolve } = plan.connections;
  return [
    describeProtocol(plan),
    describeConnections(plan),
    describeTimeouts(plan),
    ...(unixSocketPath === null ? [] : [`By the Unix socket ${unixSocketPath}, whatever the URL says`]),
    ...resolve.map(
      ({ host, port, address }) => `${host}${port === null ? '' : `:${port}`} is taken to be at ${address}`,
    ),
  ];
}

function describeConnections({ connections: { count, burst, requestsPerConnection } }: LoadPlan): string {
  const opened = burst ? 'opened all at one moment' : 'opened one after the other before the first request';
  const when = count === 1 ? 'opened before the first request' : opened;
  return `${plural(count, 'connection')}, ${when}, ${describeReuse(requestsPerConnection)}`;
}

function describeTimeouts({ connections: { connectTimeoutMs }, timeoutMs }: LoadPlan): string {
  const connect = `A connection that is not open after ${durationWords(connectTimeoutMs)} is an error`;
  return `${connect}, and so is an answer that takes longer than ${durationWords(timeoutMs)}`;
}

function describeReuse(range: LoadPlan['connections']['requestsPerConnection']): string {
  if (range === null) return 'kept open';
  if (range.max === 1) return 'a new one for every request';
  const many =
    range.min === range.max ? numberWords(range.min) : `${numberWords(range.min)} to ${numberWords(range.max)}`;
  return `each replaced after ${many} requests`;
}

function describeProtocol({ protocol, connections, tls }: LoadPlan): string {
  const name = { http1: 'HTTP/1.1', http2: 'HTTP/2', grpc: 'gRPC (unary calls) over HTTP/2' }[protocol];
  const streams = connections.streamsPerConnection;
  const atOnce = streams === 1 ? '' : `, up to ${numberWords(streams)} requests at once on a connection`;
  if (tls === null) return `${name} without TLS${protocol === 'http1' ? '' : ', by prior knowledge'}${atOnce}`;
  const server = tls.verify ? '' : ", and the server's certificate is not verified";
  const trusted = tls.verify && tls.ca !== null ? ', trusting the given authority only' : '';
  const client = tls.certificate === null ? '' : ', with a client certificate';
  const asked = tls.serverName === null ? '' : `, asking for ${tls.serverName}`;
  return `${name} with TLS${asked}${trusted}${client}${server}${atOnce}`;
}
