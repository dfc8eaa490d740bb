/**
 * A peer written the straightforward way, as most examples of xDS servers are: what each client has is a map of its own,
 * every change compares each client's map with everything, and every response is encoded for its client. Same transport
 * and same Protobuf library as ours, so the difference is in the bookkeeping and the encoding.
 */
import { unlinkSync } from 'node:fs';
import { create, type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { registry, rulesOfUrl, type XdsTypeRules } from '@meshwise/xds';
import { onLines, say } from '../processes/line-process.ts';
import { type EncodedMessage, type ServerCommand, socketPath } from './messages.ts';
import { Stopwatch } from './stopwatch.ts';

type Call = ServerDuplexStream<Buffer, Buffer>;
interface Request {
  readonly typeUrl: string;
  readonly responseNonce: string;
  readonly resourceNamesSubscribe: readonly string[];
}
interface Versioned {
  readonly version: string;
  readonly message: Message;
}
interface Subscription {
  readonly names: ReadonlySet<string>;
  readonly known: Map<string, string>;
}

const messageOf = (name: string): DescMessage => {
  const found = registry.getMessage(`envoy.service.discovery.v3.${name}`);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const REQUEST = messageOf('DeltaDiscoveryRequest');
const RESPONSE = messageOf('DeltaDiscoveryResponse');
const { directory } = JSON.parse(process.argv[2] ?? '{}') as { readonly directory: string };
const stopwatch = new Stopwatch();
const resources = new Map<string, Map<string, Versioned>>();
const clients = new Map<Call, Map<string, Subscription>>();
let version = 0;

function put(encoded: readonly EncodedMessage[]): void {
  version += 1;
  for (const { type, name, value } of encoded) {
    const byName = resources.get(type) ?? new Map<string, Versioned>();
    resources.set(type, byName);
    byName.set(name, {
      version: String(version),
      message: fromBinary(rules(type).schema, Buffer.from(value, 'base64')),
    });
  }
}

function rules(typeUrl: string): XdsTypeRules {
  const found = rulesOfUrl(typeUrl);
  if (found === undefined) throw new Error(`not served: ${typeUrl}`);
  return found;
}

function send(call: Call, typeUrl: string, { names, known }: Subscription): void {
  const due = [...(resources.get(typeUrl) ?? [])].filter(
    ([name, resource]) => (names.size === 0 || names.has(name)) && known.get(name) !== resource.version,
  );
  if (due.length === 0) return;
  const { schema } = rules(typeUrl);
  const fields = {
    typeUrl,
    nonce: String(version),
    resources: due.map(([name, resource]) => {
      known.set(name, resource.version);
      return { name, version: resource.version, resource: anyPack(schema, resource.message) };
    }),
  };
  const bytes = toBinary(RESPONSE, create(RESPONSE, fields));
  stopwatch.pushed(bytes.length);
  call.write(Buffer.from(bytes));
}

function serve(call: Call): void {
  const subscriptions = new Map<string, Subscription>();
  clients.set(call, subscriptions);
  call.on('data', (bytes: Buffer) => {
    const request = fromBinary(REQUEST, bytes) as unknown as Request;
    if (request.responseNonce !== '') {
      stopwatch.acknowledged();
      return;
    }
    const subscription: Subscription = { names: new Set(request.resourceNamesSubscribe), known: new Map() };
    subscriptions.set(request.typeUrl, subscription);
    send(call, request.typeUrl, subscription);
  });
  call.on('error', () => clients.delete(call));
}

async function listen(): Promise<void> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  const path = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';
  const method = { path, requestStream: true, responseStream: true, requestSerialize: asIs, requestDeserialize: asIs };
  const server = new Server({ 'grpc.enable_channelz': 0 });
  server.addService(
    { DeltaAggregatedResources: { ...method, responseSerialize: asIs, responseDeserialize: asIs } },
    { DeltaAggregatedResources: serve },
  );
  const file = socketPath(directory, 'all');
  try {
    unlinkSync(file);
  } catch {
    // There is none yet.
  }
  await new Promise<void>((resolve, reject) => {
    const done = (error: Error | null) => (error === null ? resolve() : reject(error));
    server.bindAsync(`unix:${file}`, ServerCredentials.createInsecure(), done);
  });
}

onLines<ServerCommand>(async (command) => {
  if (command.kind === 'load') {
    put(command.resources);
    await listen();
    say({ kind: 'ready', rssBytes: process.memoryUsage().rss });
    return;
  }
  if (command.kind === 'awaitInitial') {
    const initial = stopwatch.start(3 * command.clients);
    say({ kind: 'go' });
    say({ kind: 'initial', ...(await initial) });
    return;
  }
  const changed = stopwatch.start(command.clients);
  put(command.resources);
  for (const [call, subscriptions] of clients) {
    for (const [typeUrl, subscription] of subscriptions) send(call, typeUrl, subscription);
  }
  say({ kind: 'changed', ...(await changed) });
});
