/**
 * What a DeltaDiscoveryRequest means. One message may do three independent things: answer a response, subscribe and
 * unsubscribe. Subscriptions count even in a request whose nonce is out of date.
 *
 * Source: "Incremental xDS", "Subscribing to Resources", "Unsubscribing From Resources", "Wildcard subscriptions".
 */
import { fromBinary } from '@bufbuild/protobuf';
import { DeltaDiscoveryRequestSchema } from '../../gen/envoy/service/discovery/v3/discovery_pb.js';
import { rulesOfUrl } from '../types.ts';
import { type NameList, type NameLists, nameList } from './name-lists.ts';
import { type RequestNode, readNode } from './request-node.ts';
import { scanDeltaRequest, textsOf } from './scan-delta-request.ts';
import type { StreamSession } from './stream-session.ts';

export interface ParsedRequest {
  readonly node: RequestNode | undefined;
  readonly typeUrl: string;
  /** How many names the request adds. */
  readonly nameCount: number;
  /** Returns false when the type is not served. */
  readonly applyTo: (session: StreamSession) => boolean;
}

interface DeltaRequest {
  readonly node: RequestNode | undefined;
  readonly typeUrl: string;
  readonly nonce: string;
  readonly error: string | undefined;
  readonly subscribe: NameList;
  readonly unsubscribe: NameList;
  /** What the client has from an earlier stream, by name. */
  readonly known: ReadonlyMap<string, string>;
}

export function parseDelta(bytes: Buffer, lists: NameLists): ParsedRequest {
  const request = read(bytes, lists);
  const { node, typeUrl, subscribe } = request;
  return { node, typeUrl, nameCount: subscribe.count, applyTo: (session) => apply(request, session) };
}

const NOTHING_KNOWN: ReadonlyMap<string, string> = new Map();

function read(bytes: Buffer, lists: NameLists): DeltaRequest {
  const scan = scanDeltaRequest(bytes);
  if (scan !== undefined) {
    return {
      ...scan,
      node: undefined,
      error: undefined,
      subscribe: lists.read(scan.subscribe, textsOf),
      unsubscribe: lists.read(scan.unsubscribe, textsOf),
      known: NOTHING_KNOWN,
    };
  }
  const request = fromBinary(DeltaDiscoveryRequestSchema, bytes);
  return {
    node: readNode(request.node),
    typeUrl: request.typeUrl,
    nonce: request.responseNonce,
    error: request.errorDetail?.message,
    subscribe: nameList(request.resourceNamesSubscribe),
    unsubscribe: nameList(request.resourceNamesUnsubscribe),
    known: new Map(Object.entries(request.initialResourceVersions)),
  };
}

function apply(
  { typeUrl, nonce, error, subscribe, unsubscribe, known }: DeltaRequest,
  session: StreamSession,
): boolean {
  const rules = rulesOfUrl(typeUrl);
  if (rules === undefined) return false;
  const state = session.state(rules.type);
  if (state === undefined) {
    const isLegacyWildcard = rules.wildcardByDefault && subscribe.count === 0;
    session.start(rules, isLegacyWildcard || subscribe.wildcard, subscribe.names, known);
    return true;
  }
  if (nonce !== '') session.answer(state, { nonce, error });
  if (subscribe.count === 0 && unsubscribe.count === 0) return true;
  const { subscription } = state;
  const wildcard = (subscription.wildcard && !unsubscribe.wildcard) || subscribe.wildcard;
  const asked = new Set(subscribe.names);
  // Whoever takes a name back while everything is subscribed cannot know whether it is part of everything.
  if (wildcard) for (const name of unsubscribe.names) asked.add(name);
  // A wildcard that comes late asks for everything it did not have by name.
  if (wildcard && !subscription.wildcard) for (const name of state.visibleNames()) asked.add(name);
  session.change(state, { wildcard, added: subscribe.names, removed: unsubscribe.names }, asked);
  return true;
}
