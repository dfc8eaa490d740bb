/**
 * One ADS client, as an Envoy asks: all clusters and listeners, then the endpoints, routes and virtual hosts these name;
 * each response is acknowledged at once. Bare HTTP/2, so that thousands of them leave the machine to the server.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { createConnection } from 'node:net';
import { rulesOf, rulesOfUrl, type XdsType } from '@meshwise/xds';
import { deltaRequest, readDeltaHeader } from '../endpoint-change/wire.ts';
import type { KnownInterests } from './known-interests.ts';

const PATH = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';
const PREFIX = 5;
/** Envoy's default for connections to a control plane. */
const WINDOW_BYTES = 16 * 1024 * 1024;

export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

export interface AdsClientOptions {
  readonly address: Address;
  /** The encoded first request, with the node. */
  readonly firstRequest: Buffer;
  readonly interests: KnownInterests;
  /** After the acknowledgement of each response. */
  readonly acknowledged: (client: AdsClient, type: XdsType, response: Buffer) => void;
  readonly ended: (client: AdsClient, reason: string) => void;
}

export class AdsClient {
  readonly #options: AdsClientOptions;
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #asked = new Map<XdsType, Set<readonly string[]>>();
  readonly #waiting = new Set<XdsType>();
  #held: Buffer[] = [];
  #heldLength = 0;
  #needed = PREFIX;
  #reason = 'connection lost';

  constructor(options: AdsClientOptions) {
    this.#options = options;
    const { address } = options;
    this.#session = connect('http://localhost', {
      createConnection: () => createConnection(address),
      settings: { initialWindowSize: WINDOW_BYTES },
    });
    this.#session.on('error', (error) => this.#end(error.message));
    this.#session.once('connect', () => this.#session.setLocalWindowSize(WINDOW_BYTES));
    this.#stream = this.#session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    this.#stream.on('data', (data: Buffer) => this.#receive(data));
    this.#stream.on('error', (error: Error) => this.#end(error.message));
    for (const event of ['response', 'trailers'] as const) {
      this.#stream.on(event, (headers: Readonly<Record<string, unknown>>) => {
        if (headers['grpc-status'] !== undefined)
          this.#reason = `status ${headers['grpc-status']} ${headers['grpc-message']}`;
      });
    }
    this.#stream.once('close', () => this.#end(this.#reason));
    this.#waiting.add('CDS').add('LDS');
    this.#send(options.firstRequest);
    this.#send(deltaRequest({ typeUrl: rulesOf('LDS').typeUrl }));
  }

  /** Everything it has asked for has been answered. */
  get isSettled(): boolean {
    return this.#waiting.size === 0;
  }

  #end(reason: string): void {
    this.#session.destroy();
    this.#options.ended(this, reason);
  }

  #send(message: Buffer): void {
    const prefix = Buffer.alloc(PREFIX);
    prefix.writeUInt32BE(message.length, 1);
    this.#stream.write(Buffer.concat([prefix, message]));
  }

  #receive(data: Buffer): void {
    this.#held.push(data);
    this.#heldLength += data.length;
    if (this.#heldLength < this.#needed) return;
    let rest = Buffer.concat(this.#held, this.#heldLength);
    for (this.#needed = PREFIX; rest.length >= PREFIX; this.#needed = PREFIX) {
      this.#needed = PREFIX + rest.readUInt32BE(1);
      if (rest.length < this.#needed) break;
      this.#take(rest.subarray(PREFIX, this.#needed));
      rest = rest.subarray(this.#needed);
    }
    this.#held = rest.length === 0 ? [] : [rest];
    this.#heldLength = rest.length;
  }

  #take(response: Buffer): void {
    const { typeUrl, nonce } = readDeltaHeader(response);
    const type = rulesOfUrl(typeUrl)?.type;
    if (type === undefined) throw new Error(`unexpected type ${typeUrl}`);
    for (const interest of this.#options.interests.of(type, response)) this.#ask(interest.type, interest.names);
    this.#send(deltaRequest({ typeUrl, nonce }));
    this.#waiting.delete(type);
    this.#options.acknowledged(this, type, response);
  }

  /** Asks for those names it has not asked for yet. Interests are shared, and so is what is sent for them. */
  #ask(type: XdsType, names: readonly string[]): void {
    const asked = this.#asked.get(type) ?? new Set();
    this.#asked.set(type, asked);
    if (asked.has(names) || (names.length === 0 && asked.size > 0)) return;
    const isNew = (name: string) => ![...asked].some((list) => setOf(list).has(name));
    const fresh = asked.size === 0 ? names : names.filter(isNew);
    asked.add(names);
    if (fresh.length === 0 && names.length > 0) return;
    this.#waiting.add(type);
    this.#send(requestFor(type, fresh));
  }
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(names: readonly string[]): ReadonlySet<string> {
  const known = sets.get(names) ?? new Set(names);
  sets.set(names, known);
  return known;
}

const requests = new WeakMap<readonly string[], Buffer>();

function requestFor(type: XdsType, names: readonly string[]): Buffer {
  const known = requests.get(names) ?? deltaRequest({ typeUrl: rulesOf(type).typeUrl, subscribe: names });
  requests.set(names, known);
  return known;
}
