/**
 * What a DeltaDiscoveryRequest means. One message may do three independent things: answer a response, subscribe and
 * unsubscribe. Subscriptions count even in a request whose nonce is out of date.
 *
 * Source: "Incremental xDS", "Subscribing to Resources", "Unsubscribing From Resources", "Wildcard subscriptions".
 */
import { fromBinary } from '@bufbuild/protobuf';
import { DeltaDiscoveryRequestSchema } from '../../gen/envoy/service/discovery/v3/discovery_pb.js';
import { rulesOfUrl } from '../types.ts';
import { type RequestNode, readNode } from './request-node.ts';
import type { StreamSession } from './stream-session.ts';

const WILDCARD = '*';

export interface ParsedRequest {
  readonly node: RequestNode | undefined;
  readonly typeUrl: string;
  /** How many names the request adds. */
  readonly nameCount: number;
  /** Returns false when the type is not served. */
  readonly applyTo: (session: StreamSession) => boolean;
}

export function parseDelta(bytes: Uint8Array): ParsedRequest {
  const request = fromBinary(DeltaDiscoveryRequestSchema, bytes);
  return {
    node: readNode(request.node),
    typeUrl: request.typeUrl,
    nameCount: request.resourceNamesSubscribe.length,
    applyTo(session) {
      const rules = rulesOfUrl(request.typeUrl);
      if (rules === undefined) return false;
      const subscribe = request.resourceNamesSubscribe;
      const state = session.state(rules.type);
      if (state === undefined) {
        const isLegacyWildcard = rules.wildcardByDefault && subscribe.length === 0;
        const names = new Set(subscribe.filter((name) => name !== WILDCARD));
        const known = new Map(Object.entries(request.initialResourceVersions));
        session.start(rules, isLegacyWildcard || subscribe.includes(WILDCARD), names, known);
        return true;
      }
      if (request.responseNonce !== '') {
        session.answer(state, { nonce: request.responseNonce, error: request.errorDetail?.message });
      }
      const unsubscribe = request.resourceNamesUnsubscribe;
      if (subscribe.length === 0 && unsubscribe.length === 0) return true;
      const { subscription } = state;
      const names = new Set(subscription.names);
      for (const name of unsubscribe) names.delete(name);
      for (const name of subscribe) if (name !== WILDCARD) names.add(name);
      const wildcard = (subscription.wildcard && !unsubscribe.includes(WILDCARD)) || subscribe.includes(WILDCARD);
      const asked = new Set(subscribe.filter((name) => name !== WILDCARD));
      // Whoever takes a name back while everything is subscribed cannot know whether it is part of everything.
      if (wildcard) for (const name of unsubscribe) if (name !== WILDCARD) asked.add(name);
      // A wildcard that comes late asks for everything it did not have by name.
      if (wildcard && !subscription.wildcard) for (const name of state.visibleNames()) asked.add(name);
      session.resubscribe(state, wildcard, names, asked);
      return true;
    },
  };
}
