/**
 * A client that does what the protocol asks of clients and remembers what it was told, for tests of the server side.
 * It talks in encoded messages, to a StreamSession directly.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ManualClock } from '@meshwise/core';
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from '../../gen/envoy/service/discovery/v3/discovery_pb.js';
import { parseDelta } from '../ads/delta-requests.ts';
import { NameLists } from '../ads/name-lists.ts';
import { SotwReader } from '../ads/sotw-requests.ts';
import type { AdsEvent } from '../ads/status.ts';
import { StreamSession } from '../ads/stream-session.ts';
import { rulesOf, rulesOfUrl, type XdsType } from '../types.ts';
import type { ResourceView } from '../view/resource-view.ts';
import type { Variant } from '../view/shared-parts.ts';
import { SubscriptionInterner } from '../view/subscription.ts';

export interface Held {
  readonly version: string;
  readonly body: Uint8Array;
}

/** A response as the client sees it. */
export interface Received {
  readonly type: XdsType;
  readonly nonce: string;
  readonly resources: ReadonlyMap<string, Held>;
  readonly removed: readonly string[];
}

export class ModelClient {
  readonly variant: Variant;
  readonly events: AdsEvent[] = [];
  readonly clock = new ManualClock();
  /** What the client has, by type and name. */
  readonly held = new Map<XdsType, Map<string, Held>>();
  readonly names = new Map<XdsType, Set<string>>();
  readonly #all = new Map<XdsType, boolean>();
  readonly #named = new Set<XdsType>();
  readonly #nonces = new Map<XdsType, string>();
  #inbox: Received[] = [];
  #views: readonly ResourceView[];
  #session: StreamSession;
  readonly #lists = new NameLists();
  #sotw = new SotwReader();

  constructor(variant: Variant, views: readonly ResourceView[]) {
    this.variant = variant;
    this.#views = views;
    this.#session = this.#open();
  }

  get session(): StreamSession {
    return this.#session;
  }

  get inbox(): readonly Received[] {
    return this.#inbox;
  }

  of(type: XdsType): Map<string, Held> {
    let held = this.held.get(type);
    if (held === undefined) {
      held = new Map();
      this.held.set(type, held);
    }
    return held;
  }

  /** Sets the names wanted of a type; undefined means everything, the legacy way. */
  subscribe(type: XdsType, wanted?: Iterable<string>): void {
    const before = this.names.get(type);
    const isFirst = !this.names.has(type);
    const names = new Set(wanted);
    this.names.set(type, names);
    if (names.size > 0) this.#named.add(type);
    const legacy = rulesOf(type).wildcardByDefault;
    const tookBack = before?.has('*') === true && !names.has('*');
    const wasAll = !isFirst && this.wantsAll(type) && !tookBack;
    const isLegacy = this.variant === 'sotw' ? legacy && !this.#named.has(type) : legacy && isFirst && names.size === 0;
    this.#all.set(type, names.has('*') || isLegacy || (this.variant === 'delta' && wasAll));
    for (const name of this.of(type).keys()) {
      if (!this.wantsAll(type) && !names.has(name)) this.of(type).delete(name);
    }
    if (this.variant === 'sotw') {
      this.#sendSotw(type, this.#nonces.get(type) ?? '');
      return;
    }
    const initial = isFirst ? Object.fromEntries([...this.of(type)].map(([name, held]) => [name, held.version])) : {};
    this.#sendDelta(type, {
      resourceNamesSubscribe: [...names].filter((name) => before?.has(name) !== true),
      resourceNamesUnsubscribe: [...(before ?? [])].filter((name) => !names.has(name)),
      initialResourceVersions: initial,
    });
  }

  wantsAll(type: XdsType): boolean {
    return this.#all.get(type) ?? false;
  }

  /** Takes the oldest response, without answering it. */
  receive(): Received | undefined {
    const response = this.#inbox.shift();
    if (response === undefined) return undefined;
    const held = this.of(response.type);
    const isEverything = this.variant === 'sotw' && rulesOf(response.type).wildcardByDefault;
    if (isEverything) held.clear();
    for (const [name, resource] of response.resources) if (this.#wants(response.type, name)) held.set(name, resource);
    for (const name of response.removed) held.delete(name);
    this.#nonces.set(response.type, response.nonce);
    return response;
  }

  answer(response: Received, error?: string): void {
    const errorDetail = error === undefined ? {} : { errorDetail: { message: error } };
    if (this.variant === 'delta') this.#sendDelta(response.type, { responseNonce: response.nonce, ...errorDetail });
    else this.#sendSotw(response.type, response.nonce, errorDetail);
  }

  /** Takes and acknowledges everything until nothing more comes. */
  drain(): Received[] {
    const received: Received[] = [];
    for (let next = this.receive(); next !== undefined; next = this.receive()) {
      received.push(next);
      this.answer(next);
    }
    return received;
  }

  /** A new stream, on which the client says what it has. */
  reconnect(views: readonly ResourceView[] = this.#views): void {
    const { awaited } = this.#session;
    this.#session.close();
    this.#views = views;
    this.#inbox = [];
    this.#nonces.clear();
    this.#sotw = new SotwReader();
    this.#session = this.#open(awaited);
    const wanted = [...this.names];
    this.names.clear();
    this.#named.clear();
    for (const [type, names] of wanted) this.subscribe(type, names);
  }

  changeViews(views: readonly ResourceView[]): void {
    this.#views = views;
    this.#session.changeViews(views);
    this.#session.pump();
  }

  pump(): void {
    this.#session.pump();
  }

  #wants(type: XdsType, name: string): boolean {
    return this.wantsAll(type) || this.names.get(type)?.has(name) === true;
  }

  #open(mayBeAwaited: ReadonlySet<XdsType> = new Set()): StreamSession {
    return new StreamSession({
      proxy: 'model',
      variant: this.variant,
      views: this.#views,
      interner: new SubscriptionInterner(),
      clock: this.clock,
      mayBeAwaited,
      gateTimeoutMs: 20_000,
      send: (pieces) => this.#inbox.push(this.#decode(Buffer.concat(pieces))),
      emit: (event) => this.events.push(event),
    });
  }

  #decode(bytes: Buffer): Received {
    if (this.variant === 'delta') {
      const response = fromBinary(DeltaDiscoveryResponseSchema, bytes);
      const entries = response.resources.map((resource) => {
        const body = resource.resource?.value ?? new Uint8Array();
        return [resource.name, { version: resource.version, body }] as const;
      });
      const names = [...entries.map(([name]) => name), ...response.removedResources];
      if (new Set(names).size !== names.length) throw new Error(`a name twice in one response: ${names}`);
      return {
        type: typeOf(response.typeUrl),
        nonce: response.nonce,
        resources: new Map(entries),
        removed: response.removedResources,
      };
    }
    const response = fromBinary(DiscoveryResponseSchema, bytes);
    const rules = rulesOf(typeOf(response.typeUrl));
    const entries = response.resources.map((any) => {
      const message = fromBinary(rules.schema, any.value) as unknown as { name?: string; clusterName?: string };
      return [message.name ?? message.clusterName ?? '', { version: '', body: any.value }] as const;
    });
    const resources = new Map(entries);
    if (resources.size !== entries.length) throw new Error('a name twice in one response');
    return { type: rules.type, nonce: response.nonce, resources, removed: [] };
  }

  #sendDelta(type: XdsType, fields: Record<string, unknown>): void {
    const request = create(DeltaDiscoveryRequestSchema, { typeUrl: rulesOf(type).typeUrl, ...fields });
    parseDelta(Buffer.from(toBinary(DeltaDiscoveryRequestSchema, request)), this.#lists).applyTo(this.#session);
    this.#session.pump();
  }

  #sendSotw(type: XdsType, responseNonce: string, fields: Record<string, unknown> = {}): void {
    const resourceNames = [...(this.names.get(type) ?? [])];
    const request = create(DiscoveryRequestSchema, {
      typeUrl: rulesOf(type).typeUrl,
      resourceNames,
      responseNonce,
      ...fields,
    });
    this.#sotw.parse(toBinary(DiscoveryRequestSchema, request)).applyTo(this.#session);
    this.#session.pump();
  }
}

function typeOf(typeUrl: string): XdsType {
  const rules = rulesOfUrl(typeUrl);
  if (rules === undefined) throw new Error(`unexpected type ${typeUrl}`);
  return rules.type;
}
