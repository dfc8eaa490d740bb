/** All the clients of this bench, in a process of their own. Its argument is a file with the proxies. */
import { readFileSync } from 'node:fs';
import type { ProxyDescriptor } from '@meshwise/model';
import type { XdsType } from '@meshwise/xds';
import { onLines, say } from '../processes/line-process.ts';
import { type Address, AdsClient } from './ads-client.ts';
import { firstRequest } from './first-request.ts';
import { KnownInterests } from './known-interests.ts';
import { type ClientsCommand, monotonicMs, socketOf, type Target } from './messages.ts';
import type { ScaleChange } from './objects.ts';

/** So many are on the way to their first configuration at once: proxies of a mesh do not all start in one instant. */
const CONNECTING = 64;
const RETRY_MS = 200;

const TYPES: Readonly<Record<ScaleChange['types'][number], readonly XdsType[]>> = {
  clusters: ['CDS'],
  endpoints: ['EDS'],
  routes: ['RDS', 'VHDS'],
  // Ours come one by one; istiod's stand in listeners.
  filters: ['ECDS', 'LDS'],
};

interface Watch {
  readonly marker: Buffer;
  readonly types: ScaleChange['types'];
  readonly missing: Map<AdsClient, Set<string>>;
}

const proxies = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as readonly ProxyDescriptor[];
const interests = new KnownInterests();
const settled = new Set<AdsClient>();
const indices = new Map<AdsClient, number>();
/** Who was sent anything since the last command to wait. */
const receivers = new Set<AdsClient>();
let next = 0;
let retries = 0;
let receivedBytes = 0;
let watch: Watch | undefined;

function addressOf(target: Target, index: number): Address {
  return 'directory' in target ? { path: socketOf(target.directory, index) } : target;
}

function connectNext(target: Target): void {
  const index = next;
  const proxy = proxies[index];
  if (proxy === undefined) return;
  next += 1;
  connect(target, index, firstRequest(proxy));
}

function connect(target: Target, index: number, request: Buffer): void {
  new AdsClient({
    address: addressOf(target, index),
    firstRequest: request,
    interests,
    acknowledged: (client, type, response) => {
      receivedBytes += response.length;
      receivers.add(client);
      if (client.isSettled && !settled.has(client)) {
        settled.add(client);
        indices.set(client, index);
        if (settled.size === proxies.length) say({ kind: 'connected', atMs: monotonicMs(), receivedBytes, retries });
        connectNext(target);
      }
      look(client, type, response);
    },
    ended: (client, reason) => {
      if (settled.has(client)) say({ kind: 'failed', message: `client ${index}: ${reason}` });
      else {
        // A server that is asked by too many at once may refuse, and is asked again.
        retries += 1;
        setTimeout(() => connect(target, index, request), RETRY_MS);
      }
    },
  });
}

function look(client: AdsClient, type: XdsType, response: Buffer): void {
  const missing = watch?.missing.get(client);
  if (watch === undefined || missing === undefined || !response.includes(watch.marker)) return;
  for (const wanted of watch.types) if (TYPES[wanted].includes(type)) missing.delete(wanted);
  if (missing.size > 0) return;
  watch.missing.delete(client);
  if (watch.missing.size === 0) {
    watch = undefined;
    say({ kind: 'seen', atMs: monotonicMs(), receivedBytes });
  }
}

onLines<ClientsCommand>((command) => {
  if (command.kind === 'count') return say({ kind: 'received', clients: receivers.size, bytes: receivedBytes });
  receivedBytes = 0;
  receivers.clear();
  if (command.kind === 'connect') {
    for (let started = 0; started < CONNECTING; started += 1) connectNext(command.target);
    return;
  }
  const concerned = command.concerns === undefined ? undefined : new Set(command.concerns);
  const waited = [...settled].filter((client) => concerned?.has(indices.get(client) ?? -1) ?? true);
  const missing = new Map(waited.map((client) => [client, new Set<string>(command.types)]));
  watch = { marker: Buffer.from(command.marker), types: command.types, missing };
  say({ kind: 'armed' });
});
say({ kind: 'ready' });
