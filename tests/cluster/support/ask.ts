/** One question to a proxy, over HTTP or bytes, and what came back: the same for both sides, sent by the same program. */
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type SecureVersion } from 'node:tls';

export interface Ask {
  readonly protocol: 'http' | 'tcp' | 'tls' | 'https';
  /** Where the client believes it connects to. */
  readonly address: string;
  readonly port: number;
  readonly authority?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Server name of the TLS handshake. */
  readonly serverName?: string;
  /** The client's certificate and key. */
  readonly client?: { readonly certificate: string; readonly key: string };
  /** The one version of TLS that the client speaks. */
  readonly tlsVersion?: SecureVersion;
  /** The client's own address. */
  readonly localAddress?: string;
  /** Tells requests apart where they arrive. */
  readonly key: string;
}

export interface Reply {
  /** Absent when there was no HTTP answer. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why there was none. */
  readonly error?: string;
  readonly elapsedMs: number;
}

export const KEY_HEADER = 'x-oracle-key';
const TIMEOUT_MS = 15_000;

export async function ask(question: Ask): Promise<Reply> {
  const startMs = performance.now();
  const answer = await (question.protocol === 'http' || question.protocol === 'https'
    ? overHttp(question)
    : overBytes(question)
  ).catch((error: unknown) => ({ headers: {}, body: '', error: errorCode(error) }));
  return { ...answer, elapsedMs: performance.now() - startMs };
}

/** Asks as somebody who is in no cluster does; with one address for all, since proxies tell it on. */
export function askFromOutside(question: Ask): Promise<Reply> {
  return ask({ ...question, localAddress: OUTSIDE });
}

const OUTSIDE = '10.244.8.1';

type Answer = Omit<Reply, 'elapsedMs'>;

function overHttp(question: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ask = question.protocol === 'https' ? requestTls : request;
    const outgoing = ask(
      {
        ...tlsOptions(question),
        host: question.address,
        port: question.port,
        ...localAddress(question),
        method: question.method ?? 'GET',
        path: question.path ?? '/',
        headers: {
          host: question.authority ?? question.address,
          [KEY_HEADER]: question.key,
          ...question.headers,
          ...(question.body === undefined ? {} : { 'content-length': Buffer.byteLength(question.body) }),
        },
        setHost: false,
        agent: false,
        timeout: TIMEOUT_MS,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('client timeout')));
    outgoing.on('error', reject);
    outgoing.end(question.body);
  });
}

/** Sends the key, and takes what comes until the other end closes or a line is whole. */
function overBytes(question: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const say = () => socket.write(`${question.key}\n`);
    const where = { host: question.address, port: question.port, ...localAddress(question) };
    const socket: Socket =
      question.protocol === 'tcp' ? connectTcp(where, say) : connectTls({ ...where, ...tlsOptions(question) }, say);
    let body = '';
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('client timeout')));
    socket.on('data', (chunk: Buffer) => {
      body += chunk.toString();
      if (body.endsWith('\n')) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => (body === '' ? reject(new Error('closed')) : resolve({ headers: {}, body })));
  });
}

/** Nobody is verified: which certificate a proxy shows is not what is compared. */
function tlsOptions({ protocol, serverName = '', client, tlsVersion }: Ask): object {
  if (protocol !== 'https' && protocol !== 'tls') return {};
  return {
    servername: serverName,
    rejectUnauthorized: false,
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
    ...(tlsVersion === undefined ? {} : { minVersion: tlsVersion, maxVersion: tlsVersion }),
  };
}

function localAddress({ localAddress: address }: Ask): { readonly localAddress?: string } {
  return address === undefined ? {} : { localAddress: address };
}

function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
